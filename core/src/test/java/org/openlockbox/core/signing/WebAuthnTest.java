package org.openlockbox.core.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.testing.Passkey;

/// The cases of our list of attacks (WA-*) that the signature check itself must refuse, and the W3C
/// test vector none.ES256 (WebAuthn Level 3 section 16).
class WebAuthnTest {
  private static final Envelope STATEMENT =
      Envelope.unsigned(
          "application/vnd.lockbox.decision.v1+json", Json.object().put("v", 1).build());
  private static final Bytes PAE = STATEMENT.pae();

  private final Passkey passkey = Passkey.es256(new SecureRandom());

  private void assertAccepted(Signature signature) {
    assertThat(SignatureCheck.verify(passkey.key(), STATEMENT, signature))
        .isInstanceOf(SignatureCheck.Valid.class);
  }

  private void assertRefused(Signature signature, String why) {
    assertThat(SignatureCheck.verify(passkey.key(), STATEMENT, signature))
        .isEqualTo(new SignatureCheck.Invalid(why));
  }

  private Signature withClientData(String clientData) {
    return passkey.sign(clientData, Passkey.authenticatorData(Passkey.RP_ID, Passkey.UP_UV));
  }

  private Signature withFlags(int flags) {
    return passkey.sign(Passkey.clientData(PAE), Passkey.authenticatorData(Passkey.RP_ID, flags));
  }

  @Test
  void anAssertionOverTheStatementIsValid() {
    assertAccepted(passkey.sign(PAE));
  }

  @Test
  void ed25519PasskeysSignToo() {
    var other = Passkey.of(Scheme.ED25519, true, new SecureRandom());
    var signature =
        other.sign(Passkey.clientData(PAE), Passkey.authenticatorData(Passkey.RP_ID, 0x1d));
    assertThat(SignatureCheck.verify(other.key(), STATEMENT, signature))
        .isInstanceOf(SignatureCheck.Valid.class);
  }

  /// WA-01, WA-02, WA-12: a signature belongs to one statement and to one kind of statement.
  @Test
  void anAssertionOverAnotherStatementIsRefused() {
    var other = Envelope.unsigned(STATEMENT.payloadType(), Json.object().put("v", 2).build());
    var signature = passkey.sign(other.pae());
    assertRefused(signature, "the passkey has signed something else");
    var otherType =
        new Envelope("application/vnd.lockbox.revocation.v1+json", STATEMENT.payload(), List.of());
    assertRefused(passkey.sign(otherType.pae()), "the passkey has signed something else");
  }

  /// WA-06
  @Test
  void otherOriginsAndTypesAreRefused() {
    for (var origin :
        List.of(
            "https://evil.approve.acme.example",
            "http://approve.acme.example",
            "https://approve.acme.example:8443",
            "https://approve.acme.example/",
            "https://APPROVE.acme.example",
            "https://approve.acme.example.",
            "null",
            "")) {
      assertRefused(
          withClientData(
              Passkey.clientData(PAE).replace("\"" + Passkey.ORIGIN + "\"", "\"" + origin + "\"")),
          "signed on a page that is not enrolled");
    }
    for (var type : List.of("webauthn.create", "payment.get", "WebAuthn.get", "webauthn.get ")) {
      assertRefused(
          withClientData(Passkey.clientData(PAE).replace("webauthn.get", type)),
          "not the answer to a signing request");
    }
    assertRefused(
        withClientData(Passkey.clientData(PAE).replace("false", "true")),
        "signed inside a page of another origin");
    assertRefused(
        withClientData(
            Passkey.clientData(PAE).replace("}", ",\"topOrigin\":\"" + Passkey.ORIGIN + "\"}")),
        "signed inside a page of another origin");
  }

  /// WA-07
  @Test
  void anotherRelyingPartyIsRefused() {
    for (var rpId : List.of("acme.example", "login.acme.example", "")) {
      assertRefused(
          passkey.sign(Passkey.clientData(PAE), Passkey.authenticatorData(rpId, Passkey.UP_UV)),
          "signed for another relying party");
    }
  }

  /// WA-05, WA-16: user verification is required; the backup flags are those of the enrolment.
  @Test
  void flagsThatOurPolicyForbidsAreRefused() {
    assertRefused(withFlags(0x04), "the passkey did not see its user");
    assertRefused(withFlags(0x01), "the passkey did not verify its user");
    for (int extra : new int[] {0x02, 0x20, 0x40, 0x80}) {
      assertRefused(
          withFlags(Passkey.UP_UV | extra),
          "the authenticator data has parts that do not belong there");
    }
    assertRefused(withFlags(0x0d), "the passkey is not of the kind that was enrolled");
    assertRefused(withFlags(0x15), "a passkey that cannot be backed up says it is");
  }

  @Test
  void authenticatorDataHasItsExactLength() {
    var good = Passkey.authenticatorData(Passkey.RP_ID, Passkey.UP_UV);
    assertRefused(
        passkey.sign(Passkey.clientData(PAE), good.slice(0, 36)),
        "the authenticator data is too short");
    assertRefused(
        passkey.sign(Passkey.clientData(PAE), good.plus(Bytes.of(new byte[] {0}))),
        "the authenticator data has parts that do not belong there");
  }

  /// WA-08
  @Test
  void signaturesThatAreNotStrictDerAreRefused() {
    var good = (Signature.WebAuthn) passkey.sign(PAE);
    var der = good.sig();
    var zero = Bytes.ofHex("3006020100020100");
    var one = Bytes.ofHex("3006020101020101");
    var longLength = Bytes.of(new byte[] {0x30, (byte) 0x81, (byte) der.at(1)});
    for (var bad :
        List.of(
            zero,
            one,
            Bytes.ofHex("3006020100020101"),
            Bytes.ofHex("3006020101020100"),
            Bytes.ofHex("30060201ff020101"),
            der.plus(Bytes.of(new byte[] {0})),
            der.slice(0, der.size() - 1),
            longLength.plus(der.slice(2, der.size())),
            Bytes.of(new byte[64]),
            Bytes.ofHex("00"))) {
      assertRefused(
          new Signature.WebAuthn(
              good.keyId(), bad, good.authenticatorData(), good.clientDataJson()),
          "the passkey's signature is false");
    }
  }

  /// WA-09: the algorithm is the enrolled key's, whatever the message says.
  @Test
  void aSignatureOfAnotherSchemeIsRefused() {
    var good = passkey.sign(PAE);
    assertRefused(
        new Signature.OverPae(good.keyId(), Scheme.ECDSA_P256, good.sig()),
        "the key is enrolled for webauthn, not ecdsa-p256");
    assertRefused(
        new Signature.OverPae(good.keyId(), Scheme.ED25519, good.sig()),
        "the key is enrolled for webauthn, not ed25519");
  }

  /// WA-10
  @Test
  void theSignatureOfAnotherPasskeyIsRefused() {
    var other = (Signature.WebAuthn) Passkey.es256(new SecureRandom()).sign(PAE);
    assertRefused(other, "signed with another key");
    assertRefused(
        new Signature.WebAuthn(
            passkey.key().keyId(), other.sig(), other.authenticatorData(), other.clientDataJson()),
        "the passkey's signature is false");
  }

  /// WA-21
  @Test
  void clientDataThatReadersUnderstandDifferentlyIsRefused() {
    var good = Passkey.clientData(PAE);
    var other = Passkey.challenge(Bytes.ofUtf8("other"));
    for (var bad :
        List.of(
            "\ufeff" + good,
            good.replace("{", "{\"challenge\":\"" + other + "\","),
            good.replace("}", ",\"\\u0063hallenge\":\"" + other + "\"}"),
            good.replace("{", "{/* */"),
            good + "x",
            good.replace("false", "\"false\""),
            good.replace("false", "null"),
            good.replace("\"" + Passkey.ORIGIN + "\"", "[\"" + Passkey.ORIGIN + "\"]"),
            "[]",
            "{}",
            "")) {
      if (!bad.isEmpty()) {
        assertRefused(withClientData(bad), "the client data cannot be read");
      }
    }
    var invalid = Bytes.ofUtf8(good).plus(Bytes.of(new byte[] {(byte) 0xff}));
    assertRefused(
        passkey.sign(invalid, Passkey.authenticatorData(Passkey.RP_ID, Passkey.UP_UV)),
        "the client data cannot be read");
  }

  /// Browsers may add members (section 5.8.1), Chromium does so on purpose.
  @Test
  void membersThatBrowsersAddAreTolerated() {
    assertAccepted(
        withClientData(
            Passkey.clientData(PAE)
                .replace(
                    "}",
                    ",\"other_keys_can_be_added_here\":\"do not compare clientDataJSON against a"
                        + " template. See https://goo.gl/yabPex\"}")));
    assertAccepted(withClientData(Passkey.clientData(PAE).replace(",\"crossOrigin\":false", "")));
  }

  /// WA-22
  @Test
  void aChallengeHasOneSpellingAndLength() {
    var challenge = Passkey.challenge(PAE);
    var standard = Bytes.of(PAE.sha256().bytes()).base64();
    for (var bad :
        Stream.of(
                challenge + "=",
                standard,
                challenge.substring(1),
                challenge + "AAAA",
                challenge.toUpperCase(Locale.ROOT),
                " " + challenge,
                "A".repeat(3000),
                "A",
                "")
            .toList()) {
      assertRefused(
          withClientData(Passkey.clientData(PAE).replace(challenge, bad)),
          "the passkey has signed something else");
    }
    assertThatThrownBy(() -> withClientData("x".repeat(1 << 20)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void everyChangedByteOfAnAssertionIsRefused() {
    var good = (Signature.WebAuthn) passkey.sign(PAE);
    for (int i = 0; i < good.authenticatorData().size(); i++) {
      var data = good.authenticatorData().toArray();
      data[i] ^= 0x10;
      var changed =
          new Signature.WebAuthn(good.keyId(), good.sig(), Bytes.of(data), good.clientDataJson());
      assertThat(SignatureCheck.verify(passkey.key(), STATEMENT, changed))
          .isInstanceOf(SignatureCheck.Invalid.class);
    }
    for (int i = 0; i < good.clientDataJson().size(); i++) {
      var data = good.clientDataJson().toArray();
      data[i] ^= 0x01;
      var changed =
          new Signature.WebAuthn(
              good.keyId(), good.sig(), good.authenticatorData(), Bytes.of(data));
      assertThat(SignatureCheck.verify(passkey.key(), STATEMENT, changed))
          .isInstanceOf(SignatureCheck.Invalid.class);
    }
  }

  /// The vector's flags are UP, BE and BS but not UV. Its challenge is no PAE of ours either, so
  /// the whole check and the check of the authenticator data are asked separately.
  @Test
  void theW3cVectorHoldsAsASignatureButIsRefusedForLackOfUserVerification() {
    var key =
        VerifyingKey.enrolWebAuthn(
            Bytes.ofHex(
                "3059301306072a8648ce3d020106082a8648ce3d03010703420004"
                    + "afefa16f97ca9b2d23eb86ccb64098d20db90856062eb249c33a9b672f26df61"
                    + "930a56b87a2fca66334b03458abf879717c12cc68ed73290af2e2664796b9220"),
            new WebAuthnBinding(
                "example.org", List.of("https://example.org"), Bytes.ofUtf8("id"), true));
    var clientData =
        "{\"type\":\"webauthn.get\",\"challenge\":\"OcDnUhQXulTUPo3JUXT0I97pvzzYBP9tZchXyav01Ag\","
            + "\"origin\":\"https://example.org\",\"crossOrigin\":false}";
    var assertion =
        new Signature.WebAuthn(
            key.keyId(),
            Bytes.ofHex(
                "3046022100f50a4e2e4409249c4a853ba361282f09841df4dd4547a13a87780218deffcd38"
                    + "0221008480ac0f0b93538174f575bf11a1dd5d78c6e486013f937295ea13653e331e87"),
            Bytes.ofHex(
                "bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b51900000000"),
            Bytes.ofUtf8(clientData));
    assertThat(WebAuthnAssertion.signatureHolds(key, assertion)).isTrue();
    assertThat(
            WebAuthnAssertion.authenticatorDataFault(
                key.webauthn().orElseThrow(), assertion.authenticatorData()))
        .isEqualTo("the passkey did not verify its user");
    assertThat(SignatureCheck.verify(key, STATEMENT, assertion))
        .isInstanceOf(SignatureCheck.Invalid.class);
  }
}
