package org.openlockbox.core.signing;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.testing.Passkey;

/// What may be enrolled of what a browser answers that was asked to make a passkey.
class PasskeyRegistrationTest {
  private static final Bytes PAE =
      Envelope.unsigned("application/x", Json.object().put("v", 1).build()).pae();
  private static final int FLAGS = Passkey.UP_UV | Passkey.AT;

  private final Passkey passkey = Passkey.es256(new SecureRandom());

  private static PasskeyRegistration read(PasskeyRegistration.AttestationResponse answer) {
    return PasskeyRegistration.read(Passkey.RP_ID, Passkey.ORIGIN, PAE, answer);
  }

  private static void assertRefused(PasskeyRegistration.AttestationResponse answer, String why) {
    assertThat(read(answer)).isEqualTo(new PasskeyRegistration.Invalid(why));
  }

  private PasskeyRegistration.AttestationResponse withClientData(String from, String to) {
    var answer = passkey.register(PAE);
    var text = answer.clientDataJson().utf8();
    assertThat(text).contains(from);
    return new PasskeyRegistration.AttestationResponse(
        Bytes.ofUtf8(text.replace(from, to)), answer.authenticatorData());
  }

  private PasskeyRegistration.AttestationResponse withData(Bytes authenticatorData) {
    return new PasskeyRegistration.AttestationResponse(
        passkey.register(PAE).clientDataJson(), authenticatorData);
  }

  private static Bytes head(String rpId, int flags) {
    return Passkey.authenticatorData(rpId, flags);
  }

  @Test
  void passkeysOfBothKindsAreMade() {
    for (var material : List.of(Scheme.ECDSA_P256, Scheme.ED25519)) {
      for (boolean synced : List.of(true, false)) {
        var made = Passkey.another(material, synced, new SecureRandom());
        assertThat(read(made.register(PAE)))
            .isEqualTo(new PasskeyRegistration.Valid(made.key(), synced));
      }
    }
  }

  /// A map of kty 3, alg -257, n and e, as RFC 8230 has it.
  @Test
  void anRsaKeyIsRefusedWithWordsThatHelp() {
    var id = passkey.credentialId();
    var rsa =
        Bytes.ofHex("a401030339010020590100")
            .plus(Bytes.of(new byte[256]))
            .plus(Bytes.ofHex("2143010001"));
    var data =
        head(Passkey.RP_ID, FLAGS)
            .plus(Bytes.of(new byte[16]))
            .plus(Bytes.of(new byte[] {0, (byte) id.size()}))
            .plus(id)
            .plus(rsa);
    assertRefused(withData(data), PasskeyRegistration.RSA_KEY);
    assertThat(PasskeyRegistration.RSA_KEY).contains("RS256", "phone", "security key");
  }

  @Test
  void aPasskeyThatCanBeCopiedNeedNotBeCopiedYet() {
    var made = Passkey.another(Scheme.ECDSA_P256, true, new SecureRandom());
    assertThat(read(made.register(PAE, FLAGS | Passkey.BE)))
        .isEqualTo(new PasskeyRegistration.Valid(made.key(), false));
  }

  /// What may follow the key where the flag says that extension outputs do: one map, whole.
  @Test
  void extensionOutputsAreOneMapToTheEnd() {
    var maps =
        List.of(
            "a0",
            "a16b6372656450726f7465637402",
            "a16b686d61632d736563726574f5",
            "a2627076f66161" + "1903e8",
            "a16161a1016162",
            "a161618301f402",
            "a16161" + "58" + "20" + "00".repeat(32));
    for (var map : maps) {
      assertThat(read(withData(extended(map)))).as(map).isEqualTo(made());
    }
    var others =
        List.of(
            "", // the flag, and no bytes
            "a1", // a map that ends too early
            "a16161",
            "a0a0", // something behind it
            "a000",
            "f6", // no map
            "80",
            "6161",
            "bfff", // of indefinite length
            "a17f6161ff01",
            "a10102", // a name that is no text
            "a16161" + "1801", // not the shortest form
            "b80161" + "6101",
            "a16161" + "f7", // undefined, a float, a tag, a length beyond the end
            "a16161" + "f93c00",
            "a16161" + "c001",
            "a161615bffffffffffffffff",
            "a161619b7fffffffffffffff",
            "a16161" + "81".repeat(200) + "01", // nested without end
            "a1616118", // cut off inside a number
            "a1");
    for (var other : others) {
      assertRefused(withData(extended(other)), "not a key of a kind that can sign here");
    }
  }

  private Bytes extended(String outputs) {
    return head(Passkey.RP_ID, FLAGS | 0x80).plus(passkey.attested()).plus(Bytes.ofHex(outputs));
  }

  private PasskeyRegistration made() {
    return new PasskeyRegistration.Valid(passkey.key(), false);
  }

  @Test
  void nothingFollowsTheKeyWithoutTheFlag() {
    for (var more : List.of("a0", "00", "a16161f5")) {
      assertRefused(
          withData(head(Passkey.RP_ID, FLAGS).plus(passkey.attested()).plus(Bytes.ofHex(more))),
          "not a key of a kind that can sign here");
    }
  }

  @Test
  void anAnswerToASigningRequestIsNoRegistration() {
    assertRefused(
        withClientData("webauthn.create", "webauthn.get"),
        "not the answer to the making of a passkey");
  }

  @Test
  void aRegistrationIsNoSignature() {
    var statement = Envelope.unsigned("application/x", Json.object().put("v", 1).build());
    var answer = passkey.register(PAE);
    var signed = passkey.sign(answer.clientDataJson(), answer.authenticatorData());
    assertThat(SignatureCheck.verify(passkey.key(), statement, signed))
        .isEqualTo(new SignatureCheck.Invalid("not the answer to a signing request"));
    var get = Bytes.ofUtf8(Passkey.clientData(PAE));
    assertThat(
            SignatureCheck.verify(
                passkey.key(), statement, passkey.sign(get, answer.authenticatorData())))
        .isEqualTo(
            new SignatureCheck.Invalid(
                "the authenticator data has parts that do not belong there"));
  }

  @Test
  void otherPagesChallengesAndFramesAreRefused() {
    assertRefused(
        withClientData(Passkey.ORIGIN, "https://lockbox.acme.example"),
        "signed on a page that is not enrolled");
    assertRefused(
        withClientData(Passkey.challenge(PAE), Passkey.challenge(Bytes.ofUtf8("other"))),
        "the passkey has signed something else");
    assertRefused(withClientData("false", "true"), "signed inside a page of another origin");
    assertRefused(withClientData("{", "{{"), "the client data cannot be read");
  }

  @Test
  void otherRelyingPartiesAndUnverifiedUsersAreRefused() {
    var attested = passkey.attested();
    assertRefused(
        withData(head("acme.example", FLAGS).plus(attested)), "made for another relying party");
    assertRefused(
        withData(head(Passkey.RP_ID, 0x01 | Passkey.AT).plus(attested)),
        "the passkey did not verify its user");
    assertRefused(
        withData(head(Passkey.RP_ID, 0x04 | Passkey.AT).plus(attested)),
        "the passkey did not see its user");
    for (int odd : new int[] {FLAGS | 0x02, FLAGS | 0x20, FLAGS | Passkey.BS, Passkey.UP_UV}) {
      assertRefused(
          withData(head(Passkey.RP_ID, odd).plus(attested)),
          "the authenticator data has parts that do not belong there");
    }
  }

  @Test
  void otherKindsAndFormsOfKeysAreRefused() {
    var odd =
        List.of(
            // ES256 with its members in another order. RS256 has words of its own.
            "a5032601022001215820", "", "a0");
    var id = Bytes.of(new byte[16]).plus(Bytes.ofHex("0001aa"));
    for (var cose : odd) {
      var data = id.plus(Bytes.ofHex(cose)).plus(Bytes.of(new byte[200]));
      assertRefused(
          withData(head(Passkey.RP_ID, FLAGS).plus(data)),
          "not a key of a kind that can sign here");
    }
    for (int cut = 0; cut < passkey.attested().size(); cut++) {
      assertThat(read(withData(head(Passkey.RP_ID, FLAGS).plus(passkey.attested().slice(0, cut)))))
          .isInstanceOf(PasskeyRegistration.Invalid.class);
    }
  }

  @Test
  void weakPointsAreRefusedAsEverywhere() {
    var id = Bytes.of(new byte[16]).plus(Bytes.ofHex("0001aa"));
    var identity = Bytes.ofHex("a4010103272006215820" + "01" + "00".repeat(31));
    var offCurve =
        Bytes.ofHex("a5010203262001215820" + "01".repeat(32) + "225820" + "01".repeat(32));
    for (var cose : List.of(identity, offCurve)) {
      assertThat(read(withData(head(Passkey.RP_ID, FLAGS).plus(id).plus(cose))))
          .isInstanceOf(PasskeyRegistration.Invalid.class);
    }
    assertThat(
            read(
                withData(
                    head(Passkey.RP_ID, FLAGS)
                        .plus(Bytes.of(new byte[16]))
                        .plus(Bytes.ofHex("0000"))
                        .plus(identity))))
        .isInstanceOf(PasskeyRegistration.Invalid.class);
  }
}
