package org.openlockbox.core.signing;

import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;

/// WebAuthn Level 3 section 7.2, "Verifying an Authentication Assertion", reduced to what our
/// policy leaves open: user verification is required, no cross-origin use, exact origins, no
/// extensions. JDK only; an assertion needs no CBOR because the key was stored as SPKI.
///
/// Steps 1 to 7 (options, user handle, lookup of the credential) belong to a server that started
/// the ceremony and do not exist here: the enrolled key is given. The signature counter (step 22)
/// is not judged: synced passkeys always send 0.
final class WebAuthnAssertion {
  private static final int MIN_AUTHENTICATOR_DATA = 37;
  private static final int FLAGS = 32;
  private static final int CHALLENGE_LENGTH = 32;

  private static final int UP = 0x01;
  private static final int RFU1 = 0x02;
  private static final int UV = 0x04;
  private static final int BE = 0x08;
  private static final int BS = 0x10;
  private static final int RFU2 = 0x20;
  private static final int AT = 0x40;
  private static final int ED = 0x80;

  private WebAuthnAssertion() {}

  /// Why the assertion is not this passkey's approval of the PAE, or an empty text when it is.
  static String fault(VerifyingKey key, Bytes pae, Signature.WebAuthn assertion) {
    var binding = key.webauthn().orElseThrow();
    var fault = clientDataFault(binding, pae, assertion.clientDataJson());
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

  /// Steps 8 to 14. Members that are not ours are tolerated, as section 5.8.1 demands; members that
  /// occur twice are not.
  private static String clientDataFault(WebAuthnBinding binding, Bytes pae, Bytes clientDataJson) {
    try {
      var clientData =
          Fields.of(Json.read(clientDataJson.toArray(), Signature.MAX_BYTES), "client data");
      if (!clientData.text("type").equals("webauthn.get")) {
        return "not the answer to a signing request";
      }
      if (!isChallenge(clientData.text("challenge"), pae)) {
        return "the passkey has signed something else";
      }
      if (!binding.origins().contains(clientData.text("origin"))) {
        return "signed on a page that is not enrolled";
      }
      if (clientData.has("crossOrigin") && clientData.flag("crossOrigin")) {
        return "signed inside a page of another origin";
      }
      return clientData.has("topOrigin") ? "signed inside a page of another origin" : "";
    } catch (MalformedJson e) {
      return "the client data cannot be read";
    }
  }

  /// The challenge is the SHA-256 of the PAE in base64url without padding; the decoded bytes are
  /// compared.
  private static boolean isChallenge(String challenge, Bytes pae) {
    try {
      var given = Bytes.ofBase64Url(challenge);
      return given.size() == CHALLENGE_LENGTH
          && given.equalsInConstantTime(Bytes.of(pae.sha256().bytes()));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /// Steps 15 to 19 over `rpIdHash[32] flags[1] signCount[4]`. Attested credential data and
  /// extensions do not occur in our assertions and are refused, so nothing may follow.
  static String authenticatorDataFault(WebAuthnBinding binding, Bytes data) {
    if (data.size() < MIN_AUTHENTICATOR_DATA) {
      return "the authenticator data is too short";
    }
    if (!data.slice(0, FLAGS).equals(Bytes.of(Bytes.ofUtf8(binding.rpId()).sha256().bytes()))) {
      return "signed for another relying party";
    }
    int flags = data.at(FLAGS);
    if ((flags & UP) == 0) {
      return "the passkey did not see its user";
    }
    if ((flags & UV) == 0) {
      return "the passkey did not verify its user";
    }
    if ((flags & (RFU1 | RFU2 | AT | ED)) != 0 || data.size() != MIN_AUTHENTICATOR_DATA) {
      return "the authenticator data has parts that do not belong there";
    }
    boolean eligible = (flags & BE) != 0;
    if (eligible != binding.backupEligible()) {
      return "the passkey is not of the kind that was enrolled";
    }
    return (flags & BS) != 0 && !eligible ? "a passkey that cannot be backed up says it is" : "";
  }
}
