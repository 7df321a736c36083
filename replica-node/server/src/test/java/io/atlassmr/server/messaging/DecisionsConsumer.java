package io.atlassmr.server.messaging;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** What an application does that wants to know of every decision. */
@ApplicationScoped
public class DecisionsConsumer {

    private final List<DecisionEvent> events = new ArrayList<>();

    @Incoming(Feeds.DECISIONS)
    synchronized void onDecision(DecisionEvent event) {
        events.add(event);
        notifyAll();
    }

    /** Waits for so many decisions; the test's time-out bounds it. */
    synchronized List<DecisionEvent> await(int count) throws InterruptedException {
        while (events.size() < count) {
            wait();
        }
        return List.copyOf(events);
    }
}
