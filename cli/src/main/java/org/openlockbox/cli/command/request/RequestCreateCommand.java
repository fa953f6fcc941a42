package org.openlockbox.cli.command.request;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.Durations;
import org.openlockbox.cli.command.LockboxCommand;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.Purpose;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.JsonObjectBuilder;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.limits.Profile;
import org.openlockbox.core.statement.LimitsJson;
import org.openlockbox.core.tenant.TenantId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "create",
    description = "Ask a tenant for access.",
    footer = {
      "",
      "Example:",
      "  lockbox request create --tenant acme --resource helpdesk --level masked --for PT30M \\",
      "      --purpose customer_ticket --ticket SUP-1 --reason \"Cannot log in\""
    })
public final class RequestCreateCommand extends LockboxCommand {
  private static final Limits EXPERT = Limits.UNWRITTEN.withProfile(Profile.EXPERT);

  @Option(names = "--tenant", required = true, paramLabel = "T", description = "Whose data.")
  private @Nullable TenantId tenant;

  @Option(names = "--resource", required = true, paramLabel = "R", description = "Which system.")
  private @Nullable ResourceId resource;

  @Option(
      names = "--level",
      required = true,
      paramLabel = "L",
      description = "metadata, masked, read or write.")
  private @Nullable Level level;

  @Option(
      names = "--for",
      required = true,
      paramLabel = "D",
      converter = Durations.DurationConverter.class,
      description = "How long: PT30M, 30m, 4h.")
  private @Nullable Duration duration;

  @Option(
      names = "--purpose",
      required = true,
      paramLabel = "P",
      description =
          "customer_ticket, provider_maintenance, security_incident, legal_demand or emergency.")
  private @Nullable Purpose purpose;

  @Option(
      names = "--ticket",
      required = true,
      paramLabel = "X",
      description = "The ticket's number.")
  private String ticket = "";

  @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why, in words.")
  private String reason = "";

  @Option(names = "--start", paramLabel = "TIME", description = "Not before this UTC instant.")
  private @Nullable Instant start;

  @Mixin private LimitFlags limits = new LimitFlags();

  @Option(
      names = "--expert",
      description = "Any statement that the database's own rights allow, not only guarded ones.")
  private boolean expert;

  @Option(
      names = "--statement",
      paramLabel = "FILE",
      description = "Only the statement in this file, word for word; may be repeated.")
  private List<Path> statements = new ArrayList<>();

  @Option(
      names = "--predict",
      description = "Only say what the tenant's policy would answer now; nothing is asked.")
  private boolean predict;

  @Mixin private final RequestSender asking;

  public RequestCreateCommand(CommandContext surroundings) {
    super(surroundings);
    this.asking = new RequestSender(surroundings.clock(), surroundings.random());
  }

  @Override
  protected ExitCode run() {
    JsonObjectBuilder body =
        Json.object()
            .put("resource", String.valueOf(resource))
            .put("level", word(level))
            .put("purpose", purpose == null ? "" : purpose.word())
            .put("reason", reason)
            .put("ticket", ticket)
            .put("duration", String.valueOf(duration))
            .put("engineerKey", EngineerKey.of(call).publicJson());
    if (start != null) {
      body.put("notBefore", start);
    }
    LimitsJson.put(body, limits.over(expert ? EXPERT : Limits.UNWRITTEN));
    if (!statements.isEmpty()) {
      body.putTexts("statementTexts", statements.stream().map(StatementFile::read).toList());
    }
    if (predict) {
      return Prediction.print(call, String.valueOf(tenant), body.build());
    }
    ApiObject request = asking.send(api(), String.valueOf(tenant), body.build());
    ApiObject latest = asking.waitIfTold(request, requests(), terminal());
    printRequest(latest);
    return asking.exitFor(latest, terminal());
  }

  private static String word(@Nullable Level level) {
    return level == null ? "" : level.word();
  }
}
