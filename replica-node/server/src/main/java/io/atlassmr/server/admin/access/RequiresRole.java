package io.atlassmr.server.admin.access;

import io.atlassmr.protocol.message.Role;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What is asked for takes this role; checked before the body is looked at. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface RequiresRole {

    /** The least role. */
    Role value();

    /** What is asked for, with its article, as the audit log and a refusal name it. */
    String what();
}
