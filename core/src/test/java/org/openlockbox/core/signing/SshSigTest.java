package org.openlockbox.core.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.testing.SshTestKey;
import org.openlockbox.core.testing.SshTestKey.TestKeyForm;

class SshSigTest {
  static final List<SshTestKey> KEYS =
      List.of(
          SshTestKey.plain(Scheme.ED25519),
          SshTestKey.plain(Scheme.ECDSA_P256),
          SshTestKey.onSecurityKey(Scheme.ED25519, "ssh:"),
          SshTestKey.onSecurityKey(Scheme.ECDSA_P256, "ssh:lockbox"));
  private static final Envelope STATEMENT =
      Envelope.unsigned("application/vnd.lockbox.test.v1+json", Json.object().put("v", 1).build());
  private static final Bytes PAE = STATEMENT.pae();
  private static final int P256_SPKI = 91;

  private static String fault(SshTestKey key, TestKeyForm form) {
    return SshSig.fault(key.key(), PAE, key.blob(PAE, form));
  }

  @Test
  void bothHashesOfEachKindOfKeyAreAccepted() {
    for (var key : KEYS) {
      for (var hash : List.of("sha256", "sha512")) {
        assertThat(fault(key, new TestKeyForm(SshSig.NAMESPACE, "", hash, SshTestKey.UP_UV)))
            .isEmpty();
      }
      var envelope = STATEMENT.signedBy(key);
      assertThat(SignatureCheck.valid(List.of(key.key()), envelope)).hasSize(1);
    }
  }

  @Test
  void whatWasSignedForAnotherUseIsRefused() {
    for (var key : KEYS) {
      for (var namespace : List.of("", "file", "git", "lockbox@v2", "lockbox@v1 ")) {
        assertThat(fault(key, new TestKeyForm(namespace, "", "sha512", SshTestKey.UP_UV)))
            .contains("another use");
      }
      assertThat(fault(key, new TestKeyForm(SshSig.NAMESPACE, "x", "sha512", SshTestKey.UP_UV)))
          .contains("reserved");
      for (var hash : List.of("sha1", "sha384")) {
        assertThat(fault(key, new TestKeyForm(SshSig.NAMESPACE, "", hash, SshTestKey.UP_UV)))
            .contains("another hash");
      }
    }
  }

  @Test
  void aSecurityKeyMustHaveSeenAndVerifiedItsUser() {
    for (var key : KEYS) {
      for (int flags = 0; flags < 256; flags++) {
        var fault = fault(key, new TestKeyForm(SshSig.NAMESPACE, "", "sha512", flags));
        boolean good = key.key().application().isEmpty() || flags == SshTestKey.UP_UV;
        assertThat(fault.isEmpty()).as("flags %d: %s", flags, fault).isEqualTo(good);
      }
    }
    assertThat(fault(KEYS.getLast(), new TestKeyForm(SshSig.NAMESPACE, "", "sha512", 0x01)))
        .contains("verify-required");
    assertThat(fault(KEYS.getLast(), new TestKeyForm(SshSig.NAMESPACE, "", "sha512", 0x04)))
        .contains("not touched");
  }

  @Test
  void everyChangedByteAndEveryOtherLengthIsRefused() {
    for (var key : KEYS) {
      var good = key.blob(PAE, TestKeyForm.USUAL);
      for (int at = 0; at < good.size(); at++) {
        for (int bit = 0; bit < Byte.SIZE; bit++) {
          var bent = good.toArray();
          bent[at] ^= (byte) (1 << bit);
          assertThat(SshSig.fault(key.key(), PAE, Bytes.of(bent))).as("byte %d", at).isNotEmpty();
        }
        assertThat(SshSig.fault(key.key(), PAE, good.slice(0, at))).isNotEmpty();
      }
      assertThat(SshSig.fault(key.key(), PAE, good.plus(Bytes.ofHex("00")))).isNotEmpty();
      assertThat(SshSig.fault(key.key(), PAE.plus(PAE), good)).isNotEmpty();
    }
  }

  @Test
  void integersOfEcdsaHaveOneForm() {
    var key = KEYS.get(1);
    var good = key.blob(PAE, TestKeyForm.USUAL);
    var wire = key.wire();
    int inner = 6 + 4 + 4 + wire.size() + 4 + 10 + 4 + 4 + 6;
    var head = good.slice(0, inner);
    var type = SshTestKey.string(Bytes.ofUtf8("ecdsa-sha2-nistp256"));
    var sig = good.slice(inner + 4 + type.size() + 4, good.size());
    var r = sig.slice(4, 4 + sig.at(3));
    var s = sig.slice(8 + sig.at(3), sig.size());
    var n = Bytes.ofHex("00ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
    assertThat(rebuilt(key, head, type, r, s)).isEmpty();
    for (var other :
        List.of(
            Bytes.empty(),
            Bytes.ofHex("00"),
            Bytes.ofHex("00").plus(r),
            n,
            Bytes.ofHex("ff").plus(r.slice(0, r.size() - 1)),
            Bytes.of(new byte[300]))) {
      assertThat(rebuilt(key, head, type, other, s)).as("r " + other).isNotEmpty();
      assertThat(rebuilt(key, head, type, r, other)).as("s " + other).isNotEmpty();
    }
    assertThat(rebuilt(key, head, type, r, s, r)).isNotEmpty();
    assertThat(rebuilt(key, head, type, r)).isNotEmpty();
  }

  private static String rebuilt(SshTestKey key, Bytes head, Bytes type, Bytes... integers) {
    var sig = Bytes.empty();
    for (var integer : integers) {
      sig = sig.plus(SshTestKey.string(integer));
    }
    var inner = SshTestKey.string(type.plus(SshTestKey.string(sig)));
    return SshSig.fault(key.key(), PAE, head.plus(inner));
  }

  /// One key, enrolled in another way: each signature says how it was made, and none passes as
  /// another one.
  @Test
  void aSignatureIsWorthNothingUnderAnotherSchemeOrApplication() {
    for (var key : KEYS) {
      var spki = key.key().spki();
      var direct = spki.size() == P256_SPKI ? Scheme.ECDSA_P256 : Scheme.ED25519;
      var blob = key.blob(PAE, TestKeyForm.USUAL);
      for (var other :
          List.of(
              VerifyingKey.enrol(direct, spki),
              key.key().application().isEmpty()
                  ? VerifyingKey.enrolSecurityKey(spki, "ssh:")
                  : VerifyingKey.enrol(Scheme.SSHSIG, spki),
              VerifyingKey.enrolSecurityKey(spki, "ssh:other"))) {
        assertThat(other.keyId()).isEqualTo(key.key().keyId());
        assertThat(other).isNotEqualTo(key.key());
        var signature = new Signature.OverPae(other.keyId(), other.scheme(), blob);
        assertThat(SignatureCheck.verify(other, STATEMENT, signature))
            .isInstanceOf(SignatureCheck.Invalid.class);
      }
      var asRaw = new Signature.OverPae(key.key().keyId(), direct, blob);
      assertThat(SignatureCheck.verify(key.key(), STATEMENT, asRaw))
          .isInstanceOf(SignatureCheck.Invalid.class);
    }
  }

  @Test
  void aKeyIsReadFromTheLineOfOpenSshAndFromJson() {
    for (var key : KEYS) {
      var line = SshKey.format(key.key());
      assertThat(SshKey.parse(line + " ann@example\n")).isEqualTo(key.key());
      assertThat(VerifyingKey.parse(key.key().toJson())).isEqualTo(key.key());
      assertThatThrownBy(() -> SshKey.parse(line.substring(0, line.length() - 8)))
          .isInstanceOf(UnacceptableKey.class);
      assertThatThrownBy(() -> SshKey.parse(line.replaceFirst("^\\S+", "ssh-ed448")))
          .isInstanceOf(UnacceptableKey.class);
    }
  }

  @Test
  void otherTypesOfKeyAreRefusedAndTheMessageSaysWhichWouldDo() {
    for (var type :
        List.of(
            "ssh-rsa",
            "ssh-dss",
            "ecdsa-sha2-nistp384",
            "ecdsa-sha2-nistp521",
            "ssh-ed25519-cert-v01@openssh.com",
            "webauthn-sk-ecdsa-sha2-nistp256@openssh.com")) {
      assertThatThrownBy(() -> SshKey.parse(type + " AAAA"))
          .isInstanceOf(UnacceptableKey.class)
          .hasMessageContaining(type + " are not accepted")
          .hasMessageContaining("ssh-keygen -t ed25519");
    }
    for (var none : List.of("", "ssh-ed25519", "hello", "ssh-ed25519 !!!!", "ssh-ed25519 AAAA")) {
      assertThatThrownBy(() -> SshKey.parse(none)).isInstanceOf(UnacceptableKey.class);
    }
  }

  @Test
  void onlyAnApplicationForSshIsEnrolled() {
    var spki = KEYS.getFirst().key().spki();
    for (var application :
        List.of("", "ssh", "example.com", "ssh: x", "ssh:é", "ssh:" + "x".repeat(61))) {
      assertThatThrownBy(() -> VerifyingKey.enrolSecurityKey(spki, application))
          .isInstanceOf(UnacceptableKey.class);
    }
    var direct = Json.object().put("scheme", "ed25519").put("spki", spki);
    assertThatThrownBy(() -> VerifyingKey.parse(direct.put("application", "ssh:").build()))
        .isInstanceOf(MalformedJson.class);
  }

  @Test
  void theArmorIsReadAndNothingElse() {
    var key = KEYS.getFirst();
    var blob = key.blob(PAE, TestKeyForm.USUAL);
    assertThat(SshSig.signature(key.key(), SshTestKey.armored(blob))).isEqualTo(key.sign(PAE));
    for (var text : List.of("", blob.base64(), SshTestKey.armored(blob) + "x")) {
      assertThatThrownBy(() -> SshSig.signature(key.key(), text))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
