package io.atlassmr.transport;

class NativeAdmissionTest extends AdmissionContract {

    @Override
    boolean nativeTransport() {
        return true;
    }
}
