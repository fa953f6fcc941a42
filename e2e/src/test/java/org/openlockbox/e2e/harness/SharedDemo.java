package org.openlockbox.e2e.harness;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// Gives tests the one [Demo] of this JVM, started by the first that asks and stopped with the JVM:
/// `@ExtendWith(SharedDemo.class)` and a parameter of type [Demo]. Not kept by JUnit, for which
/// each class is a run of its own where Surefire spreads classes over several JVMs.
///
/// Whoever breaks things that a request of another test needs starts a demo of their own.
public final class SharedDemo implements ParameterResolver {
  private static @Nullable Demo only;

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Demo.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return only();
  }

  private static synchronized Demo only() {
    if (only == null) {
      only = Demo.start("shared");
    }
    return only;
  }
}
