package org.openlockbox.core.signing;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.regex.Pattern;
import org.openlockbox.core.canonical.Bytes;

/// The signatures that `ssh-keygen -Y sign` makes (OpenSSH, PROTOCOL.sshsig), held to one form
/// each: version 1, this key, our namespace, nothing reserved, nothing after. `ssh-keygen -Y
/// verify` accepts whatever is accepted here.
///
/// A security key (PROTOCOL.u2f) says with each signature whether its user touched it and proved to
/// be its owner. Both are demanded; `ssh-keygen` has no way to demand the second.
public final class SshSig {
  /// The namespace that is signed (`ssh-keygen -n`). What kind of statement it is says the PAE.
  public static final String NAMESPACE = "lockbox@v1";

  private static final Bytes MAGIC = Bytes.ofUtf8("SSHSIG");
  private static final Bytes VERSION = Bytes.ofHex("00000001");
  private static final int COUNTER = 4;
  private static final int UP = 0x01;
  private static final int UV = 0x04;
  private static final int LONGEST_INTEGER = 33;
  private static final Pattern ARMOR =
      Pattern.compile(
          "-----BEGIN SSH SIGNATURE-----\\s+([A-Za-z0-9+/=\\s]+?)\\s*-----END SSH SIGNATURE-----\\s*");

  private SshSig() {}

  /// The signature in what `ssh-keygen` wrote; whether it is true is not checked. Throws
  /// [IllegalArgumentException].
  public static Signature signature(VerifyingKey key, String armored) {
    var armor = ARMOR.matcher(armored);
    if (!armor.matches()) {
      throw new IllegalArgumentException("not an SSH signature");
    }
    var blob = Bytes.ofBase64(armor.group(1).replaceAll("\\s", ""));
    return new Signature.OverPae(key.keyId(), Scheme.SSHSIG, blob);
  }

  /// Why this is not the key's signature over these bytes, or an empty text when it is.
  static String fault(VerifyingKey key, Bytes message, Bytes blob) {
    try {
      var reader = new SshReader(blob);
      if (!reader.take(MAGIC.size()).equals(MAGIC)
          || !reader.take(VERSION.size()).equals(VERSION)) {
        return "not an SSH signature of version 1";
      }
      if (!reader.string().equals(SshKey.wire(key))) {
        return "signed with another SSH key";
      }
      if (!reader.string().equals(Bytes.ofUtf8(NAMESPACE))) {
        return "the SSH signature was made for another use than " + NAMESPACE;
      }
      if (!reader.string().isEmpty()) {
        return "the SSH signature uses what is reserved";
      }
      var hash = reader.string();
      var signature = reader.string();
      if (!reader.isAtEnd()) {
        return "something follows the SSH signature";
      }
      var digest = digest(hash, message);
      return digest.isEmpty()
          ? "the SSH signature is over another hash than SHA-256 or SHA-512"
          : fault(key, signed(hash, digest), new SshReader(signature));
    } catch (SshReader.Truncated e) {
      return "the SSH signature ends too early";
    }
  }

  /// What the key has signed: the same header again, then the hash of the message.
  private static Bytes signed(Bytes hash, Bytes digest) {
    return MAGIC
        .plus(SshReader.string(NAMESPACE))
        .plus(SshReader.string(Bytes.empty()))
        .plus(SshReader.string(hash))
        .plus(SshReader.string(digest));
  }

  /// Empty for hashes that are not accepted.
  private static Bytes digest(Bytes hash, Bytes message) {
    if (hash.equals(Bytes.ofUtf8("sha256"))) {
      return Bytes.of(message.sha256().bytes());
    }
    return hash.equals(Bytes.ofUtf8("sha512")) ? sha512(message) : Bytes.empty();
  }

  private static Bytes sha512(Bytes message) {
    try {
      return Bytes.of(MessageDigest.getInstance("SHA-512").digest(message.toArray()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-512", e);
    }
  }

  /// The innermost part: `string type, string signature`, and of a security key `byte flags, uint32
  /// counter`. The counter is not judged, as with passkeys.
  private static String fault(VerifyingKey key, Bytes signed, SshReader reader) {
    if (!reader.string().equals(Bytes.ofUtf8(SshKey.type(key)))) {
      return "the SSH signature names another algorithm than the key's";
    }
    var signature = reader.string();
    var message = signed;
    if (key.application().isPresent()) {
      var flags = reader.take(1);
      var fault = flagsFault(flags.at(0));
      if (!fault.isEmpty()) {
        return fault;
      }
      var application = Bytes.ofUtf8(key.application().get());
      message =
          Bytes.of(application.sha256().bytes())
              .plus(flags)
              .plus(reader.take(COUNTER))
              .plus(Bytes.of(signed.sha256().bytes()));
    }
    if (!reader.isAtEnd()) {
      return "something follows the SSH signature";
    }
    return key.verifies(message, key.isEd25519() ? signature : der(signature))
        ? ""
        : "the SSH signature is false";
  }

  private static String flagsFault(int flags) {
    if ((flags & UP) == 0) {
      return "the security key was not touched";
    }
    if ((flags & UV) == 0) {
      return "the security key did not verify its user: make its key with ssh-keygen -O verify-required";
    }
    return flags == (UP | UV) ? "" : "the security key says more than that it verified its user";
  }

  /// `mpint r, mpint s` (RFC 5656 section 3.1.2) as DER. The content of a positive mpint is that of
  /// a DER integer, both in their shortest form, so [P256] refuses whatever is not; empty where
  /// there is more or less than two of them.
  private static Bytes der(Bytes signature) {
    var reader = new SshReader(signature);
    var r = reader.string();
    var s = reader.string();
    if (!reader.isAtEnd() || r.size() > LONGEST_INTEGER || s.size() > LONGEST_INTEGER) {
      return Bytes.empty();
    }
    var integers = integer(r).plus(integer(s));
    return Bytes.of(new byte[] {0x30, (byte) integers.size()}).plus(integers);
  }

  private static Bytes integer(Bytes content) {
    return Bytes.of(new byte[] {0x02, (byte) content.size()}).plus(content);
  }
}
