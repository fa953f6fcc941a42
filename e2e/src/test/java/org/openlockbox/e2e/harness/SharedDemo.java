package org.openlockbox.e2e.harness;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// Gives tests the one [Demo] of this JVM, started by the first that asks and stopped after the
/// last test: `@ExtendWith(SharedDemo.class)` and a parameter of type [Demo].
///
/// Whoever breaks things that a request of another test needs starts a demo of their own.
public final class SharedDemo implements ParameterResolver {
  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Demo.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(Namespace.create(SharedDemo.class))
        .computeIfAbsent(Demo.class, _ -> Demo.start("shared"), Demo.class);
  }
}
