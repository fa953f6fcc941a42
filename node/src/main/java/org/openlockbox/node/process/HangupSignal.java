package org.openlockbox.node.process;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hears SIGHUP, which ends a process that does not. A JDK offers this by `sun.misc.Signal` alone,
/// whose name no compiler accepts without a warning; so it is looked up by name. Where it is not
/// there, the log says so and SIGHUP is what it was.
public final class HangupSignal {
  private static final Logger LOG = LoggerFactory.getLogger(HangupSignal.class);
  private static final String SIGNAL = "sun.misc.Signal";
  private static final String HANDLER = "sun.misc.SignalHandler";

  private HangupSignal() {}

  /// Does this at each SIGHUP, on a thread of the JVM's.
  public static void each(Runnable action) {
    try {
      var lookup = MethodHandles.lookup();
      Class<?> signal = Class.forName(SIGNAL);
      Class<?> handler = Class.forName(HANDLER);
      MethodHandle run =
          MethodHandles.dropArguments(
              lookup
                  .findVirtual(Runnable.class, "run", MethodType.methodType(void.class))
                  .bindTo(action),
              0,
              signal);
      Object hangup =
          lookup
              .findConstructor(signal, MethodType.methodType(void.class, String.class))
              .invoke("HUP");
      lookup
          .findStatic(signal, "handle", MethodType.methodType(handler, signal, handler))
          .invokeWithArguments(hangup, MethodHandleProxies.asInterfaceInstance(handler, run));
    } catch (Error e) {
      throw e;
    } catch (Throwable e) {
      LOG.warn("SIGHUP is not heard: {}", e.toString());
    }
  }
}
