package org.openlockbox.core.testing;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.signing.PrivateSigner;
import org.openlockbox.core.signing.Scheme;
import org.openlockbox.core.signing.Signature;
import org.openlockbox.core.signing.SoftwareKey;
import org.openlockbox.core.signing.SshKey;
import org.openlockbox.core.signing.SshSig;
import org.openlockbox.core.signing.VerifyingKey;

/// An SSH key in software, plain or as on a security key: it signs whatever it is told to, in
/// whatever namespace and with whatever flags.
public final class SshTestKey implements PrivateSigner {
  /// What a security key says after a touch and a PIN.
  public static final int UP_UV = 0x05;

  private static final Bytes COUNTER = Bytes.ofHex("00000007");
  private static final Base64.Encoder LINES = Base64.getMimeEncoder(70, new byte[] {'\n'});

  private final SoftwareKey secret;
  private final VerifyingKey key;

  private SshTestKey(SoftwareKey secret, VerifyingKey key) {
    this.secret = secret;
    this.key = key;
  }

  /// A key of this material, [Scheme#ED25519] or [Scheme#ECDSA_P256].
  public static SshTestKey plain(Scheme material) {
    var secret = SoftwareKey.generate(material, new SecureRandom());
    return new SshTestKey(secret, VerifyingKey.enrol(Scheme.SSHSIG, secret.key().spki()));
  }

  /// The same as a security key has it.
  public static SshTestKey onSecurityKey(Scheme material, String application) {
    var secret = SoftwareKey.generate(material, new SecureRandom());
    return new SshTestKey(secret, VerifyingKey.enrolSecurityKey(secret.key().spki(), application));
  }

  /// What the bytes around a signature say.
  public record TestKeyForm(String namespace, String reserved, String hash, int flags) {
    public static final TestKeyForm USUAL = new TestKeyForm(SshSig.NAMESPACE, "", "sha512", UP_UV);
  }

  @Override
  public VerifyingKey key() {
    return key;
  }

  @Override
  public Signature sign(Bytes pae) {
    return sign(pae, TestKeyForm.USUAL);
  }

  public Signature sign(Bytes pae, TestKeyForm form) {
    return new Signature.OverPae(key.keyId(), Scheme.SSHSIG, blob(pae, form));
  }

  /// A whole signature, in the form of PROTOCOL.sshsig but for what is told otherwise.
  public Bytes blob(Bytes message, TestKeyForm form) {
    var header = string(Bytes.ofUtf8(form.namespace())).plus(string(Bytes.ofUtf8(form.reserved())));
    var hash = string(Bytes.ofUtf8(form.hash()));
    // OpenSSH signs an empty reserved field whatever the one outside holds.
    var signed =
        Bytes.ofUtf8("SSHSIG")
            .plus(string(Bytes.ofUtf8(form.namespace())))
            .plus(string(Bytes.empty()))
            .plus(hash)
            .plus(string(digest(form.hash(), message)));
    return Bytes.ofUtf8("SSHSIG")
        .plus(Bytes.ofHex("00000001"))
        .plus(string(wire()))
        .plus(header)
        .plus(hash)
        .plus(string(inner(signed, form.flags())));
  }

  /// The signature alone, as an agent answers with it.
  public Bytes inner(Bytes signed, int flags) {
    var type = string(Bytes.ofUtf8(SshKey.format(key).split(" ", 2)[0]));
    if (key.application().isEmpty()) {
      return type.plus(string(bare(signed)));
    }
    var said = Bytes.of(new byte[] {(byte) flags}).plus(COUNTER);
    var message =
        Bytes.of(Bytes.ofUtf8(key.application().get()).sha256().bytes())
            .plus(said)
            .plus(Bytes.of(signed.sha256().bytes()));
    return type.plus(string(bare(message))).plus(said);
  }

  /// The key as it stands in signatures and agents.
  public Bytes wire() {
    return Bytes.ofBase64(SshKey.format(key).split(" ", 2)[1]);
  }

  private Bytes bare(Bytes message) {
    var sig = secret.sign(message).sig();
    if (secret.key().scheme() == Scheme.ED25519) {
      return sig;
    }
    int s = 4 + sig.at(3);
    return string(sig.slice(4, s)).plus(string(sig.slice(s + 2, sig.size())));
  }

  private static Bytes digest(String hash, Bytes message) {
    try {
      var name = hash.replace("sha", "SHA-");
      return Bytes.of(MessageDigest.getInstance(name).digest(message.toArray()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalArgumentException("no such hash: " + hash, e);
    }
  }

  /// These bytes after their length, as all of SSH writes them.
  public static Bytes string(Bytes value) {
    int n = value.size();
    return Bytes.of(new byte[] {0, (byte) (n >> 16), (byte) (n >> 8), (byte) n}).plus(value);
  }

  /// A signature as `ssh-keygen` writes it into a file.
  public static String armored(Bytes blob) {
    return "-----BEGIN SSH SIGNATURE-----\n%s\n-----END SSH SIGNATURE-----\n"
        .formatted(LINES.encodeToString(blob.toArray()));
  }
}
