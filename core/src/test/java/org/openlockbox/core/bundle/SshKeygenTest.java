package org.openlockbox.core.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.Scheme;
import org.openlockbox.core.signing.Signature;
import org.openlockbox.core.signing.SignatureCheck;
import org.openlockbox.core.signing.SshKey;
import org.openlockbox.core.signing.SshSig;
import org.openlockbox.core.signing.UnacceptableKey;
import org.openlockbox.core.signing.VerifyingKey;
import org.openlockbox.core.testing.SshTestKey;
import org.openlockbox.core.testing.SshTestKey.TestKeyForm;

/// OpenSSH and we agree: what it signs we accept, what we accept it accepts.
class SshKeygenTest {
  private static final Bytes PAE =
      Envelope.unsigned("application/vnd.lockbox.test.v1+json", Json.object().put("v", 1).build())
          .pae();
  private static final BigInteger ORDER =
      new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

  @TempDir private Path directory;

  @BeforeEach
  void itIsHere() throws InterruptedException {
    SshKeygen.need();
  }

  private static boolean accepts(VerifyingKey key, Signature signature) {
    return SignatureCheck.fault(key, PAE, signature).isEmpty();
  }

  @Test
  void whatItSignsForUsWeAccept() throws Exception {
    var ssh = new SshKeygen(directory);
    for (var type : List.of("ed25519", "ecdsa")) {
      var key = SshKey.parse(ssh.key(type, "-t", type));
      for (var hash : List.of("sha256", "sha512")) {
        var armored = ssh.signed(type, PAE, "-n", SshSig.NAMESPACE, "-O", "hashalg=" + hash);
        var signature = SshSig.signature(key, armored);
        assertThat(SignatureCheck.fault(key, PAE, signature)).isEmpty();
        assertThat(ssh.accepts(key, PAE, signature.sig())).isTrue();
      }
    }
  }

  @Test
  void whatItSignsForOthersOrWithAnotherKeyWeRefuse() throws Exception {
    var ssh = new SshKeygen(directory);
    var key = SshKey.parse(ssh.key("ann", "-t", "ed25519"));
    var other = SshKey.parse(ssh.key("bob", "-t", "ed25519"));
    for (var namespace : List.of("file", "git", "lockbox@v2")) {
      var signature = SshSig.signature(key, ssh.signed("ann", PAE, "-n", namespace));
      assertThat(SignatureCheck.fault(key, PAE, signature)).contains("another use");
    }
    var theirs = SshSig.signature(key, ssh.signed("bob", PAE, "-n", SshSig.NAMESPACE));
    assertThat(SignatureCheck.fault(key, PAE, theirs)).contains("another SSH key");
    assertThat(accepts(other, new Signature.OverPae(other.keyId(), Scheme.SSHSIG, theirs.sig())))
        .isTrue();
  }

  @Test
  void keysOfOtherTypesAreNotEnrolled() throws Exception {
    var ssh = new SshKeygen(directory);
    var rsa = ssh.key("rsa", "-t", "rsa", "-b", "2048");
    var p384 = ssh.key("p384", "-t", "ecdsa", "-b", "384");
    for (var line : List.of(rsa, p384)) {
      assertThatThrownBy(() -> SshKey.parse(line))
          .isInstanceOf(UnacceptableKey.class)
          .hasMessageContaining("are not accepted");
    }
  }

  private static List<SshTestKey> keys() {
    return List.of(
        SshTestKey.plain(Scheme.ED25519),
        SshTestKey.plain(Scheme.ECDSA_P256),
        SshTestKey.onSecurityKey(Scheme.ED25519, "ssh:"),
        SshTestKey.onSecurityKey(Scheme.ECDSA_P256, "ssh:acme"));
  }

  /// Every byte of each kind of signature, changed in one bit: never ours alone. Good signatures
  /// and their twins show that both sides do accept.
  @Test
  void weAcceptNothingThatItRefuses() throws Exception {
    var ssh = new SshKeygen(directory);
    int both = 0;
    int refused = 0;
    int stricter = 0;
    for (var secret : keys()) {
      var good = secret.blob(PAE, TestKeyForm.USUAL);
      var candidates = new ArrayList<>(List.of(good, good.plus(Bytes.ofHex("00"))));
      candidates.add(secret.blob(PAE, new TestKeyForm(SshSig.NAMESPACE, "", "sha256", 0x05)));
      candidates.add(secret.blob(PAE, new TestKeyForm(SshSig.NAMESPACE, "x", "sha512", 0x05)));
      if (secret.key().spki().size() > 44) {
        candidates.add(twin(secret, good));
      }
      for (int at = 0; at < good.size(); at++) {
        var bent = good.toArray();
        bent[at] ^= (byte) (1 << at % Byte.SIZE);
        candidates.add(Bytes.of(bent));
      }
      for (var blob : candidates) {
        var signature = new Signature.OverPae(secret.key().keyId(), Scheme.SSHSIG, blob);
        boolean ours = accepts(secret.key(), signature);
        boolean theirs = ssh.accepts(secret.key(), PAE, blob);
        assertThat(ours && !theirs).as("ours alone: " + blob.hex()).isFalse();
        both += ours ? 1 : 0;
        refused += ours || theirs ? 0 : 1;
        stricter += theirs && !ours ? 1 : 0;
      }
    }
    System.out.printf(
        "- SSH signatures: %d accepted by both, %d refused by both, %d refused by us alone%n",
        both, refused, stricter);
    assertThat(both).isEqualTo(10); // four keys with two hashes, two twins
    assertThat(refused).isGreaterThan(700);
    assertThat(stricter).isPositive(); // what is reserved, and flags
  }

  /// The same ECDSA signature with n - s.
  private static Bytes twin(SshTestKey secret, Bytes good) {
    int tail = secret.key().application().isPresent() ? 5 : 0;
    var name = SshKey.format(secret.key()).split(" ", 2)[0];
    int inner = 4 + 6 + 4 + secret.wire().size() + 4 + SshSig.NAMESPACE.length() + 4 + 4 + 6;
    int r = inner + 4 + 4 + name.length() + 4;
    int s = r + 4 + good.at(r + 3);
    var value = new BigInteger(good.slice(s + 4, good.size() - tail).toArray());
    var other = Bytes.of(ORDER.subtract(value).toByteArray());
    var pair = good.slice(r, s).plus(SshTestKey.string(other));
    var named = SshTestKey.string(Bytes.ofUtf8(name)).plus(SshTestKey.string(pair));
    var whole = named.plus(good.slice(good.size() - tail, good.size()));
    return good.slice(0, inner).plus(SshTestKey.string(whole));
  }

  /// It believes a security key that saw neither touch nor PIN; we demand both.
  @Test
  void itDoesNotAskWhetherASecurityKeySawItsUser() throws Exception {
    var ssh = new SshKeygen(directory);
    for (var material : List.of(Scheme.ED25519, Scheme.ECDSA_P256)) {
      var secret = SshTestKey.onSecurityKey(material, "ssh:");
      var touched = secret.sign(PAE, new TestKeyForm(SshSig.NAMESPACE, "", "sha512", 0x01));
      assertThat(ssh.accepts(secret.key(), PAE, touched.sig())).isTrue();
      assertThat(SignatureCheck.fault(secret.key(), PAE, touched)).contains("verify-required");
      var untouched = secret.sign(PAE, new TestKeyForm(SshSig.NAMESPACE, "", "sha512", 0x00));
      assertThat(ssh.accepts(secret.key(), PAE, untouched.sig())).isTrue();
      assertThat(SignatureCheck.fault(secret.key(), PAE, untouched)).contains("not touched");
    }
  }
}
