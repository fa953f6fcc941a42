package org.openlockbox.core.access;

import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/// Names one access request: `R-` and ten characters of Crockford's base 32 in upper case.
public record RequestId(String value) implements Comparable<RequestId> {
  private static final Pattern SHAPE = Pattern.compile("R-" + Crockford.CLASS + "{10}");

  public RequestId {
    if (!SHAPE.matcher(value).matches()) {
      throw new IllegalArgumentException("not a request id: " + value);
    }
  }

  /// A new id; `random` must be a secure source where ids have to be unguessable.
  public static RequestId random(RandomGenerator random) {
    return new RequestId("R-" + Crockford.random(10, random));
  }

  /// What a PostgreSQL user name for this request starts with, such as `r7k3f92qx4m_`.
  public String userPrefix() {
    return value.replace("-", "").toLowerCase(Locale.ROOT) + "_";
  }

  @Override
  public int compareTo(RequestId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
