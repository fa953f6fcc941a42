package org.openlockbox.core.signing;

/// A public key that may not be enrolled, with the rule it breaks, in words that may be shown.
public final class UnacceptableKey extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  UnacceptableKey(String why) {
    super(why);
  }

  UnacceptableKey(String why, Throwable cause) {
    super(why, cause);
  }
}
