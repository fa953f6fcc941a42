package org.openlockbox.core.signing;

import java.util.List;
import org.openlockbox.core.canonical.Bytes;

/// What came of the making of a passkey: WebAuthn Level 3 section 7.1, "Registering a New
/// Credential", reduced to what our policy leaves open: user verification is required, the exact
/// origin, ES256 or EdDSA, and no attestation. Nothing here is signed: that somebody holds the key
/// is proved when it signs the change that adds it to a keyring.
///
/// Authenticators write the key in the canonical CBOR of CTAP2, which leaves one form for each kind
/// of key; any other form is refused, so no CBOR is parsed.
public sealed interface PasskeyRegistration {
  /// A passkey that may be enrolled. `backedUp`: it was copied to other devices already.
  record Valid(VerifyingKey key, boolean backedUp) implements PasskeyRegistration {}

  /// Why an RSA key is refused (RS256, as some devices make it): no signature of it is verified
  /// here, so it must not come into a keyring.
  String RSA_KEY =
      "an RSA key (RS256) cannot be verified here: make the passkey on a phone, or with a security"
          + " key";

  /// None that may be, and why, in words that may be shown.
  record Invalid(String why) implements PasskeyRegistration {}

  /// What the browser answered.
  record AttestationResponse(Bytes clientDataJson, Bytes authenticatorData) {}

  /// Reads the answer to a page of this origin that asked for a passkey for this relying party with
  /// SHA-256 of the PAE as the challenge.
  static PasskeyRegistration read(
      String rpId, String origin, Bytes pae, AttestationResponse answer) {
    if (answer.clientDataJson.size() > Signature.MAX_BYTES
        || answer.authenticatorData.size() > Signature.MAX_BYTES) {
      return new Invalid("the passkey's answer is too long");
    }
    var fault = WebAuthnCeremony.CREATE.fault(List.of(origin), pae, answer.clientDataJson);
    return fault.isEmpty()
        ? AttestedCredential.made(rpId, origin, answer.authenticatorData)
        : new Invalid(fault);
  }
}
