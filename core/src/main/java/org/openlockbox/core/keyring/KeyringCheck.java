package org.openlockbox.core.keyring;

/// What came of replaying keyring entries.
public sealed interface KeyringCheck {
  /// Every step was signed by those who had to.
  record Valid(Keyring keyring) implements KeyringCheck {}

  /// The step at `index` may not be believed, and why, in words that may be shown.
  record Invalid(long index, String why) implements KeyringCheck {}
}
