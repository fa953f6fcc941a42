package org.openlockbox.cli.signing;

import java.nio.file.Path;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.signing.PrivateSigner;
import org.openlockbox.core.signing.Signature;
import org.openlockbox.core.signing.SignatureCheck;
import org.openlockbox.core.signing.SshSig;
import org.openlockbox.core.signing.VerifyingKey;

/// Signs with an SSH key through [SshKeygen]. `file` is its private or its public file. What came
/// back is checked before it goes anywhere, so a security key that did not verify its user, or a
/// `.pub` of another key, is found here.
record SshSigner(VerifyingKey key, Path file, SshKeygen program) implements PrivateSigner {
  @Override
  public Signature sign(Bytes pae) {
    try {
      Signature signature = SshSig.signature(key, program.sign(file, pae));
      String fault = SignatureCheck.fault(key, pae, signature);
      if (fault.isEmpty()) {
        return signature;
      }
      throw useless(fault);
    } catch (IllegalArgumentException unreadable) {
      throw useless(String.valueOf(unreadable.getMessage()));
    }
  }

  private Failure useless(String why) {
    return new Failure(
        ExitCode.FAILURE,
        "the signature made with " + file + " does not count: " + why + "; it was not used",
        "lockbox key show " + file);
  }
}
