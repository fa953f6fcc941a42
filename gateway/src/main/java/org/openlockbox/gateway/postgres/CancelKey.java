package org.openlockbox.gateway.postgres;

import java.security.SecureRandom;

/// What a client shows to cancel a running statement. The gateway makes its own (random process id
/// and secret); the database's key never leaves the gateway.
public record CancelKey(int pid, int secret) {
  public static CancelKey random(SecureRandom random) {
    return new CancelKey(random.nextInt(1, Integer.MAX_VALUE), random.nextInt());
  }

  @Override
  public String toString() {
    return "CancelKey[" + pid + "]";
  }
}
