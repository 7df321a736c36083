package io.atlassmr.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PrometheusTextTest {

    private static final PrometheusText TEXT = new PrometheusText("""
            # HELP bytes_total Bytes
            # TYPE bytes_total counter
            bytes_total{class="a",direction="out"} 10.0
            bytes_total{class="b",direction="out"} 2.5E1
            bytes_total{class="a",direction="in"} 1000.0
            bytes_total_more{direction="out"} 7.0
            syncs_total 3.0
            """);

    @Test
    void samplesOfANameAreSummed() {
        assertEquals(1035, TEXT.sum("bytes_total", ""));
        assertEquals(3, TEXT.sum("syncs_total", ""));
    }

    @Test
    void aLabelSelectsSamples() {
        assertEquals(35, TEXT.sum("bytes_total", "direction=\"out\""));
    }

    @Test
    void whatIsNotThereIsZero() {
        assertEquals(0, TEXT.sum("frames_total", ""));
        assertEquals(0, TEXT.sum("syncs_total", "direction=\"out\""));
    }
}
