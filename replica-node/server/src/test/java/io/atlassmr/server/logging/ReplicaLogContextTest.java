package io.atlassmr.server.logging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.logging.Level;
import org.jboss.logmanager.ExtLogRecord;
import org.junit.jupiter.api.Test;

class ReplicaLogContextTest {

    @Test
    void everyRecordSaysWhoseItIsOnEveryThread() throws Exception {
        ReplicaLogContext.identify("orders", 3, 2);
        ReplicaLogContext.enterView(7);
        ExtLogRecord logged = new ExtLogRecord(Level.INFO, "text", "logger");

        Thread other = Thread.ofPlatform().start(() -> assertTrue(new ReplicaLogContext().isLoggable(logged)));
        other.join();

        assertEquals("orders", logged.getMdc("cluster"));
        assertEquals("2", logged.getMdc("replica"));
        assertEquals("3", logged.getMdc("epoch"));
        assertEquals("7", logged.getMdc("view"));
    }
}
