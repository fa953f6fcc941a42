package org.openlockbox.cli.command.policy;

import org.jspecify.annotations.Nullable;
import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.LockboxCommand;
import org.openlockbox.cli.signing.TenantKeyring;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.policy.PolicyText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "get",
    description = {
      "Print a tenant's policy as YAML, to be changed and applied again.",
      "Read from the signed entries of its log, not from what the server says about them."
    },
    footer = {"", "Example:", "  lockbox policy get acme > policy.yaml"})
public final class PolicyGetCommand extends LockboxCommand {
  @Parameters(paramLabel = "T", description = "The tenant.")
  private @Nullable TenantId tenant;

  public PolicyGetCommand(CommandContext surroundings) {
    super(surroundings);
  }

  @Override
  protected ExitCode run() {
    Keyring keyring =
        TenantKeyring.fetch(
            api(), String.valueOf(tenant), call.surroundings().config(), terminal());
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
