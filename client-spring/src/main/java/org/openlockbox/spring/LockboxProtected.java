package org.openlockbox.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.openlockbox.core.access.Level;

/// A controller's method that shows or changes a customer's data. It runs only for an engineer with
/// an approved access, once the call is on record, and its answer leaves through the gate.
///
/// The method may have arguments of the types [org.openlockbox.client.session.RecordedAction] and
/// [org.openlockbox.client.session.AccessSession].
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface LockboxProtected {
  /// The resource in the catalogue.
  String resource();

  /// The action in the catalogue.
  String action();

  /// The level that the catalogue gives the action; the application does not start if it is
  /// another.
  Level level();

  /// The variable of the path that says whose data is meant, as the catalogue's `tenancy.ids` does.
  String tenant() default "tenant";
}
