package org.openlockbox.core.signing;

import org.openlockbox.core.canonical.Bytes;

/// The flags in authenticator data: who was there, and what kind of passkey answered.
record WebAuthnFlags(int bits) {
  /// Where they stand: behind the hash of the relying party.
  static final int OFFSET = 32;

  private static final int UP = 0x01;
  private static final int UV = 0x04;
  private static final int BE = 0x08;
  private static final int BS = 0x10;
  private static final int AT = 0x40;
  private static final int ED = 0x80;
  private static final int RESERVED = 0x02 | 0x20;

  static WebAuthnFlags of(Bytes authenticatorData) {
    return new WebAuthnFlags(authenticatorData.at(OFFSET));
  }

  private boolean has(int flag) {
    return (bits & flag) != 0;
  }

  /// Whether it may be copied to other devices.
  boolean backupEligible() {
    return has(BE);
  }

  /// Whether it was copied already.
  boolean backedUp() {
    return has(BS);
  }

  boolean hasCredential() {
    return has(AT);
  }

  boolean hasExtensions() {
    return has(ED);
  }

  boolean isReserved() {
    return has(RESERVED);
  }

  /// What is missing of a user who was there and was verified, or an empty text.
  String userFault() {
    if (!has(UP)) {
      return "the passkey did not see its user";
    }
    return has(UV) ? "" : "the passkey did not verify its user";
  }

  boolean isContradiction() {
    return backedUp() && !backupEligible();
  }
}
