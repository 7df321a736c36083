package io.atlassmr.kv;

class InMemoryKvSnapshotTest extends KvSnapshotContract {

    @Override
    KvState openState() {
        return new InMemoryKvState();
    }
}
