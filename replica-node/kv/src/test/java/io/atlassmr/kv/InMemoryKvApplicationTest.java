package io.atlassmr.kv;

class InMemoryKvApplicationTest extends KvApplicationContract {

    @Override
    KvState openState() {
        return new InMemoryKvState();
    }
}
