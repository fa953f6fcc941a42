package org.openlockbox.cli.command.policy;

import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.LockboxCommand;
import org.openlockbox.cli.command.TenantArgument;
import org.openlockbox.cli.signing.TenantKeyring;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.policy.PolicyText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "get",
    description = {
      "Print a tenant's policy as YAML, to be changed and applied again.",
      "Read from the signed entries of its log, not from what the server says about them."
    },
    footer = {"", "Example:", "  lockbox policy get acme > policy.yaml"})
public final class PolicyGetCommand extends LockboxCommand {
  @Mixin private final TenantArgument tenant = new TenantArgument();

  public PolicyGetCommand(CommandContext surroundings) {
    super(surroundings);
  }

  @Override
  protected ExitCode run() {
    Keyring keyring =
        TenantKeyring.fetch(
            api(), tenant.value().value(), call.surroundings().config(), terminal());
    if (call.json()) {
      terminal().print(CanonicalJson.text(keyring.policy().toJson()));
    } else {
      terminal().write(PolicyText.yaml(keyring.policy()));
    }
    terminal()
        .mention(
            keyring.policySince() == 0
                ? "the tenant has signed no policy: its approvers are asked"
                : "signed in entry " + keyring.policySince());
    return ExitCode.OK;
  }
}
