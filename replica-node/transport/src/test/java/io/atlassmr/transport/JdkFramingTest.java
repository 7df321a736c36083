package io.atlassmr.transport;

class JdkFramingTest extends FramingContract {

    @Override
    boolean nativeTransport() {
        return false;
    }
}
