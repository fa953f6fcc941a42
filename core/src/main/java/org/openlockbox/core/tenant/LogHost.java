package org.openlockbox.core.tenant;

import java.util.regex.Pattern;

/// Names the host of tenants' logs: what stands before `/t/` in the origin of each of them.
public record LogHost(String value) {
  private static final Pattern SHAPE = Pattern.compile("[a-z0-9]([a-z0-9.:-]{0,98}[a-z0-9])?");

  public LogHost {
    if (!SHAPE.matcher(value).matches()) {
      throw new IllegalArgumentException("not a log host: " + value);
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
