package org.openlockbox.cli.command.notify;

import java.util.List;
import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.OwnTenantCommand;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.FieldList;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.JsonObjectBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "add",
    description = {
      "Have an address of your own programs told, by HTTPS and signed.",
      "The secret that checks the signatures is shown this once."
    },
    footer = {"", "Example:", "  lockbox webhook add https://hooks.acme.example/lockbox"})
public final class WebhookAddCommand extends OwnTenantCommand {
  @Parameters(paramLabel = "URL", description = "What to call.")
  private String url = "";

  @Option(
      names = "--topics",
      split = ",",
      paramLabel = "TOPIC",
      description =
          "What to tell: requests, decisions, sessions, endings, keyring, records, digest.")
  private List<String> topics = List.of();

  public WebhookAddCommand(CommandContext surroundings) {
    super(surroundings);
  }

  @Override
  protected ExitCode run() {
    JsonObjectBuilder wanted = Json.object().put("url", url);
    if (!topics.isEmpty()) {
      wanted.putTexts("topics", topics);
    }
    ApiObject made = api().post(path("/webhooks"), wanted.build()).object();
    if (call.json()) {
      terminal().print(made.line());
    } else {
      shown(made).printTo(terminal());
    }
    return ExitCode.OK;
  }

  /// A webhook with its secret.
  static FieldList shown(ApiObject made) {
    return new FieldList()
        .add("webhook", made.object("webhook").text("id"))
        .add("calls", made.object("webhook").text("url"))
        .add("secret", made.text("secret"));
  }
}
