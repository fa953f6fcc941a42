package org.openlockbox.core.scram;

import org.openlockbox.core.canonical.Bytes;

/// A password of printable ASCII.
public record ScramPassword(String text) implements ScramSecret {
  @Override
  public ScramKeys keys(Bytes salt, int iterations) {
    return ScramKeys.of(text, salt, iterations);
  }

  /// Without the password.
  @Override
  public String toString() {
    return "ScramPassword[…]";
  }
}
