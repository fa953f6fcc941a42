package org.openlockbox.cli.command.tenant;

import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.LockboxCommand;
import org.openlockbox.cli.command.TenantArgument;
import org.openlockbox.cli.command.keyring.SettingsWords;
import org.openlockbox.cli.signing.TenantKeyring;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.keyring.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "show",
    description = {
      "Show what a tenant demands: whether there is access, witnesses, how long texts are kept.",
      "Read from the signed entries of its log, not from what the server says about them."
    },
    footer = {"", "Example:", "  lockbox settings show acme"})
public final class SettingsShowCommand extends LockboxCommand {
  @Mixin private final TenantArgument tenant = new TenantArgument();

  public SettingsShowCommand(CommandContext surroundings) {
    super(surroundings);
  }

  @Override
  protected ExitCode run() {
    Settings settings =
        TenantKeyring.fetch(api(), tenant.value().value(), call.surroundings().config(), terminal())
            .settings();
    if (call.json()) {
      terminal().print(CanonicalJson.text(settings.toJson()));
      return ExitCode.OK;
    }
    SettingsWords.of(settings).printTo(terminal());
    return ExitCode.OK;
  }
}
