package io.atlassmr.server.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** Answers that take long to make, and ones that take long to take, at the TLS port of an application under test. */
@Singleton
final class SlowRoutes {

    /** Answers after {@link #LATE_MILLIS}. */
    static final String LATE = "/admin/v1/test/late";

    /** Answers half of it at once and half of it after {@link #LATE_MILLIS}. */
    static final String HALVES = "/admin/v1/test/halves";

    /** Answers more than a connection holds. */
    static final String LARGE = "/admin/v1/test/large";

    static final int LATE_MILLIS = 3000;

    private static final int LARGE_BYTES = 32 << 20;

    void register(@Observes Router router) {
        router.get(LATE).handler(context -> later(context, "late"));
        router.get(HALVES).handler(context -> {
            context.response().putHeader("Content-Length", "8");
            context.response().write("half").onSuccess(_ -> later(context, "half"));
        });
        router.get(LARGE).handler(context -> {
            var _ = context.response().end(Buffer.buffer(new byte[LARGE_BYTES]));
        });
    }

    private static void later(RoutingContext context, String text) {
        long _ = context.vertx().setTimer(LATE_MILLIS, _ -> {
            var _ = context.response().end(text);
        });
    }
}
