package org.openlockbox.tlog;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

/// The two private keys, Ed25519 and ML-DSA-44, that a log or a witness signs with, and their
/// public halves. Kept as text: a `PRIVATE KEY` and a `PUBLIC KEY` block of each (RFC 7468), not
/// encrypted, so whoever stores it sets the file's permissions.
///
/// An ML-DSA private key is read in the expanded form that the JDK writes; OpenSSL writes it with
/// `-provparam ml-dsa.output_formats=priv-only`.
public final class SigningKeys {
  private static final int MAX_LENGTH = 20_000;
  private static final Pattern BLOCK =
      Pattern.compile(
          "-----BEGIN (PRIVATE|PUBLIC) KEY-----\\s+([A-Za-z0-9+/=\\s]+?)\\s*-----END \\1 KEY-----");
  private static final Base64.Encoder LINES =
      Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

  private final Ed25519Point ed25519;
  private final PrivateKey ed25519Secret;
  private final MlDsaKey mlDsa;
  private final PrivateKey mlDsaSecret;

  private SigningKeys(
      Ed25519Point ed25519, PrivateKey ed25519Secret, MlDsaKey mlDsa, PrivateKey mlDsaSecret) {
    this.ed25519 = ed25519;
    this.ed25519Secret = ed25519Secret;
    this.mlDsa = mlDsa;
    this.mlDsaSecret = mlDsaSecret;
    var probe = "do these halves belong together?".getBytes(StandardCharsets.US_ASCII);
    if (!ed25519.verifies(probe, MessageSigner.of(ed25519Secret).sign(probe))
        || !mlDsa.verifies(probe, MessageSigner.of(mlDsaSecret).sign(probe))) {
      throw new IllegalArgumentException("a public key does not belong to its private key");
    }
  }

  public static SigningKeys generate(SecureRandom random) {
    try {
      var ed = pair("Ed25519", random);
      var ml = pair("ML-DSA-44", random);
      return new SigningKeys(
          Ed25519Point.ofSpki(ed.getPublic().getEncoded()),
          ed.getPrivate(),
          MlDsaKey.ofSpki(ml.getPublic().getEncoded()),
          ml.getPrivate());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java 25 platform makes these keys", e);
    }
  }

  private static KeyPair pair(String algorithm, SecureRandom random)
      throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance(algorithm);
    if (algorithm.equals("Ed25519")) {
      generator.initialize(255, random);
    }
    return generator.generateKeyPair();
  }

  /// Reads the four blocks; refuses halves that do not belong together. No message contains a part
  /// of the text.
  public static SigningKeys parse(String text) {
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("too long for a key file");
    }
    var secrets = blocks("PRIVATE", text);
    var publics = blocks("PUBLIC", text);
    if (secrets.size() != 2 || publics.size() != 2) {
      throw new IllegalArgumentException(
          "a log or a witness has two keys: a PRIVATE and a PUBLIC block of Ed25519, then of"
              + " ML-DSA-44");
    }
    return new SigningKeys(
        Ed25519Point.ofSpki(publics.getFirst()),
        secret("Ed25519", secrets.getFirst()),
        MlDsaKey.ofSpki(publics.getLast()),
        secret("ML-DSA-44", secrets.getLast()));
  }

  private static PrivateKey secret(String algorithm, byte[] der) {
    try {
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
    } catch (GeneralSecurityException e) {
      // Without the cause, whose message may quote the secret.
      throw new IllegalArgumentException("the " + algorithm + " private key cannot be read");
    }
  }

  private static List<byte[]> blocks(String kind, String text) {
    var found = new ArrayList<byte[]>();
    var blocks = BLOCK.matcher(text);
    while (blocks.find()) {
      if (blocks.group(1).equals(kind)) {
        found.add(decoded(blocks.group(2)));
      }
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

  public String format() {
    return block("PRIVATE", ed25519Secret.getEncoded())
        + block("PUBLIC", ed25519.spki())
        + block("PRIVATE", mlDsaSecret.getEncoded())
        + block("PUBLIC", mlDsa.spki());
  }

  private static String block(String kind, byte[] der) {
    return "-----BEGIN %s KEY-----\n%s\n-----END %s KEY-----\n"
        .formatted(kind, LINES.encodeToString(der), kind);
  }

  /// What checkpoints of the log with this origin are verified with.
  public LogVerifier logVerifier(String origin) {
    return LogVerifier.of(new Ed25519Verifier(origin, ed25519), new MlDsaVerifier(origin, mlDsa));
  }

  /// Signs the checkpoints of the log with this origin, with the JDK.
  public LogSigner logSigner(String origin) {
    return logSigner(origin, MessageSigner.of(ed25519Secret));
  }

  /// Signs the checkpoints of the log with this origin, Ed25519 by another implementation.
  public LogSigner logSigner(String origin, MessageSigner ed25519Signer) {
    return new LogSigner(
        List.of(
            new NoteSigner(new Ed25519Verifier(origin, ed25519), ed25519Signer),
            new NoteSigner(new MlDsaVerifier(origin, mlDsa), MessageSigner.of(mlDsaSecret))));
  }

  /// Another implementation's signer with the Ed25519 key, to be made once.
  public MessageSigner ed25519Signer(Function<PrivateKey, MessageSigner> implementation) {
    return implementation.apply(ed25519Secret);
  }

  /// Sign any message: Ed25519, then ML-DSA-44. No message may begin as a checkpoint does or as
  /// what ML-DSA-44 signs of one.
  public List<MessageSigner> messageSigners() {
    return List.of(MessageSigner.of(ed25519Secret), MessageSigner.of(mlDsaSecret));
  }

  /// Makes the cosignatures of the witness with this name: cosignature/v1, then ML-DSA.
  public List<NoteSigner> cosigners(String name) {
    return List.of(
        new NoteSigner(new CosignatureVerifier(name, ed25519), MessageSigner.of(ed25519Secret)),
        new NoteSigner(new MlDsaVerifier(name, mlDsa), MessageSigner.of(mlDsaSecret)));
  }

  @Override
  public String toString() {
    return "private halves of " + ed25519 + " and " + mlDsa;
  }
}
