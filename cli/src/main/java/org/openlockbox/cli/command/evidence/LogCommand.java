package org.openlockbox.cli.command.evidence;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.LockboxCommand;
import org.openlockbox.cli.command.RequestCommand;
import org.openlockbox.cli.command.Requests;
import org.openlockbox.cli.http.Api;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.cli.terminal.Terminal;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.canonical.TextRules;
import org.openlockbox.core.tenant.TenantId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "log",
    description = "Print a tenant's log, one entry a line; with -o json one object a line.",
    footer = {"", "Example:", "  lockbox log --request R-7K3F92QX4M"})
public final class LogCommand extends LockboxCommand {
  private static final int PAGE = 500;
  private static final int SHOWN_TEXT = 120;

  @Option(names = "--tenant", paramLabel = "T", description = "Whose log (default: your own).")
  private @Nullable TenantId tenant;

  @Option(
      names = "--request",
      paramLabel = "R-…",
      converter = RequestCommand.RequestIdConverter.class,
      description = "Only entries about this request.")
  private @Nullable RequestId request;

  @Option(
      names = "--from",
      paramLabel = "N",
      description = "Start at this entry (default: ${DEFAULT-VALUE}).",
      defaultValue = "0")
  private long from;

  @Option(names = "--limit", paramLabel = "N", description = "At most so many entries.")
  private long limit = Long.MAX_VALUE;

  @Option(
      names = {"-f", "--follow"},
      description = "Go on with new entries; Ctrl-C ends it.")
  private boolean follow;

  public LogCommand(CommandContext surroundings) {
    super(surroundings);
  }

  @Override
  protected ExitCode run() {
    String path = "/v1/tenants/" + Api.encoded(whose()) + "/log";
    String only = request == null ? "" : "&request=" + request;
    long next = from;
    long printed = 0;
    while (printed < limit) {
      long wanted = Math.min(PAGE, limit - printed);
      ApiObject page = api().get(path + "?from=" + next + "&limit=" + wanted + only).object();
      List<ApiObject> entries = page.list("entries");
      entries.forEach(this::tell);
      printed += entries.size();
      long size = page.number("size").orElse(0);
      long after = entries.isEmpty() ? next : entries.getLast().number("seq").orElse(next) + 1;
      boolean more = entries.size() == wanted && after < size;
      if (!more && !follow) {
        break;
      }
      next = more || only.isEmpty() ? after : Math.max(after, size);
      if (!more) {
        Requests.pause(Duration.ofSeconds(1));
      }
    }
    return ExitCode.OK;
  }

  private String whose() {
    if (tenant != null) {
      return tenant.value();
    }
    if (request != null) {
      return requests().find(request).object().required("tenant");
    }
    String own = api().get("/v1/whoami").object().text("tenant");
    if (own.isEmpty()) {
      throw Failure.usage("you belong to no tenant, so say whose log", "lockbox log --tenant T");
    }
    return own;
  }

  private static String shown(String text) {
    String clean = Terminal.clean(text);
    String some = clean.length() > SHOWN_TEXT ? clean.substring(0, SHOWN_TEXT) + "…" : clean;
    return some.isEmpty() ? "" : TextRules.quoted(some);
  }

  private void tell(ApiObject entry) {
    if (call.json()) {
      terminal().print(entry.line());
      return;
    }
    String text = shown(entry.text("text")) + Requests.suffix(" ", shown(entry.text("input")));
    String shown = (text + Requests.suffix(" ", Requests.erasedInWords(entry))).strip();
    String line =
        String.format(
            "%6s  %-24s  %-14s %s",
            entry.text("seq"),
            entry.text("time"),
            entry.text("type"),
            LogLine.summary(entry, shown));
    terminal().print(line.stripTrailing());
  }
}
