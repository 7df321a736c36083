package io.atlassmr.server.gateway;

import io.atlassmr.kv.KvEntry;
import io.atlassmr.kv.KvResult;
import java.util.List;

/**
 * One page of a scan.
 *
 * @param entries in order of key
 * @param next the {@code start} of the page that follows; null if this is the last
 */
public record ScanResponse(List<Entry> entries, JsonBytes next) {

    /** One entry. */
    public record Entry(JsonBytes key, JsonBytes value) {

        static Entry of(KvEntry entry) {
            return new Entry(JsonBytes.of(entry.key()), JsonBytes.of(entry.value()));
        }
    }

    static ScanResponse of(KvResult.Page page) {
        return new ScanResponse(
                page.entries().stream().map(Entry::of).toList(),
                page.nextKey().map(JsonBytes::of).orElse(null));
    }
}
