package org.openlockbox.core.signing;

import java.util.List;
import java.util.Optional;
import org.openlockbox.core.canonical.Bytes;

/// What authenticator data says of a passkey that was just made, behind `rpIdHash[32] flags[1]
/// signCount[4]`: `aaguid[16] length[2] credentialId[length]`, the key, and where the flag says so
/// one map of extension outputs, which is not used. `end` is where it would begin; nothing else may
/// follow.
record AttestedCredential(Bytes id, Bytes spki, int end) {
  private static final int LENGTH_AT = 53;
  private static final int ID_AT = 55;
  private static final Bytes RSA = Bytes.ofHex("a40103");

  /// The passkey, if it is one that may be enrolled for this relying party and page.
  static PasskeyRegistration made(String rpId, String origin, Bytes data) {
    if (data.size() < ID_AT) {
      return refused("the authenticator data is too short");
    }
    if (!WebAuthnAssertion.isFor(rpId, data)) {
      return refused("made for another relying party");
    }
    var flags = WebAuthnFlags.of(data);
    if (!flags.userFault().isEmpty()) {
      return refused(flags.userFault());
    }
    if (flags.isReserved() || flags.isContradiction() || !flags.hasCredential()) {
      return refused("the authenticator data has parts that do not belong there");
    }
    return read(data)
        .filter(
            credential ->
                flags.hasExtensions()
                    ? ExtensionOutputs.fill(data, credential.end)
                    : credential.end == data.size())
        .map(credential -> credential.made(rpId, origin, flags))
        .orElseGet(
            () ->
                refused(
                    isRsa(data)
                        ? PasskeyRegistration.RSA_KEY
                        : "not a key of a kind that can sign here"));
  }

  /// Whether the key begins as an RSA key of COSE does: a map of four, with kty 3 (RFC 8230).
  private static boolean isRsa(Bytes data) {
    int keyAt = keyAt(data);
    return keyAt + RSA.size() <= data.size() && data.slice(keyAt, keyAt + RSA.size()).equals(RSA);
  }

  private static int keyAt(Bytes data) {
    return ID_AT + (data.at(LENGTH_AT) << 8 | data.at(LENGTH_AT + 1));
  }

  private static Optional<AttestedCredential> read(Bytes data) {
    int keyAt = keyAt(data);
    return keyAt >= data.size()
        ? Optional.empty()
        : CoseKey.read(data.slice(keyAt, data.size()))
            .map(
                key ->
                    new AttestedCredential(
                        data.slice(ID_AT, keyAt), key.spki(), keyAt + key.size()));
  }

  private PasskeyRegistration made(String rpId, String origin, WebAuthnFlags flags) {
    try {
      var binding = new WebAuthnBinding(rpId, List.of(origin), id, flags.backupEligible());
      return new PasskeyRegistration.Valid(
          VerifyingKey.enrolWebAuthn(spki, binding), flags.backedUp());
    } catch (UnacceptableKey e) {
      return refused(String.valueOf(e.getMessage()));
    }
  }

  private static PasskeyRegistration refused(String why) {
    return new PasskeyRegistration.Invalid(why);
  }
}
