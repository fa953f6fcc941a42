package org.openlockbox.cli.command.keyring;

import java.util.List;
import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.core.keyring.ApproverKey;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.keyring.KeyringChange;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "remove",
    aliases = "rm",
    description = {
      "Remove a key from the keyring. What it signed before stays valid;",
      "grants in force go on until they are revoked."
    },
    footer = {
      "",
      "Example:",
      "  lockbox key remove 0bbcba72 --tenant acme --key acme-approver.key"
    })
public final class KeyRemoveCommand extends KeyringCommand {
  private static final int SHORTEST = 8;

  @Parameters(paramLabel = "KEYID", description = "The key's id, or enough of its beginning.")
  private String keyId = "";

  public KeyRemoveCommand(CommandContext surroundings) {
    super(surroundings);
  }

  @Override
  protected ExitCode run() {
    Keyring keyring = keyring();
    ApproverKey key = find(keyring);
    return send(
        "keys",
        keyring,
        signed(keyring, new KeyringChange.Edit.RemoveKey(key.key().keyId())),
        "removed " + key.key().keyId().hex() + " of " + key.approver());
  }

  private ApproverKey find(Keyring keyring) {
    List<ApproverKey> found =
        keyring.keys().stream().filter(k -> k.key().keyId().hex().startsWith(keyId)).toList();
    if (keyId.length() < SHORTEST || found.size() != 1) {
      throw Failure.usage(
          "\"" + keyId + "\" does not name one key of the keyring",
          "lockbox tenant show " + keyring.genesis().tenant());
    }
    return found.getFirst();
  }
}
