package org.openlockbox.http.assertion;

import java.util.regex.Pattern;

/// Which assertion a service gets with each request.
///
/// @param audience whom it is for (`aud`)
/// @param bearer whether it also stands in `Authorization`, for services that look there alone
public record AssertionRule(String audience, boolean bearer) {
  private static final Pattern AUDIENCE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/-]{0,199}");

  public AssertionRule {
    if (!AUDIENCE.matcher(audience).matches()) {
      throw new IllegalArgumentException(
          "an audience is a name or an address, such as helpdesk-api, not " + audience);
    }
  }
}
