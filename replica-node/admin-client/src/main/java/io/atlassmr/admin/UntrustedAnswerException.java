package io.atlassmr.admin;

import java.io.IOException;

/** What came as an answer is none that the member is bound by. The message says which part is not as it has to be. */
public final class UntrustedAnswerException extends IOException {

    private static final long serialVersionUID = 1;

    UntrustedAnswerException(int replica, String reason) {
        super("replica " + replica + " gave no answer to be believed: " + reason);
    }
}
