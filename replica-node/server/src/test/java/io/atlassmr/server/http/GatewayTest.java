package io.atlassmr.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.kv.KvLimits;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@QuarkusTest
@WithTestResource(ClusterResource.class)
@Timeout(60)
class GatewayTest {

    private static final String JSON = "application/json";

    private Http http;

    @BeforeEach
    void findTheServer() throws Exception {
        http = Http.onceReady();
    }

    @Test
    void storesReadsAndRemovesBytesAsTheyAre() throws Exception {
        byte[] value = {0, (byte) 0xff, 1};
        assertEquals(204, put("/v1/kv/raw", value).status());

        Http.Answer read = http.gateway("GET", "/v1/kv/raw");
        assertEquals(200, read.status());
        assertArrayEquals(value, read.response().body());
        assertEquals(204, http.gateway("DELETE", "/v1/kv/raw").status());
        assertEquals("404 no-such-key", http.gateway("DELETE", "/v1/kv/raw").problem());
        assertEquals("404 no-such-key", http.gateway("GET", "/v1/kv/raw").problem());
    }

    @Test
    void anEmptyValueIsAValue() throws Exception {
        assertEquals(204, http.gateway("PUT", "/v1/kv/empty").status());
        assertEquals(200, http.gateway("GET", "/v1/kv/empty").status());
    }

    @Test
    void takesTheLargestValueAndNoLarger() throws Exception {
        byte[] largest = new byte[KvLimits.MAX_VALUE_BYTES];
        assertEquals(204, put("/v1/kv/large", largest).status());
        Http.Answer read = http.gateway("GET", "/v1/kv/large");
        assertEquals(200, read.status(), read::text);
        assertArrayEquals(largest, read.response().body());

        assertEquals(
                "413 too-large",
                put("/v1/kv/large", new byte[largest.length + 1]).problem());
        assertEquals(413, put("/v1/kv/large", new byte[5 << 20]).status());
    }

    @Test
    void aKeyIsAnyUtf8AndWithBase64urlAnyBytes() throws Exception {
        assertEquals(
                204, put("/v1/kv/a%2Fb%20%C3%A9%25", "text".getBytes(UTF_8)).status());
        String same = Base64.getUrlEncoder().withoutPadding().encodeToString("a/b é%".getBytes(UTF_8));
        assertEquals(
                "text",
                http.gateway("GET", "/v1/kv/" + same + "?encoding=base64url").text());

        String binary = Base64.getUrlEncoder().encodeToString(new byte[] {(byte) 0xff, 0, '.'});
        assertEquals(
                204,
                put("/v1/kv/" + binary + "?encoding=base64url", new byte[] {1}).status());
        assertEquals(
                200,
                http.gateway("GET", "/v1/kv/" + binary + "?encoding=base64url").status());
    }

    @Test
    void whatMakesNoSenseIsRefused() throws Exception {
        assertEquals("400 bad-request", http.gateway("GET", "/v1/kv/%FF").problem());
        assertEquals(
                "400 bad-request",
                http.gateway("GET", "/v1/kv/!?encoding=base64url").problem());
        assertEquals(
                "400 bad-request", http.gateway("GET", "/v1/kv/a?encoding=hex").problem());
        assertEquals(
                "400 bad-request",
                http.gateway("GET", "/v1/kv/" + "k".repeat(1025)).problem());
        assertEquals("400 bad-request", http.gateway("GET", "/v1/kv?limit=0").problem());
        assertEquals("400 bad-request", http.gateway("GET", "/v1/kv?limit=many").problem());
        assertEquals(
                "400 bad-request", http.gateway("GET", "/v1/kv?prefix=a&end=b").problem());
        assertEquals("400 bad-request", cas("x", "{\"expected\": null}").problem());
        assertEquals("400 bad-request", cas("x", "{\"replacement\": {}}").problem());
        assertEquals(
                "400 bad-request",
                cas("x", "{\"replacement\": {\"base64\": \"!\"}}").problem());
        assertEquals(
                "400 bad-request",
                cas("x", "{\"replacement\": {\"text\": \"a\", \"base64\": \"\"}}")
                        .problem());
        assertEquals("400 bad-request", cas("x", "{").problem());
        assertEquals(
                "404 about:blank",
                "404 " + http.gateway("GET", "/nothing").json().path("type").asText());
        assertEquals(
                415,
                http.gateway("POST", "/v1/kv/x/cas", "{}".getBytes(UTF_8), "text/plain")
                        .status());
        assertEquals(405, http.gateway("PATCH", "/v1/kv/x").status());
    }

    @Test
    void comparesAndSets() throws Exception {
        assertEquals(
                "{\"swapped\":true,\"actual\":null}",
                cas("counter", "{\"replacement\": {\"text\": \"1\"}}").text());
        assertEquals(
                "{\"swapped\":false,\"actual\":{\"text\":\"1\"}}",
                cas("counter", "{\"replacement\": {\"text\": \"1\"}}").text());
        assertEquals(
                "{\"swapped\":true,\"actual\":null}",
                cas("counter", "{\"expected\": {\"base64\": \"MQ==\"}, \"replacement\": {\"base64\": \"/w==\"}}")
                        .text());
        assertEquals(
                "{\"swapped\":false,\"actual\":{\"base64\":\"/w==\"}}",
                cas("counter", "{\"expected\": {\"text\": \"1\"}, \"replacement\": {\"text\": \"2\"}}")
                        .text());
    }

    @Test
    void scansByPrefixAndByRangeInPages() throws Exception {
        for (String key : new String[] {"scan-a", "scan-b", "scan-c", "scano"}) {
            assertEquals(204, put("/v1/kv/" + key, key.getBytes(UTF_8)).status());
        }
        String first = http.gateway("GET", "/v1/kv?prefix=scan-&limit=2").text();
        assertEquals(
                "{\"entries\":[{\"key\":{\"text\":\"scan-a\"},\"value\":{\"text\":\"scan-a\"}},"
                        + "{\"key\":{\"text\":\"scan-b\"},\"value\":{\"text\":\"scan-b\"}}],\"next\":{\"text\":\"scan-c\"}}",
                first);
        String second =
                http.gateway("GET", "/v1/kv?prefix=scan-&limit=2&start=scan-c").text();
        assertEquals(
                "{\"entries\":[{\"key\":{\"text\":\"scan-c\"},\"value\":{\"text\":\"scan-c\"}}],\"next\":null}",
                second);
        assertEquals(
                2,
                http.gateway("GET", "/v1/kv?start=scan-b&end=scano")
                        .json()
                        .path("entries")
                        .size());
    }

    @Test
    void describesItself() throws Exception {
        String openApi = http.gateway("GET", "/q/openapi").text();
        assertTrue(openApi.contains("/v1/kv/{key}/cas"), openApi);
        assertTrue(openApi.contains("CompareAndSetRequest"), openApi);
        assertFalse(openApi.contains("/admin/"), openApi);
        assertFalse(openApi.contains("AdminStatus"), openApi);
    }

    private Http.Answer put(String path, byte[] value) throws Exception {
        return http.gateway("PUT", path, value, "application/octet-stream");
    }

    private Http.Answer cas(String key, String json) throws Exception {
        return http.gateway("POST", "/v1/kv/" + key + "/cas", json.getBytes(UTF_8), JSON);
    }
}
