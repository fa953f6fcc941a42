package org.openlockbox.cli.command.gateway;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.Durations;
import org.openlockbox.cli.command.LockboxCommand;
import org.openlockbox.cli.signing.KeyFiles;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.keyring.AuthorityChange;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.PrivateSigner;
import org.openlockbox.core.tenant.LogHost;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "handover",
    description = {
      "Let another gateway authority follow the one in force. Both keys sign. Every tenant is told,",
      "and can object until it takes effect. Renew all certificates with both keys before that."
    },
    footer = {
      "",
      "Example:",
      "  lockbox gateway handover --from authority.key --to authority-2.key \\",
      "    --log-host lockbox.example.com --in P7D"
    })
public final class GatewayHandoverCommand extends LockboxCommand {
  @Option(
      names = "--from",
      required = true,
      paramLabel = "FILE",
      description = "The key of the authority in force.")
  private String from = "";

  @Option(
      names = "--to",
      required = true,
      paramLabel = "FILE",
      description = "The key of the authority that follows.")
  private String to = "";

  @Option(
      names = "--log-host",
      required = true,
      paramLabel = "HOST",
      description = "The server's logHost.")
  private String logHost = "";

  @Option(
      names = "--in",
      paramLabel = "D",
      converter = Durations.DurationConverter.class,
      description = "When it takes effect: 73 hours to 30 days (default: ${DEFAULT-VALUE}).",
      defaultValue = "P7D")
  private Duration in = Duration.ZERO;

  public GatewayHandoverCommand(CommandContext surroundings) {
    super(surroundings);
  }

  @Override
  protected ExitCode run() {
    KeyFiles keys = call.surroundings().keys();
    PrivateSigner old = AuthorityKeys.direct(keys.load(from), from);
    PrivateSigner next = AuthorityKeys.direct(keys.load(to), to);
    Instant at = call.surroundings().clock().instant().plus(in).truncatedTo(ChronoUnit.SECONDS);
    AuthorityChange change =
        new AuthorityChange(next.key(), new LogHost(logHost), old.key().keyId(), at);
    Envelope signed = change.unsigned().signedBy(old).signedBy(next);
    api().post("/v1/gateways:signed", Json.object().put("envelope", signed.toJson()).build());
    terminal().print("takes effect  " + at);
    terminal()
        .mention("renew each certificate with both keys: lockbox gateway renew --authority …");
    return ExitCode.OK;
  }
}
