package org.openlockbox.postgres.wire;

import java.security.SecureRandom;
import org.openlockbox.core.canonical.Bytes;

/// What a client shows to cancel a running statement. The gateway makes its own (random process id
/// and secret); the database's key never leaves the gateway.
///
/// @param secret of four bytes in protocol 3.0, of 4 to 256 since 3.2
public record CancelKey(int pid, Bytes secret) {
  private static final int SHORTEST = 4;
  private static final int LONGEST = 256;

  public CancelKey {
    if (secret.size() < SHORTEST || secret.size() > LONGEST) {
      throw new WireViolation("a cancel key of " + secret.size() + " bytes");
    }
  }

  /// One that nobody guesses, as long as the client's protocol allows.
  public static CancelKey random(ProtocolVersion version, SecureRandom random) {
    byte[] secret = new byte[version.secretLength()];
    random.nextBytes(secret);
    return new CancelKey(random.nextInt(1, Integer.MAX_VALUE), Bytes.of(secret));
  }

  /// Takes what is left of a message.
  public static CancelKey rest(Slice body) {
    return new CancelKey(body.int32(), Bytes.of(body.take(body.remaining())));
  }

  /// As it stands in a message.
  public byte[] bytes() {
    return ServerMessages.joined(ServerMessages.ints(pid), secret.toArray());
  }

  /// Takes as long however much of the secret is right.
  @Override
  public boolean equals(Object other) {
    return other instanceof CancelKey that
        && pid == that.pid
        && secret.equalsInConstantTime(that.secret);
  }

  @Override
  public int hashCode() {
    return 31 * pid + secret.hashCode();
  }

  @Override
  public String toString() {
    return "CancelKey[" + pid + "]";
  }
}
