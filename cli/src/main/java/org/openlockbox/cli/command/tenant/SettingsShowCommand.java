package org.openlockbox.cli.command.tenant;

import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.Durations;
import org.openlockbox.cli.command.LockboxCommand;
import org.openlockbox.cli.command.TenantArgument;
import org.openlockbox.cli.signing.TenantKeyring;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.FieldList;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.keyring.Settings;
import org.openlockbox.core.keyring.TextKind;
import org.openlockbox.core.keyring.WitnessPolicy;
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
    FieldList facts =
        new FieldList()
            .add("access", settings.access().word())
            .add("witnesses", witnesses(settings.witness()));
    if (settings.witness().demands()) {
      facts.add("max unwitnessed", Durations.words(settings.maxUnwitnessed()));
    }
    facts.add("own witness", witnesses(settings.ownWitness()));
    facts.add("retention", retention(settings.retention()));
    facts.printTo(terminal());
    return ExitCode.OK;
  }

  private static String witnesses(WitnessPolicy policy) {
    return policy.demands()
        ? policy.quorum() + " of " + String.join(", ", policy.names())
        : "none demanded";
  }

  private static String retention(Map<TextKind, Duration> kept) {
    return kept.isEmpty()
        ? "texts are kept until they are erased"
        : kept.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(entry -> entry.getKey().word() + " " + Durations.words(entry.getValue()))
            .collect(Collectors.joining(", "));
  }
}
