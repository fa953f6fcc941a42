package org.openlockbox.core.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.canonical.Mutations;
import org.openlockbox.core.testing.Passkey;

class SigningTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final List<Scheme> PLAIN = List.of(Scheme.ED25519, Scheme.ECDSA_P256);
  private static final Envelope STATEMENT =
      Envelope.unsigned("application/vnd.lockbox.test.v1+json", Json.object().put("v", 1).build());

  /// The vector of DSSE protocol.md.
  @Test
  void theDsseVectorVerifies() {
    var envelope =
        new Envelope("http://example.com/HelloWorld", Bytes.ofUtf8("hello world"), List.of());
    assertThat(envelope.pae().utf8())
        .isEqualTo("DSSEv1 29 http://example.com/HelloWorld 11 hello world");
    var raw =
        Bytes.ofBase64(
            "A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA==");
    var key = VerifyingKey.enrol(Scheme.ECDSA_P256, DSSE_SPKI);
    var signature = new Signature.OverPae(key.keyId(), Scheme.ECDSA_P256, der(raw));
    assertThat(SignatureCheck.verify(key, envelope, signature))
        .isInstanceOf(SignatureCheck.Valid.class);
    // Raw r||s is another encoding: refused, one key has one form of signature.
    assertThat(
            SignatureCheck.verify(
                key, envelope, new Signature.OverPae(key.keyId(), Scheme.ECDSA_P256, raw)))
        .isInstanceOf(SignatureCheck.Invalid.class);
  }

  @Test
  void lengthsInThePaeCountBytes() {
    assertThat(Envelope.pae("t", Bytes.ofUtf8("é€")).utf8()).isEqualTo("DSSEv1 1 t 5 é€");
    assertThat(Envelope.pae("t", Bytes.empty()).utf8()).isEqualTo("DSSEv1 1 t 0 ");
  }

  @Test
  void whatASoftwareKeySignsIsValidForItAndNothingElse() {
    for (var scheme : PLAIN) {
      var signer = SoftwareKey.generate(scheme, RANDOM);
      var other = SoftwareKey.generate(scheme, RANDOM);
      var signed = STATEMENT.signedBy(signer);
      var signature = signed.signatures().getFirst();
      assertThat(SignatureCheck.verify(signer.key(), signed, signature))
          .isInstanceOfSatisfying(
              SignatureCheck.Valid.class,
              valid -> {
                assertThat(valid.key()).isEqualTo(signer.key());
                assertThat(valid.envelope()).isEqualTo(signed);
              });
      assertThat(SignatureCheck.verify(other.key(), signed, signature))
          .isEqualTo(new SignatureCheck.Invalid("signed with another key"));
      var otherType = new Envelope("other", STATEMENT.payload(), List.of(signature));
      assertThat(SignatureCheck.verify(signer.key(), otherType, signature))
          .isEqualTo(new SignatureCheck.Invalid("the signature is false"));
      var otherPayload =
          new Envelope(STATEMENT.payloadType(), Bytes.ofUtf8("{\"v\":2}"), List.of(signature));
      assertThat(SignatureCheck.verify(signer.key(), otherPayload, signature))
          .isEqualTo(new SignatureCheck.Invalid("the signature is false"));
    }
  }

  @Test
  void aKeyCountsOnceHoweverOftenItSigned() {
    var a = SoftwareKey.generate(Scheme.ECDSA_P256, RANDOM);
    var b = SoftwareKey.generate(Scheme.ED25519, RANDOM);
    var stranger = SoftwareKey.generate(Scheme.ED25519, RANDOM);
    var signed = STATEMENT.signedBy(a).signedBy(a).signedBy(b).signedBy(stranger);
    assertThat(SignatureCheck.valid(List.of(a.key(), b.key(), a.key()), signed))
        .extracting(SignatureCheck.Valid::key)
        .containsExactly(a.key(), b.key());
  }

  /// Authenticators make signatures with high s and with low s, so both are valid; and whoever
  /// turns one into the other has made no second signature.
  @Test
  void theTwinOfAnEcdsaSignatureIsValidAndNoSecondSignature() {
    var signer = SoftwareKey.generate(Scheme.ECDSA_P256, RANDOM);
    var signed = STATEMENT.signedBy(signer);
    var one = (Signature.OverPae) signed.signatures().getFirst();
    var twin = new Signature.OverPae(one.keyId(), one.scheme(), twin(one.sig()));
    assertThat(twin.sig()).isNotEqualTo(one.sig());
    assertThat(SignatureCheck.verify(signer.key(), signed, twin))
        .isInstanceOf(SignatureCheck.Valid.class);
    var both = new Envelope(signed.payloadType(), signed.payload(), List.of(one, twin));
    assertThat(SignatureCheck.valid(List.of(signer.key()), both)).hasSize(1);
  }

  /// (r, n - s) for (r, s), in strict DER.
  private static Bytes twin(Bytes der) {
    var n = new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
    var bytes = der.toArray();
    int s = 4 + bytes[3];
    var r = Arrays.copyOfRange(bytes, 2, s);
    var turned = n.subtract(new BigInteger(Arrays.copyOfRange(bytes, s + 2, bytes.length)));
    var value = turned.toByteArray();
    var twin = ByteBuffer.allocate(2 + r.length + 2 + value.length);
    twin.put((byte) 0x30).put((byte) (r.length + 2 + value.length)).put(r);
    return Bytes.of(twin.put((byte) 2).put((byte) value.length).put(value).array());
  }

  @Test
  void envelopesReadBackAsTheyWereWritten() {
    var signed =
        STATEMENT
            .signedBy(SoftwareKey.generate(Scheme.ED25519, RANDOM))
            .signedBy(SoftwareKey.generate(Scheme.ECDSA_P256, RANDOM))
            .signedBy(Passkey.es256(new SecureRandom()));
    var bytes = CanonicalJson.bytes(signed.toJson());
    assertThat(Envelope.parse(CanonicalJson.parse(bytes))).isEqualTo(signed);
    assertThat(signed.payloadJson()).isEqualTo(Json.object().put("v", 1).build());
  }

  @Test
  void whatIsNoEnvelopeIsRefused() {
    var good =
        CanonicalJson.text(
            STATEMENT.signedBy(SoftwareKey.generate(Scheme.ED25519, RANDOM)).toJson());
    for (var bad :
        List.of(
            "{}",
            "[]",
            good.replace("\"payload\"", "\"Payload\""),
            good.replace("}]", "}],\"x\":1"),
            good.replace("\"sig\"", "\"x\":1,\"sig\""),
            good.replace("ed25519", "none"),
            good.replace("ed25519", "ED25519"),
            good.replace("ed25519", "webauthn"),
            good.replace("\"keyId\":\"", "\"keyId\":\"00"),
            good.replace("application/", "app lication/"),
            good.replaceFirst("\"signatures\":\\[.*]", "\"signatures\":[]"),
            good.replaceFirst("\"sig\":\"[^\"]*\"", "\"sig\":\"\""))) {
      assertThatThrownBy(() -> Envelope.parse(Json.read(Bytes.ofUtf8(bad).toArray())))
          .as(bad)
          .isInstanceOf(MalformedJson.class);
    }
  }

  @Test
  void payloadsThatAreNotCanonicalAreNotRead() {
    var envelope = new Envelope("t", Bytes.ofUtf8("{\"b\":1, \"a\":2}"), List.of());
    assertThatThrownBy(envelope::payloadJson).isInstanceOf(MalformedJson.class);
  }

  @Test
  void keyFilesReadBackAndKeepTheSecretToThemselves() {
    for (var scheme : PLAIN) {
      var key = SoftwareKey.generate(scheme, RANDOM);
      var text = KeyFile.format(key);
      var read = KeyFile.parse(text);
      assertThat(read.key()).isEqualTo(key.key());
      assertThat(KeyFile.format(read)).isEqualTo(text);
      assertThat(KeyFile.publicKey(KeyFile.format(key.key()))).isEqualTo(key.key());
      assertThat(KeyFile.parse(text.replace("\n", "\r\n")).key()).isEqualTo(key.key());
      assertThat(key).hasToString("private half of " + key.key());
    }
  }

  @Test
  void brokenKeyFilesAreRefusedWithoutQuotingThem() {
    var one = KeyFile.format(SoftwareKey.generate(Scheme.ED25519, RANDOM));
    var two = KeyFile.format(SoftwareKey.generate(Scheme.ED25519, RANDOM));
    int split = one.indexOf("-----BEGIN PUBLIC");
    var secret = one.lines().toList().get(1);
    for (var bad :
        List.of(
            "",
            one.substring(split),
            one.substring(0, split),
            one + two,
            one.substring(0, split) + two.substring(two.indexOf("-----BEGIN PUBLIC")),
            one.replace(secret, secret.substring(0, 20)),
            one.replace(secret, secret.substring(0, 21)),
            " ".repeat(20_000))) {
      assertThatThrownBy(() -> KeyFile.parse(bad))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageNotContaining(secret.substring(0, 20))
          .hasMessageNotContaining(secret.substring(24));
    }
  }

  @Test
  void keysThatVerifiersDisagreeAboutAreNotEnrolled() {
    var ed25519 = "302a300506032b6570032100";
    for (var point :
        List.of(
            "00".repeat(32),
            "01" + "00".repeat(31),
            "ec" + "ff".repeat(30) + "7f",
            "ed" + "ff".repeat(30) + "7f",
            "02" + "00".repeat(31))) {
      assertThatThrownBy(() -> VerifyingKey.enrol(Scheme.ED25519, Bytes.ofHex(ed25519 + point)))
          .isInstanceOf(UnacceptableKey.class);
    }
    var p256 = DSSE_SPKI.hex();
    for (var spki :
        List.of(
            p256.substring(0, p256.length() - 2) + "00",
            p256 + "00",
            p256.substring(2),
            p256.replace("2a8648ce3d030107", "2b8104000a030107"),
            p256.substring(0, 54) + "00".repeat(64),
            p256.substring(0, 54) + "ff".repeat(64),
            "3039301306072a8648ce3d020106082a8648ce3d030107032200" + "02" + p256.substring(54, 118),
            "")) {
      assertThatThrownBy(() -> VerifyingKey.enrol(Scheme.ECDSA_P256, Bytes.ofHex(spki)))
          .as(spki)
          .isInstanceOf(UnacceptableKey.class);
    }
    assertThatThrownBy(() -> VerifyingKey.enrol(Scheme.ED25519, DSSE_SPKI))
        .isInstanceOf(UnacceptableKey.class);
    assertThatThrownBy(() -> VerifyingKey.enrol(Scheme.WEBAUTHN, DSSE_SPKI))
        .isInstanceOf(UnacceptableKey.class);
  }

  @Test
  void aPasskeyIsBoundToOriginsOfItsRelyingParty() {
    var id = Bytes.ofUtf8("id");
    for (var origin :
        List.of(
            "http://acme.example",
            "https://acme.example/",
            "https://acme.example/path",
            "https://user@acme.example",
            "https://acme.example:443",
            "https://Acme.example",
            "https://evilacme.example",
            "https://acme.example.evil",
            "https://*.acme.example",
            "acme.example",
            "https://",
            "")) {
      assertThatThrownBy(() -> new WebAuthnBinding("acme.example", List.of(origin), id, false))
          .as(origin)
          .isInstanceOf(UnacceptableKey.class);
    }
    for (var origin : List.of("https://acme.example", "https://approve.acme.example:8443")) {
      assertThat(new WebAuthnBinding("acme.example", List.of(origin), id, false)).isNotNull();
    }
    assertThat(new WebAuthnBinding("localhost", List.of("http://localhost:8420"), id, true))
        .isNotNull();
    assertThatThrownBy(() -> new WebAuthnBinding("acme.example", List.of(), id, false))
        .isInstanceOf(UnacceptableKey.class);
  }

  @Test
  void keysReadBackAsTheyWereWritten() {
    for (var key :
        List.of(
            SoftwareKey.generate(Scheme.ED25519, RANDOM).key(),
            SoftwareKey.generate(Scheme.ECDSA_P256, RANDOM).key(),
            Passkey.es256(new SecureRandom()).key(),
            Passkey.of(Scheme.ED25519, true, new SecureRandom()).key())) {
      var bytes = CanonicalJson.bytes(key.toJson());
      assertThat(VerifyingKey.parse(CanonicalJson.parse(bytes))).isEqualTo(key);
      assertThat(KeyId.parse(key.keyId().hex())).isEqualTo(key.keyId());
    }
    var lowOrder = Bytes.ofHex("302a300506032b6570032100" + "00".repeat(32));
    var json = Json.object().put("scheme", "ed25519").put("spki", lowOrder).build();
    assertThatThrownBy(() -> VerifyingKey.parse(json)).isInstanceOf(MalformedJson.class);
  }

  /// Nothing but [MalformedJson] for any bytes, and no changed envelope keeps a valid signature
  /// over other content.
  @Test
  void mutatedEnvelopesAreRefusedOrStillSayTheSame() {
    var random = new Random(20_261_124);
    var passkey = Passkey.es256(new SecureRandom());
    var signed = STATEMENT.signedBy(passkey);
    var bytes = CanonicalJson.bytes(signed.toJson());
    var keyBytes = CanonicalJson.bytes(passkey.key().toJson());
    int read = 0;
    for (int round = 0; round < 50_000; round++) {
      try {
        VerifyingKey.parse(Json.read(Mutations.of(keyBytes, random)));
      } catch (MalformedJson e) {
        assertThat(e.getMessage()).isNotBlank();
      }
      try {
        var changed = Envelope.parse(Json.read(Mutations.of(bytes, random)));
        read++;
        if (!changed.pae().equals(signed.pae())) {
          assertThat(SignatureCheck.valid(List.of(passkey.key()), changed)).isEmpty();
        }
      } catch (MalformedJson e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
    assertThat(read).isGreaterThan(100);
  }

  /// The key pair of DSSE protocol.md, as SPKI.
  private static final Bytes DSSE_SPKI =
      Bytes.ofHex(
          "3059301306072a8648ce3d020106082a8648ce3d03010703420004"
              + "67cd390f77aa359cb08c2235f652270493a9ed832b0abcc01f70954c0390d238"
              + "0c782bd54e269125a44f4433aff1432ce94e12bca73aa67ac80cea12608ddf74");

  private static Bytes der(Bytes raw) {
    var r = new BigInteger(1, raw.slice(0, 32).toArray()).toByteArray();
    var s = new BigInteger(1, raw.slice(32, 64).toArray()).toByteArray();
    return Bytes.of(new byte[] {0x30, (byte) (4 + r.length + s.length), 2, (byte) r.length})
        .plus(Bytes.of(r))
        .plus(Bytes.of(new byte[] {2, (byte) s.length}))
        .plus(Bytes.of(s));
  }
}
