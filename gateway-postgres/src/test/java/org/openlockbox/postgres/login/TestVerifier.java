package org.openlockbox.postgres.login;

import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.scram.ScramKeys;
import org.openlockbox.core.statement.Credential;

/// The SCRAM verifier of a password, as `lockbox connect` makes it.
public final class TestVerifier {
  private TestVerifier() {}

  public static Credential.Scram of(String password, Bytes salt) {
    ScramVerifier verifier =
        ScramVerifier.of(ScramKeys.of(password, salt, 4096), salt.toArray(), 4096);
    return new Credential.Scram(
        4096, salt, Bytes.of(verifier.storedKey()), Bytes.of(verifier.serverKey()));
  }
}
