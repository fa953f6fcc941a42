package org.openlockbox.cli.command.session;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.Durations;
import org.openlockbox.cli.command.LockboxCommand;
import org.openlockbox.cli.command.RequestCommand;
import org.openlockbox.cli.command.Requests;
import org.openlockbox.cli.http.Api;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.TextTable;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.tenant.TenantId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Sessions, the open ones unless all are asked for, once or again and again.
public abstract class SessionListCommand extends LockboxCommand {
  private static final int MOST = 10_000;

  @Option(names = "--tenant", paramLabel = "T", description = "Only this tenant's.")
  private @Nullable TenantId tenant;

  @Option(
      names = "--request",
      paramLabel = "R-…",
      converter = RequestCommand.RequestIdConverter.class,
      description = "Only those of this request.")
  private @Nullable RequestId request;

  @Option(names = "--all", description = "Also those that are over, with what they did.")
  private boolean all;

  SessionListCommand(CommandContext surroundings) {
    super(surroundings);
  }

  @Command(
      name = "ls",
      aliases = "list",
      description = "List the open sessions that you may see.",
      footer = {"", "Example:", "  lockbox sessions ls --tenant acme"})
  public static final class ListSessions extends SessionListCommand {
    public ListSessions(CommandContext surroundings) {
      super(surroundings);
    }

    @Override
    protected ExitCode run() {
      show(sessions());
      return ExitCode.OK;
    }
  }

  @Command(
      name = "watch",
      description = "List them again whenever something changed; Ctrl-C ends it.",
      footer = {"", "Example:", "  lockbox sessions watch"})
  public static final class WatchSessions extends SessionListCommand {
    public WatchSessions(CommandContext surroundings) {
      super(surroundings);
    }

    @Override
    protected ExitCode run() {
      List<ApiObject> shown = List.of();
      boolean first = true;
      while (!Thread.currentThread().isInterrupted()) {
        List<ApiObject> now = sessions();
        if (first || !now.equals(shown)) {
          terminal().mention(terminal().faint(call.surroundings().clock().instant().toString()));
          show(now);
        }
        first = false;
        shown = now;
        Requests.pause(Duration.ofSeconds(1));
      }
      return ExitCode.OK;
    }
  }

  final List<ApiObject> sessions() {
    String path =
        tenant == null
            ? "/v1/sessions"
            : "/v1/tenants/" + Api.encoded(tenant.value()) + "/sessions";
    return requests().pages(path, "sessions", MOST).stream()
        .filter(session -> all || session.text("state").equals("open"))
        .filter(session -> request == null || session.text("request").equals(request.value()))
        .toList();
  }

  final void show(List<ApiObject> sessions) {
    if (call.json()) {
      Json list = Json.array(sessions.stream().map(ApiObject::json).toList());
      terminal().print(new ApiObject(Json.object().put("sessions", list).build()).line());
      return;
    }
    List<Column> columns = all ? Column.ALL : Column.OF_OPEN;
    TextTable table =
        new TextTable(columns.stream().map(Column::heading).toArray(String[]::new))
            .withStates("STATE");
    for (ApiObject session : sessions) {
      table.row(columns.stream().map(column -> cell(session, column)).toArray(String[]::new));
    }
    table.printTo(terminal());
    if (sessions.isEmpty()) {
      terminal().mention(all ? "no sessions" : "no open sessions; --all lists those that are over");
    }
  }

  private String cell(ApiObject session, Column column) {
    return session
        .instant(column.member)
        .filter(_ -> column.member.endsWith("Time"))
        .map(at -> Durations.relative(at, call.surroundings().clock().instant()))
        .orElseGet(() -> session.text(column.member));
  }

  /// What is shown of a session. What it did is known once it is over.
  private record Column(String heading, String member) {
    private static final List<Column> OF_OPEN =
        List.of(
            new Column("SESSION", "id"),
            new Column("REQUEST", "request"),
            new Column("TENANT", "tenant"),
            new Column("ENGINEER", "engineer"),
            new Column("SINCE", "openTime"));
    private static final List<Column> ALL =
        Stream.concat(
                OF_OPEN.stream(),
                Stream.of(
                    new Column("STATE", "state"),
                    new Column("STATEMENTS", "statements"),
                    new Column("ROWS", "rows")))
            .toList();
  }
}
