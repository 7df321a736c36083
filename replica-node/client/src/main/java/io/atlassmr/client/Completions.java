package io.atlassmr.client;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Futures to complete once the client's lock is released, so that continuations may call the client. Not thread-safe. */
final class Completions {

    private final List<Completion> completions = new ArrayList<>();

    void succeed(CompletableFuture<byte[]> future, byte[] result) {
        completions.add(new Completion(future, result, null));
    }

    void fail(CompletableFuture<byte[]> future, AtlasClientException failure) {
        completions.add(new Completion(future, null, failure));
    }

    boolean isEmpty() {
        return completions.isEmpty();
    }

    /** Completes them all, in order. */
    void run() {
        for (Completion completion : completions) {
            if (completion.failure() == null) {
                completion.future().complete(completion.result());
            } else {
                completion.future().completeExceptionally(completion.failure());
            }
        }
    }

    private record Completion(CompletableFuture<byte[]> future, byte[] result, AtlasClientException failure) {}
}
