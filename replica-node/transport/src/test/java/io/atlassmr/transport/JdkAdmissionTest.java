package io.atlassmr.transport;

class JdkAdmissionTest extends AdmissionContract {

    @Override
    boolean nativeTransport() {
        return false;
    }
}
