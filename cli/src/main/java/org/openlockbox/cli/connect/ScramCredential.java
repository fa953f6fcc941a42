package org.openlockbox.cli.connect;

import java.security.SecureRandom;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.scram.ScramKeys;
import org.openlockbox.core.statement.Credential.Scram;

/// What a gateway needs to check a password without knowing it. The passwords are random with 192
/// bits, so guessing them from a verifier is hopeless and 4096 iterations are enough.
final class ScramCredential {
  private static final int ITERATIONS = 4096;
  private static final int SALT = 16;

  private ScramCredential() {}

  /// The verifier of a password of printable ASCII, under a salt of its own.
  static Scram of(String password, SecureRandom random) {
    byte[] bytes = new byte[SALT];
    random.nextBytes(bytes);
    Bytes salt = Bytes.of(bytes);
    ScramKeys keys = ScramKeys.of(password, salt, ITERATIONS);
    return new Scram(ITERATIONS, salt, keys.storedKey(), keys.serverKey());
  }
}
