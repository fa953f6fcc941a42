package org.openlockbox.cli.command.request;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.Durations;
import org.openlockbox.cli.command.RequestCommand;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.signing.ShownLimits;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.JsonObjectBuilder;
import org.openlockbox.core.limits.ExactStatements;
import org.openlockbox.core.statement.LimitsJson;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "extend",
    description = {
      "Ask for more time: a new request with the same terms that links to this one.",
      "It needs its own approval, like any other. While the old access runs, the new one begins",
      "where that ends."
    },
    footer = {"", "Example:", "  lockbox request extend R-7K3F92QX4M --for 30m"})
public final class RequestExtendCommand extends RequestCommand {
  @Option(
      names = "--for",
      required = true,
      paramLabel = "D",
      converter = Durations.DurationConverter.class,
      description = "How much longer: PT30M, 30m, 4h.")
  private @Nullable Duration duration;

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why (default: as before).")
  private String reason = "";

  @Mixin private final RequestSender asking;

  public RequestExtendCommand(CommandContext surroundings) {
    super(surroundings);
    this.asking = new RequestSender(surroundings.clock(), surroundings.random());
  }

  @Override
  protected ExitCode run() {
    ApiObject old = requests().find(request()).object();
    ApiObject grant = old.object("grant");
    JsonObjectBuilder body =
        Json.object()
            .put("extends", request().value())
            .put("resource", old.required("resource"))
            .put("level", grant.has("level") ? grant.required("level") : old.required("level"))
            .put("purpose", old.required("purpose"))
            .put("ticket", old.text("ticket"))
            .put("reason", reason.isEmpty() ? old.text("reason") : reason)
            .put("duration", String.valueOf(duration))
            .put("engineerKey", EngineerKey.of(call).publicJson());
    if (old.required("state").equals("approved")) {
      grant.instant("notAfter").ifPresent(end -> body.put("notBefore", end));
    }
    ShownLimits terms = ShownLimits.of(grant.has("level") ? grant : old);
    LimitsJson.put(body, terms.limits().withStatements(ExactStatements.ANY));
    if (!terms.limits().statements().isAny()) {
      body.putTexts("statementTexts", terms.texts(old.list("statementTexts")));
    }
    ApiObject made = asking.send(api(), old.required("tenant"), body.build());
    ApiObject latest = asking.waitIfTold(made, requests(), terminal());
    printRequest(latest);
    return asking.exitFor(latest, terminal());
  }
}
