package org.openlockbox.cli.command.gateway;

import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.keyring.KeyringCommand;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.core.keyring.GatewayTrust;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.keyring.KeyringChange;
import picocli.CommandLine.Command;

@Command(
    name = "object",
    description = {
      "Object to the gateway authority that is to follow: in this tenant's log the old one stays.",
      "A quorum of the approvers signs, before the change takes effect."
    },
    footer = {"", "Example:", "  lockbox gateway object --tenant acme --key acme-approver.key"})
public final class GatewayObjectCommand extends KeyringCommand {
  public GatewayObjectCommand(CommandContext surroundings) {
    super(surroundings);
  }

  @Override
  protected ExitCode run() {
    Keyring keyring = keyring();
    GatewayTrust.NextAuthority next =
        keyring
            .gateways()
            .next()
            .orElseThrow(
                () ->
                    new Failure(
                        ExitCode.FAILURE,
                        "no other gateway authority is to follow",
                        "lockbox log --tenant " + keyring.genesis().tenant()));
    return send(
        "keys",
        keyring,
        signed(keyring, new KeyringChange.Edit.ObjectToAuthority(next.entry())),
        "objected to key %s; the old gateway authority stays".formatted(next.authority().keyId()));
  }
}
