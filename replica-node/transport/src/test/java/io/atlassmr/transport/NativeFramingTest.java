package io.atlassmr.transport;

class NativeFramingTest extends FramingContract {

    @Override
    boolean nativeTransport() {
        return true;
    }
}
