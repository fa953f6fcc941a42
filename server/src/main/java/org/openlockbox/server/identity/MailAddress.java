package org.openlockbox.server.identity;

import java.util.Locale;
import java.util.regex.Pattern;

/// Where a person gets mail, in lower case: how people name themselves when they sign in.
public record MailAddress(String value) {
  private static final Pattern SHAPE =
      Pattern.compile("[!-?A-~&&[^,;:<>()\\[\\]\"\\\\]]{1,64}@[A-Za-z0-9.-]{1,189}");

  public MailAddress {
    value = value.strip().toLowerCase(Locale.ROOT);
    if (!SHAPE.matcher(value).matches()) {
      throw new IllegalArgumentException("not an e-mail address");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
