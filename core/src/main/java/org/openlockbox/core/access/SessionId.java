package org.openlockbox.core.access;

import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/// Names one session through the gateway: `S-` and sixteen characters of Crockford's base 32.
public record SessionId(String value) implements Comparable<SessionId> {
  private static final Pattern SHAPE = Pattern.compile("S-" + Crockford.CLASS + "{16}");

  public SessionId {
    if (!SHAPE.matcher(value).matches()) {
      throw new IllegalArgumentException("not a session id: " + value);
    }
  }

  public static SessionId random(RandomGenerator random) {
    return new SessionId("S-" + Crockford.random(16, random));
  }

  @Override
  public int compareTo(SessionId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
