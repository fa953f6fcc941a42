package org.openlockbox.cli.command.keyring;

import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.core.keyring.ApproverKey;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.signing.PrivateSigner;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "add",
    description = "Add an approver's key to the keyring; the new key signs as well.",
    footer = {
      "",
      "Examples:",
      "  lockbox key add bob:'Bob Example'=bob.key --tenant acme --key acme-approver.key",
      "  lockbox key add bob=$HOME/.ssh/id_ed25519_sk.pub --tenant acme --key acme-approver.key"
    })
public final class KeyAddCommand extends KeyringCommand {
  @Parameters(
      paramLabel = "ID[:NAME]=FILE",
      converter = NamedKey.NamedKeyConverter.class,
      description =
          "The approver and the new key: a key file, an SSH private key, or the .pub of an SSH key in an agent.")
  private NamedKey added = NamedKey.NONE;

  @Option(names = "--name", paramLabel = "NAME", description = "Another name for the key.")
  private String name = "";

  public KeyAddCommand(CommandContext surroundings) {
    super(surroundings);
  }

  @Override
  protected ExitCode run() {
    PrivateSigner key = call.surroundings().keys().load(added.file());
    ApproverKey entry =
        new ApproverKey(added.approver(), name.isEmpty() ? added.name() : name, key.key());
    Keyring keyring = keyring();
    return send(
        "keys",
        keyring,
        signed(keyring, new KeyringChange.Edit.AddKey(entry)).signedBy(key),
        "added " + key.key().keyId().hex() + " for " + added.approver());
  }
}
