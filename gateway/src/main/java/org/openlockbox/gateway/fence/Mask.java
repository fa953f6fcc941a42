package org.openlockbox.gateway.fence;

import java.util.Locale;

/// How a column looks at the `masked` level. The mask is computed inside the view, by the database:
/// the session role has no right on the column behind it.
public enum Mask {
  /// `ada@example.com` becomes `a***@***`: the first letter is all that stays.
  EMAIL,
  /// `+44 20 7946 0958` becomes `***0958`; values shorter than eight characters are hidden whole.
  LAST4,
  /// A fixed word for text, null for every other type.
  REDACT,
  /// Always null.
  NULL,
  /// A pseudonym that is the same for equal values within one session and different in every other.
  HASH;

  /// The word that the catalogue uses.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
