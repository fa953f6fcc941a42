package org.openlockbox.core.signing;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.openlockbox.core.canonical.Bytes;

/// The text of a key file: a `PRIVATE KEY` block (PKCS #8, RFC 7468 section 10) and the `PUBLIC
/// KEY` block (section 13) that belongs to it. Not encrypted: whoever stores it sets the file's
/// permissions. Tools like OpenSSL read both blocks.
public final class KeyFile {
  private static final int MAX_LENGTH = 10_000;
  private static final Pattern BLOCK =
      Pattern.compile(
          "-----BEGIN (PRIVATE|PUBLIC) KEY-----\\s+([A-Za-z0-9+/=\\s]+?)\\s*-----END \\1 KEY-----");
  private static final Base64.Encoder LINES =
      Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

  private KeyFile() {}

  /// Reads both blocks; refuses halves that do not belong together. No message contains a part of
  /// the file.
  public static SoftwareKey parse(String text) {
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("too long for a key file");
    }
    var publicKey = publicKey(text);
    var secret = block("PRIVATE", text);
    try {
      var factory = KeyFactory.getInstance(publicKey.scheme() == Scheme.ED25519 ? "Ed25519" : "EC");
      return SoftwareKey.of(publicKey, factory.generatePrivate(new PKCS8EncodedKeySpec(secret)));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("the private key cannot be read", e);
    }
  }

  /// Reads the public block alone, e.g. of a file that has no other.
  public static VerifyingKey publicKey(String text) {
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("too long for a key file");
    }
    var spki = Bytes.of(block("PUBLIC", text));
    return VerifyingKey.enrol(spki.size() == 44 ? Scheme.ED25519 : Scheme.ECDSA_P256, spki);
  }

  public static String format(SoftwareKey key) {
    return formatBlock("PRIVATE", key.secret().getEncoded()) + format(key.key());
  }

  public static String format(VerifyingKey key) {
    return formatBlock("PUBLIC", key.spki().toArray());
  }

  private static String formatBlock(String kind, byte[] der) {
    return "-----BEGIN %s KEY-----\n%s\n-----END %s KEY-----\n"
        .formatted(kind, LINES.encodeToString(der), kind);
  }

  private static byte[] block(String kind, String text) {
    byte[] found = new byte[0];
    Matcher blocks = BLOCK.matcher(text);
    while (blocks.find()) {
      if (!blocks.group(1).equals(kind)) {
        continue;
      }
      if (found.length > 0) {
        throw new IllegalArgumentException("more than one " + kind + " KEY block");
      }
      found = decoded(blocks.group(2));
    }
    if (found.length == 0) {
      throw new IllegalArgumentException("no " + kind + " KEY block");
    }
    return found;
  }

  private static byte[] decoded(String base64) {
    try {
      return Base64.getDecoder().decode(base64.replaceAll("\\s", ""));
    } catch (IllegalArgumentException e) {
      // Without the cause, whose message may quote the secret.
      throw new IllegalArgumentException("a key block is not base64");
    }
  }
}
