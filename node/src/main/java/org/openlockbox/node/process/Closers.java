package org.openlockbox.node.process;

import java.util.Deque;

/// Closes what was started, last first.
public final class Closers {
  private Closers() {}

  /// Closes all of them even if some fail; the first failure is thrown at the end.
  public static void all(Deque<AutoCloseable> running) {
    RuntimeException failure = null;
    while (!running.isEmpty()) {
      try {
        running.pop().close();
      } catch (Exception e) {
        if (failure == null) {
          failure = new IllegalStateException("a part did not stop in order", e);
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
