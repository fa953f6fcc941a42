package org.openlockbox.core.access;

import java.util.regex.Pattern;

/// Names the place of a group of gateways, such as `eu-central-1`: 1 to 40 lower-case letters,
/// digits and dashes, starting with a letter. It tells people where they connect and decides
/// nothing.
public record Region(String value) {
  /// A regular expression of what is a name.
  public static final String PATTERN = "[a-z][a-z0-9-]{0,39}";

  private static final Pattern SHAPE = Pattern.compile(PATTERN);

  public Region {
    if (!SHAPE.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "a region is 1 to 40 lower-case letters, digits and dashes, such as eu-central-1");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
