package org.openlockbox.core.access;

import java.util.regex.Pattern;

/// Names one protected system in the provider's catalogue: 1 to 40 lower-case letters, digits and
/// dashes, starting with a letter.
public record ResourceId(String value) {
  private static final Pattern SHAPE = Pattern.compile("[a-z][a-z0-9-]{0,39}");

  public ResourceId {
    if (!SHAPE.matcher(value).matches()) {
      throw new IllegalArgumentException("not a resource id: " + value);
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
