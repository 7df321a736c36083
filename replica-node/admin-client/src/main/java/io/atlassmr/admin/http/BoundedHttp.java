package io.atlassmr.admin.http;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** HTTP whose answers come whole and in time or not at all: the time-out of a request of the JDK's is over once an answer begins. */
public final class BoundedHttp {

    private BoundedHttp() {}

    /** A client of HTTP/1.1 that gives up connecting after this time. */
    public static HttpClient.Builder client(Duration connectTimeout) {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(connectTimeout);
    }

    /** The whole answer; fails with an {@link IOException}, of which {@link HttpTimeoutException} is one, if it does not come in time. */
    public static <T> CompletableFuture<HttpResponse<T>> send(
            HttpClient http, HttpRequest request, BodyHandler<T> handler, Duration timeout) {
        CompletableFuture<HttpResponse<T>> exchange = http.sendAsync(request, handler);
        return exchange.copy()
                .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionallyCompose(failure -> {
                    if (failure instanceof TimeoutException) {
                        exchange.cancel(true);
                        return CompletableFuture.failedFuture(new HttpTimeoutException(
                                request.uri() + " did not answer within " + timeout.toMillis() + " ms"));
                    }
                    return CompletableFuture.failedFuture(failure);
                });
    }

    /** As {@link #send}, and waits for the answer. */
    public static <T> HttpResponse<T> ask(
            HttpClient http, HttpRequest request, BodyHandler<T> handler, Duration timeout)
            throws IOException, InterruptedException {
        try {
            return send(http, request, handler, timeout).get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException reason ? reason : new IOException(e.getCause());
        }
    }
}
