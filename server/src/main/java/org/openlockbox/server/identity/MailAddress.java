package org.openlockbox.server.identity;

import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.util.Locale;
import java.util.regex.Pattern;

/// Where a person gets mail, in lower case: how people name themselves when they sign in. Most mail
/// servers bring mail for `ann+shop@acme.example` to ann, so two addresses can be one [#mailbox].
public record MailAddress(String value) {
  private static final Pattern SHAPE =
      Pattern.compile("[!-?A-~&&[^,;:<>()\\[\\]\"\\\\]]{1,64}@[A-Za-z0-9.-]{1,189}");

  public MailAddress {
    value = value.strip().toLowerCase(Locale.ROOT);
    if (!isMailable(value)) {
      throw new IllegalArgumentException("not an e-mail address");
    }
  }

  /// Whether mail can be sent to it: what cannot be addressed later is refused where it is written.
  public static boolean isMailable(String address) {
    try {
      new InternetAddress(address, true).validate();
      return SHAPE.matcher(address).matches();
    } catch (AddressException refused) {
      return false;
    }
  }

  /// The mailbox behind an address, in SQL.
  ///
  /// @param address what gives the address
  static String mailbox(String address) {
    return "regexp_replace(%s, '^([^+@]+)[+][^@]*@', '\\1@')".formatted(address);
  }

  @Override
  public String toString() {
    return value;
  }
}
