package org.openlockbox.cli.command.tenant;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.Durations;
import org.openlockbox.cli.command.evidence.WitnessKeys;
import org.openlockbox.cli.command.keyring.KeyringCommand;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.keyring.ProviderAccess;
import org.openlockbox.core.keyring.Settings;
import org.openlockbox.core.keyring.TextKind;
import org.openlockbox.core.keyring.WitnessPolicy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "set",
    description = {
      "Change what a tenant demands. What is not named stays as it is; the settings are signed as",
      "one whole by a quorum of the approvers, and in force from their entry on."
    },
    footer = {
      "",
      "Example:",
      "  lockbox settings set --tenant acme --witness w1.vkeys --witness w2.vkeys --witnesses 1 \\",
      "    --retention operation=P90D --key acme-approver.key"
    })
public final class SettingsSetCommand extends KeyringCommand {
  @Option(
      names = "--witness",
      paramLabel = "FILE",
      description = "The vkeys of a witness, as it printed them. May be repeated.")
  private List<Path> witnesses = List.of();

  @Option(
      names = "--witnesses",
      paramLabel = "K",
      description = "How many of them must have cosigned (default: all).")
  private @Nullable Integer demanded;

  @Option(
      names = "--max-unwitnessed",
      paramLabel = "D",
      converter = Durations.DurationConverter.class,
      description = "Sessions end when the last witnessed epoch is older (default: 60s).")
  private @Nullable Duration maxUnwitnessed;

  @Option(
      names = "--own-witness",
      paramLabel = "FILE",
      description = "The vkeys of the tenant's own witness of its own log.")
  private @Nullable Path ownWitness;

  @Option(
      names = "--retention",
      paramLabel = "KIND=D",
      description =
          "How long texts of a kind are kept: operation, input, reason or name; a length of"
              + " time, or 'forever'. May be repeated.")
  private Map<TextKind, String> retention = Map.of();

  @Option(
      names = "--access",
      paramLabel = "A",
      description =
          "enabled: as the policy says; audit-only: every request is approved at once, and recorded;"
              + " off: nobody gets access, and all that was given ends.")
  private @Nullable ProviderAccess access;

  @Option(
      names = "--drop",
      paramLabel = "WHAT",
      description = "witness or own-witness: demand it no more. May be repeated.")
  private List<Demand> dropped = List.of();

  /// What can be given up as a whole.
  public enum Demand {
    WITNESS,
    OWN_WITNESS;

    public static Demand parse(String word) {
      return switch (word) {
        case "witness" -> WITNESS;
        case "own-witness" -> OWN_WITNESS;
        default -> throw new IllegalArgumentException("witness or own-witness, not " + word);
      };
    }
  }

  public SettingsSetCommand(CommandContext surroundings) {
    super(surroundings);
  }

  @Override
  protected ExitCode run() {
    Keyring keyring = keyring();
    Settings wanted = changed(keyring.settings());
    return send(
        "settings",
        keyring,
        signed(keyring, new KeyringChange.Edit.ReplaceSettings(wanted)),
        wanted.words());
  }

  private Settings changed(Settings now) {
    try {
      WitnessPolicy witness =
          witnesses.isEmpty()
              ? dropped.contains(Demand.WITNESS) ? WitnessPolicy.NONE : now.witness()
              : WitnessKeys.policy(witnesses, demanded);
      Path own = ownWitness;
      WitnessPolicy ownPolicy =
          own == null
              ? dropped.contains(Demand.OWN_WITNESS) ? WitnessPolicy.NONE : now.ownWitness()
              : WitnessKeys.policy(List.of(own), 1);
      Duration longest =
          !witness.demands()
              ? Settings.MAX_UNWITNESSED
              : maxUnwitnessed == null ? now.maxUnwitnessed() : maxUnwitnessed;
      return new Settings(
          witness,
          longest,
          ownPolicy,
          kept(now.retention()),
          access == null ? now.access() : access);
    } catch (IllegalArgumentException | MalformedJson refused) {
      throw Failure.usage(String.valueOf(refused.getMessage()), "lockbox settings set --help");
    }
  }

  private Map<TextKind, Duration> kept(Map<TextKind, Duration> now) {
    Map<TextKind, Duration> kept = new EnumMap<>(TextKind.class);
    kept.putAll(now);
    retention.forEach(
        (kind, period) -> {
          if (period.equals("forever")) {
            kept.remove(kind);
          } else {
            kept.put(kind, Durations.parse(period));
          }
        });
    return kept;
  }
}
