package org.openlockbox.server.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.PrivateKey;
import java.security.interfaces.EdECPrivateKey;
import java.util.Set;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.openlockbox.tlog.LogSigner;
import org.openlockbox.tlog.LogVerifier;
import org.openlockbox.tlog.MessageSigner;
import org.openlockbox.tlog.SigningKeys;

/// The two keys, Ed25519 and ML-DSA-44, that sign the checkpoints of every log of this server, each
/// under the log's own name. The private halves never leave this object.
///
/// Ed25519 signs with Bouncy Castle's lightweight API, 15 times as fast as the JDK; ML-DSA-44 with
/// the JDK.
public final class LogKeys {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private final SigningKeys keys;
  private final MessageSigner ed25519;

  private LogKeys(SigningKeys keys) {
    this.keys = keys;
    this.ed25519 = keys.ed25519Signer(LogKeys::fast);
  }

  /// Reads the file that `lockbox key new --log` makes; refuses one that others may read.
  public static LogKeys read(Path file) {
    try {
      if (!OWNER_ONLY.containsAll(Files.getPosixFilePermissions(file))) {
        throw new IllegalArgumentException("the log keys can be read by others: chmod 600 " + file);
      }
      return new LogKeys(SigningKeys.parse(Files.readString(file)));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the log keys " + file, e);
    }
  }

  /// Signs the checkpoints of the log with this origin.
  public LogSigner signer(String origin) {
    return keys.logSigner(origin, ed25519);
  }

  /// What checkpoints of this log are verified with; its vkeys stand in the genesis entry.
  public LogVerifier verifier(String origin) {
    return keys.logVerifier(origin);
  }

  /// The public half is computed once, from the private half and nothing else: signed with another
  /// one, two signatures would give the private half away.
  private static MessageSigner fast(PrivateKey ed25519) {
    byte[] seed = ((EdECPrivateKey) ed25519).getBytes().orElseThrow();
    byte[] point = new byte[Ed25519.PUBLIC_KEY_SIZE];
    Ed25519.generatePublicKey(seed, 0, point, 0);
    return message -> {
      byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
      Ed25519.sign(seed, 0, point, 0, message, 0, message.length, signature, 0);
      return signature;
    };
  }

  @Override
  public String toString() {
    return "LogKeys[" + keys + "]";
  }
}
