package org.openlockbox.cli.command.keyring;

import java.util.List;
import org.openlockbox.cli.command.CommonOptions;
import org.openlockbox.cli.signing.KeyFiles;
import org.openlockbox.core.signing.Envelope;
import picocli.CommandLine.Option;

/// The approvers' keys with which a change of the keyring is signed; as many as the quorum needs.
public final class QuorumKeys {
  @Option(
      names = "--key",
      paramLabel = "FILE",
      description =
          "An approver's key file or SSH key; repeat it for a quorum (default: the profile's).")
  private List<String> names = List.of();

  public Envelope sign(Envelope envelope, CommonOptions call) {
    KeyFiles keys = call.surroundings().keys();
    Envelope signed = envelope;
    for (String name : names.isEmpty() ? List.of("") : names) {
      signed = signed.signedBy(keys.load(call.signingKey(name)));
    }
    return signed;
  }
}
