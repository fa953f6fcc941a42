package org.openlockbox.server.problem;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;

/// Faults that last, of things that are tried again and again. Each is logged when it begins or
/// becomes another one, every ten minutes while it lasts, and when it is over: an operator reads it
/// once, and finds it in a log that was cut off since. Safe for use by several threads.
public final class RepeatedFailures {
  private static final long AGAIN = Duration.ofMinutes(10).toNanos();

  private final Logger log;
  private final Map<String, LoggedFailure> said = new ConcurrentHashMap<>();

  private record LoggedFailure(String what, long at) {}

  public RepeatedFailures(Logger log) {
    this.log = log;
  }

  /// Whether this is to be said of the subject now; from then on it counts as said.
  public boolean isNews(String subject, String what) {
    long now = System.nanoTime();
    var before = said.get(subject);
    if (before != null && before.what().equals(what) && now - before.at() < AGAIN) {
      return false;
    }
    said.put(subject, new LoggedFailure(what, now));
    return true;
  }

  /// Something is wrong with the subject.
  public void warn(String subject, String what) {
    if (isNews(subject, what)) {
      log.warn("{} {}", subject, what);
    }
  }

  /// All is well with the subject.
  public void over(String subject, String what) {
    if (said.remove(subject) != null) {
      log.info("{} {}", subject, what);
    }
  }
}
