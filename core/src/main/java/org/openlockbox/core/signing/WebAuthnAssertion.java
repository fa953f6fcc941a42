package org.openlockbox.core.signing;

import org.openlockbox.core.canonical.Bytes;

/// WebAuthn Level 3 section 7.2, "Verifying an Authentication Assertion", reduced to what our
/// policy leaves open: user verification is required, no cross-origin use, exact origins, no
/// extensions. JDK only; an assertion needs no CBOR because the key was stored as SPKI.
///
/// Steps 1 to 7 (options, user handle, lookup of the credential) belong to a server that started
/// the ceremony and do not exist here: the enrolled key is given. The signature counter (step 22)
/// is not judged: synced passkeys always send 0.
final class WebAuthnAssertion {
  private static final int MIN_AUTHENTICATOR_DATA = 37;

  private WebAuthnAssertion() {}

  /// Why the assertion is not this passkey's approval of the PAE, or an empty text when it is.
  static String fault(VerifyingKey key, Bytes pae, Signature.WebAuthn assertion) {
    var binding = key.webauthn().orElseThrow();
    // Steps 8 to 14.
    var fault = WebAuthnCeremony.GET.fault(binding.origins(), pae, assertion.clientDataJson());
    if (!fault.isEmpty()) {
      return fault;
    }
    fault = authenticatorDataFault(binding, assertion.authenticatorData());
    if (!fault.isEmpty()) {
      return fault;
    }
    return signatureHolds(key, assertion) ? "" : "the passkey's signature is false";
  }

  /// Steps 20 and 21: the signature over `authenticatorData || SHA-256(clientDataJSON)`, both
  /// exactly as received.
  static boolean signatureHolds(VerifyingKey key, Signature.WebAuthn assertion) {
    var clientDataHash = Bytes.of(assertion.clientDataJson().sha256().bytes());
    return key.verifies(assertion.authenticatorData().plus(clientDataHash), assertion.sig());
  }

  /// Steps 15 to 19 over `rpIdHash[32] flags[1] signCount[4]`. Attested credential data and
  /// extensions do not occur in our assertions and are refused, so nothing may follow.
  static String authenticatorDataFault(WebAuthnBinding binding, Bytes data) {
    if (data.size() < MIN_AUTHENTICATOR_DATA) {
      return "the authenticator data is too short";
    }
    if (!isFor(binding.rpId(), data)) {
      return "signed for another relying party";
    }
    var flags = WebAuthnFlags.of(data);
    var fault = flags.userFault();
    if (!fault.isEmpty()) {
      return fault;
    }
    if (flags.isReserved()
        || flags.hasCredential()
        || flags.hasExtensions()
        || data.size() != MIN_AUTHENTICATOR_DATA) {
      return "the authenticator data has parts that do not belong there";
    }
    if (flags.backupEligible() != binding.backupEligible()) {
      return "the passkey is not of the kind that was enrolled";
    }
    return flags.isContradiction() ? "a passkey that cannot be backed up says it is" : "";
  }

  /// Whether the authenticator data begins with the hash of this relying party's id.
  static boolean isFor(String rpId, Bytes data) {
    return data.slice(0, WebAuthnFlags.OFFSET)
        .equals(Bytes.of(Bytes.ofUtf8(rpId).sha256().bytes()));
  }
}
