package org.openlockbox.core.keyring;

import java.util.regex.Pattern;

/// Names one gateway: 1 to 24 lower-case letters, digits and dashes, starting with a letter. With
/// its boot it fits into the name of a PostgreSQL connection.
public record GatewayId(String value) implements Comparable<GatewayId> {
  private static final Pattern SHAPE = Pattern.compile("[a-z][a-z0-9-]{0,23}");

  public GatewayId {
    if (!SHAPE.matcher(value).matches()) {
      throw new IllegalArgumentException("not a gateway id: " + value);
    }
  }

  @Override
  public int compareTo(GatewayId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
