package org.openlockbox.cli.command.keyring;

import java.util.List;
import org.openlockbox.cli.signing.KeyFiles;
import org.openlockbox.core.signing.Envelope;
import picocli.CommandLine.Option;

/// The approvers' keys with which a change of the keyring is signed; as many as the quorum needs.
public final class QuorumKeys {
  @Option(
      names = "--key",
      required = true,
      paramLabel = "FILE",
      description = "An approver's key file or SSH key; repeat it for a quorum.")
  private List<String> names = List.of();

  public Envelope sign(Envelope envelope, KeyFiles keys) {
    Envelope signed = envelope;
    for (String name : names) {
      signed = signed.signedBy(keys.load(name));
    }
    return signed;
  }
}
