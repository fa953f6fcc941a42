package org.openlockbox.cli.verb;

import java.util.List;
import org.openlockbox.cli.profile.ConfigDirectory;
import org.openlockbox.cli.signing.KeyFiles;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.SoftwareKey;
import picocli.CommandLine.Option;

/// The approvers' keys with which a change of the keyring is signed; as many as the quorum needs.
final class SigningKeys {
  @Option(
      names = "--key",
      required = true,
      paramLabel = "FILE",
      description = "An approver's private key; repeat it for a quorum.")
  private List<String> names = List.of();

  Envelope sign(Envelope envelope, ConfigDirectory config) {
    Envelope signed = envelope;
    for (String name : names) {
      SoftwareKey key = KeyFiles.load(config, name);
      signed = signed.signedBy(key);
    }
    return signed;
  }
}
