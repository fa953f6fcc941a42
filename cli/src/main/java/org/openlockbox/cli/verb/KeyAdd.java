package org.openlockbox.cli.verb;

import org.openlockbox.cli.signing.KeyFiles;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.core.keyring.ApproverKey;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.signing.SoftwareKey;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "add",
    description = "Add an approver's key to the keyring; the new key signs as well.",
    footer = {
      "",
      "Example:",
      "  lockbox key add bob:'Bob Example'=bob.key --tenant acme --key acme-approver.key"
    })
final class KeyAdd extends KeyringVerb {
  @Parameters(
      paramLabel = "ID[:NAME]=FILE",
      converter = NamedKey.Converter.class,
      description = "The approver and the new private key.")
  private NamedKey added = NamedKey.NONE;

  @Option(names = "--name", paramLabel = "NAME", description = "Another name for the key.")
  private String name = "";

  KeyAdd(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  ExitCode run() {
    SoftwareKey key = KeyFiles.load(call.surroundings().config(), added.file());
    ApproverKey entry =
        new ApproverKey(added.approver(), name.isEmpty() ? added.name() : name, key.key());
    return send(
        "keys",
        signed(keyring(), new KeyringChange.Change.Add(entry)).signedBy(key),
        "added " + key.key().keyId().hex() + " for " + added.approver());
  }
}
