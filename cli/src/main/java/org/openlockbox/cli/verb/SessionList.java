package org.openlockbox.cli.verb;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openlockbox.cli.http.Api;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Table;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.tenant.TenantId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Open sessions, once or again and again.
abstract class SessionList extends Verb {
  private static final int MOST = 10_000;

  @Option(names = "--tenant", paramLabel = "T", description = "Only this tenant's.")
  private @Nullable TenantId tenant;

  @Option(
      names = "--request",
      paramLabel = "R-…",
      converter = OnRequest.IdConverter.class,
      description = "Only those of this request.")
  private @Nullable RequestId request;

  SessionList(Surroundings surroundings) {
    super(surroundings);
  }

  @Command(
      name = "ls",
      aliases = "list",
      description = "List the sessions you may see.",
      footer = {"", "Example:", "  lockbox sessions ls --tenant acme"})
  static final class Once extends SessionList {
    Once(Surroundings surroundings) {
      super(surroundings);
    }

    @Override
    ExitCode run() {
      show(sessions());
      return ExitCode.OK;
    }
  }

  @Command(
      name = "watch",
      description = "List them again whenever something changed; Ctrl-C ends it.",
      footer = {"", "Example:", "  lockbox sessions watch"})
  static final class Watch extends SessionList {
    Watch(Surroundings surroundings) {
      super(surroundings);
    }

    @Override
    ExitCode run() {
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
    List<ApiObject> all = requests().pages(path, "sessions", MOST);
    return request == null
        ? all
        : all.stream().filter(s -> s.text("request").equals(request.value())).toList();
  }

  final void show(List<ApiObject> sessions) {
    if (call.json()) {
      Json list = Json.array(sessions.stream().map(ApiObject::json).toList());
      terminal().print(new ApiObject(Json.object().put("sessions", list).build()).line());
      return;
    }
    Table table =
        new Table(
            "SESSION", "REQUEST", "TENANT", "ENGINEER", "STATE", "SINCE", "STATEMENTS", "ROWS");
    for (ApiObject session : sessions) {
      table.row(
          session.text("id"),
          session.text("request"),
          session.text("tenant"),
          session.text("engineer"),
          session.text("state"),
          session.text("openTime"),
          session.text("statements"),
          session.text("rows"));
    }
    table.printTo(terminal());
    if (sessions.isEmpty()) {
      terminal().mention("no open sessions");
    }
  }
}
