package org.openlockbox.core.signing;

import java.util.regex.Pattern;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.MalformedJson;

/// An SSH public key as OpenSSH writes it: `TYPE BASE64 [COMMENT]`, the content of a `.pub` file.
/// Four types are accepted; of each, the key in our documents is the SPKI of the same point, and of
/// the two that live on security keys also the application (PROTOCOL.u2f).
public final class SshKey {
  private static final String ED25519 = "ssh-ed25519";
  private static final String ECDSA = "ecdsa-sha2-nistp256";
  private static final String SK_ED25519 = "sk-ssh-ed25519@openssh.com";
  private static final String SK_ECDSA = "sk-ecdsa-sha2-nistp256@openssh.com";
  private static final String CURVE = "nistp256";

  private static final Bytes SPKI_ED25519 = Bytes.ofHex("302a300506032b6570032100");
  private static final Bytes SPKI_P256 =
      Bytes.ofHex("3059301306072a8648ce3d020106082a8648ce3d030107034200");
  private static final int MAX_LENGTH = 10_000;
  private static final Pattern LINE = Pattern.compile("(\\S+)[ \\t]+(\\S+)(?:[ \\t].*)?");

  private SshKey() {}

  /// Reads a line of a `.pub` file. Throws [UnacceptableKey], which says what would be accepted.
  public static VerifyingKey parse(String line) {
    var words = LINE.matcher(line.strip());
    if (line.length() > MAX_LENGTH || !words.matches()) {
      throw new UnacceptableKey("not an SSH public key: TYPE BASE64 [COMMENT]");
    }
    var type = words.group(1);
    checkType(type);
    try {
      var wire = Bytes.ofBase64(words.group(2));
      var key = read(type, new SshReader(wire));
      if (!wire(key).equals(wire)) {
        throw new UnacceptableKey("not the usual form of a " + type + " key");
      }
      return key;
    } catch (UnacceptableKey e) {
      throw new UnacceptableKey("not a " + type + " key: " + e.getMessage(), e);
    } catch (SshReader.Truncated | IllegalArgumentException | MalformedJson e) {
      throw new UnacceptableKey("not a " + type + " key: it cannot be read", e);
    }
  }

  private static void checkType(String type) {
    switch (type) {
      case ED25519, ECDSA, SK_ED25519, SK_ECDSA -> {}
      default ->
          throw new UnacceptableKey(
              "SSH keys of type %s are not accepted; make one with ssh-keygen -t ed25519, ed25519-sk, ecdsa-sk or ecdsa (256 bits)"
                  .formatted(type));
    }
  }

  /// What follows is compared with [#wire], so nothing but the content is looked at here.
  private static VerifyingKey read(String type, SshReader reader) {
    reader.string(); // the type again
    boolean ed25519 = type.equals(ED25519) || type.equals(SK_ED25519);
    if (!ed25519) {
      reader.string(); // the curve
    }
    var spki = (ed25519 ? SPKI_ED25519 : SPKI_P256).plus(reader.string());
    return reader.isAtEnd()
        ? VerifyingKey.enrol(Scheme.SSHSIG, spki)
        : VerifyingKey.enrolSecurityKey(spki, reader.string().utf8());
  }

  /// The type that OpenSSH gives this key, and the algorithm that a signature by it names.
  static String type(VerifyingKey key) {
    boolean onSecurityKey = key.application().isPresent();
    if (key.isEd25519()) {
      return onSecurityKey ? SK_ED25519 : ED25519;
    }
    return onSecurityKey ? SK_ECDSA : ECDSA;
  }

  /// The key in the form of RFC 4253 section 6.6: RFC 8709, RFC 5656, PROTOCOL.u2f.
  static Bytes wire(VerifyingKey key) {
    var prefix = key.isEd25519() ? SPKI_ED25519 : SPKI_P256;
    var point = key.spki().slice(prefix.size(), key.spki().size());
    var wire = SshReader.string(type(key));
    if (!key.isEd25519()) {
      wire = wire.plus(SshReader.string(CURVE));
    }
    wire = wire.plus(SshReader.string(point));
    return key.application().map(SshReader::string).map(wire::plus).orElse(wire);
  }

  /// The key as a line of an `authorized_keys` or `allowed_signers` file has it.
  public static String format(VerifyingKey key) {
    return type(key) + " " + wire(key).base64();
  }
}
