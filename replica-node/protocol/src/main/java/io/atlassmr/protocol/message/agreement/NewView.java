package io.atlassmr.protocol.message.agreement;

import java.util.List;

/**
 * The leader's opening of a view. It proposes nothing itself: everyone computes the same plan from the view changes.
 *
 * @param viewChanges a quorum of view changes to {@code view}, ascending by signer
 */
public record NewView(long view, List<Signed<ViewChange>> viewChanges) implements ProtocolMessage {

    public NewView {
        viewChanges = List.copyOf(viewChanges);
    }
}
