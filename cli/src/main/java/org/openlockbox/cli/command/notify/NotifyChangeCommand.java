package org.openlockbox.cli.command.notify;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.OwnTenantCommand;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.http.ApiResponse;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.JsonObjectBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Changes who is told what. Reads what there is, changes one thing, and puts it back under the
/// condition that nobody else has changed it meanwhile.
public abstract class NotifyChangeCommand extends OwnTenantCommand {
  NotifyChangeCommand(CommandContext surroundings) {
    super(surroundings);
  }

  /// The contacts as they shall be.
  abstract List<Json> contacts(List<ApiObject> before);

  /// Whether mail shall hold links.
  boolean links(boolean before) {
    return before;
  }

  @Override
  protected final ExitCode run() {
    String path = path("/notifications");
    ApiResponse before = api().get(path);
    ApiObject shown = before.object();
    boolean links = shown.json().members().get("links") instanceof Json.Bool(boolean on) && on;
    Json wanted =
        Json.object()
            .put("links", links(links))
            .put("contacts", contacts(shown.list("contacts")))
            .build();
    ApiResponse after = api().put(path, wanted, Map.of("If-Match", before.etag()));
    return done(after.text(), "changed; everybody who was told before or is told now gets a mail");
  }

  private static List<Json> without(List<ApiObject> before, String address) {
    List<Json> kept = new ArrayList<>();
    before.stream()
        .filter(contact -> !contact.text("address").equals(address))
        .forEach(contact -> kept.add(contact.json()));
    return kept;
  }

  @Command(
      name = "add",
      description = "Tell a person or a group from now on, or change what they are told.",
      footer = {
        "",
        "Example:",
        "  lockbox notify add security@acme.example --audience backup --zone Europe/Berlin"
      })
  public static final class AddContact extends NotifyChangeCommand {
    @Parameters(paramLabel = "ADDRESS", description = "The e-mail address.")
    private String address = "";

    @Option(
        names = "--audience",
        required = true,
        paramLabel = "A",
        description = "approvers, backup, admins or auditors.")
    private String audience = "";

    @Option(
        names = "--topics",
        split = ",",
        paramLabel = "TOPIC",
        description =
            "What to tell: requests, decisions, sessions, endings, keyring, records, digest.")
    private List<String> topics = List.of();

    @Option(names = "--zone", paramLabel = "Z", description = "Their time zone (default: UTC).")
    private String zone = "";

    @Option(
        names = "--quiet-hours",
        paramLabel = "FROM-UNTIL",
        description = "When to send only what is urgent, such as 22:00-07:00.")
    private String quiet = "";

    public AddContact(CommandContext surroundings) {
      super(surroundings);
    }

    @Override
    List<Json> contacts(List<ApiObject> before) {
      JsonObjectBuilder contact = Json.object().put("address", address).put("audience", audience);
      if (!topics.isEmpty()) {
        contact.putTexts("topics", topics);
      }
      if (!zone.isEmpty()) {
        contact.put("zone", zone);
      }
      if (!quiet.isEmpty()) {
        String[] hours = quiet.split("-", -1);
        if (hours.length != 2) {
          throw new Failure(ExitCode.USAGE, "quiet hours are FROM-UNTIL, such as 22:00-07:00");
        }
        contact.put("quiet", Json.object().put("from", hours[0]).put("until", hours[1]).build());
      }
      List<Json> wanted = without(before, address);
      wanted.add(contact.build());
      return wanted;
    }
  }

  @Command(
      name = "remove",
      description = "Tell this address no more.",
      footer = {"", "Example:", "  lockbox notify remove old@acme.example"})
  public static final class RemoveContact extends NotifyChangeCommand {
    @Parameters(paramLabel = "ADDRESS", description = "The e-mail address.")
    private String address = "";

    public RemoveContact(CommandContext surroundings) {
      super(surroundings);
    }

    @Override
    List<Json> contacts(List<ApiObject> before) {
      List<Json> wanted = without(before, address);
      if (wanted.size() == before.size()) {
        throw new Failure(ExitCode.FAILURE, address + " is no contact", "lockbox notify show");
      }
      return wanted;
    }
  }

  @Command(
      name = "links",
      description = "Whether mail holds a link to the page about what it tells.",
      footer = {"", "Example:", "  lockbox notify links off"})
  public static final class SwitchLinks extends NotifyChangeCommand {
    @Parameters(paramLabel = "on|off", description = "With or without links.")
    private Switch links = Switch.on;

    /// Lower-case because the constants are what one types.
    enum Switch {
      on,
      off
    }

    public SwitchLinks(CommandContext surroundings) {
      super(surroundings);
    }

    @Override
    List<Json> contacts(List<ApiObject> before) {
      return before.stream().<Json>map(ApiObject::json).toList();
    }

    @Override
    boolean links(boolean before) {
      return links == Switch.on;
    }
  }
}
