package org.openlockbox.core.tenant;

import java.util.regex.Pattern;

/// Names one customer organisation: 2 to 40 lower-case letters, digits and dashes, starting with a
/// letter. Every stored row and every log belongs to exactly one tenant. Never used again once
/// given.
public record TenantId(String value) {
  private static final Pattern SHAPE = Pattern.compile("[a-z][a-z0-9-]{1,39}");

  public TenantId {
    if (!SHAPE.matcher(value).matches()) {
      throw new IllegalArgumentException("not a tenant id: " + value);
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
