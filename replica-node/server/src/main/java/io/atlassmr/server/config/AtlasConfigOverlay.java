package io.atlassmr.server.config;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;

/** A configuration with some of its values replaced. */
final class AtlasConfigOverlay {

    private AtlasConfigOverlay() {}

    /** @param values by the name of the method */
    static AtlasConfig of(AtlasConfig config, Map<String, Object> values) {
        return (AtlasConfig) Proxy.newProxyInstance(
                AtlasConfig.class.getClassLoader(),
                new Class<?>[] {AtlasConfig.class},
                (_, method, arguments) -> values.containsKey(method.getName())
                        ? values.get(method.getName())
                        : delegate(config, method, arguments));
    }

    private static Object delegate(AtlasConfig config, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(config, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
