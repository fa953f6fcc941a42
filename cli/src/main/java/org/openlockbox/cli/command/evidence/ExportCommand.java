package org.openlockbox.cli.command.evidence;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.LockboxCommand;
import org.openlockbox.cli.http.Api;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.core.tenant.TenantId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "export",
    description = {
      "Fetch a tenant's log as events: ocsf, jsonl or csv, one event a record.",
      "Only whole records are written; the last position is said at the end, to go on from there."
    },
    footer = {"", "Example:", "  lockbox export --format ocsf --after 120 --out more.jsonl"})
public final class ExportCommand extends LockboxCommand {
  /// Lower-case because the constants are what one types.
  enum RecordFormat {
    ocsf,
    jsonl,
    csv
  }

  @Option(names = "--tenant", paramLabel = "T", description = "Whose log (default: your own).")
  private @Nullable TenantId tenant;

  @Option(
      names = "--format",
      paramLabel = "ocsf|jsonl|csv",
      description = "The form of the events (default: ${DEFAULT-VALUE}).",
      defaultValue = "jsonl")
  private RecordFormat form = RecordFormat.jsonl;

  @Option(
      names = "--after",
      paramLabel = "POSITION",
      description = "Go on after the event that you have last, such as 120 or 120.closing.")
  private @Nullable String after;

  @Option(names = "--texts", description = "With statements and reasons, while they are kept.")
  private boolean texts;

  @Option(
      names = {"--out", "-O"},
      paramLabel = "F",
      description = "The file to write (default: stdout).")
  private @Nullable Path out;

  public ExportCommand(CommandContext surroundings) {
    super(surroundings);
  }

  @Override
  protected ExitCode run() {
    Records records = new Records(form);
    String path =
        "/v1/tenants/%s/export?format=%s&texts=%s%s"
            .formatted(
                Api.encoded(whose()),
                form,
                texts,
                after == null ? "" : "&after=" + Api.encoded(after));
    try {
      if (out == null) {
        copy(path, records, terminal().out());
      } else {
        try (OutputStream file = Files.newOutputStream(out)) {
          copy(path, records, file);
        }
      }
    } catch (IOException unwritable) {
      throw new Failure(ExitCode.FAILURE, "cannot write the export: " + unwritable.getMessage());
    } finally {
      records.last().ifPresent(position -> terminal().mention(next(position)));
    }
    return ExitCode.OK;
  }

  /// Also when it breaks off, the whole records so far are written.
  private void copy(String path, Records records, OutputStream to) throws IOException {
    OutputStream buffered = new BufferedOutputStream(to, 1 << 16);
    try {
      api().stream(path, body -> records.copy(body, buffered));
    } finally {
      buffered.flush();
    }
  }

  private String next(String position) {
    return terminal().faint("next: ") + "lockbox export --format " + form + " --after " + position;
  }

  private String whose() {
    if (tenant != null) {
      return tenant.value();
    }
    String own = api().get("/v1/whoami").object().text("tenant");
    if (own.isEmpty()) {
      throw Failure.usage("you belong to no tenant, so say whose log", "lockbox export --tenant T");
    }
    return own;
  }

  /// Copies whole records and remembers where the last one stands.
  private static final class Records {
    private static final Pattern POSITION =
        Pattern.compile("\"position\":\"([0-9]+(?:\\.closing)?)\"");
    private static final Pattern UID =
        Pattern.compile("\"uid\":\"[a-z0-9-]+/([0-9]+(?:\\.closing)?)\"");
    private static final Pattern CELL = Pattern.compile("^([0-9]+(?:\\.closing)?),");

    private final Pattern where;
    private final boolean quoting;
    private @Nullable String last;

    Records(RecordFormat form) {
      quoting = form == RecordFormat.csv;
      where =
          switch (form) {
            case jsonl -> POSITION;
            case ocsf -> UID;
            case csv -> CELL;
          };
    }

    Optional<String> last() {
      return Optional.ofNullable(last);
    }

    void copy(InputStream body, OutputStream to) throws IOException {
      InputStream in = new BufferedInputStream(body, 1 << 16);
      ByteArrayOutputStream record = new ByteArrayOutputStream();
      boolean quoted = false;
      for (int b = in.read(); b >= 0; b = in.read()) {
        record.write(b);
        quoted ^= quoting && b == '"';
        if (b == '\n' && !quoted) {
          record.writeTo(to);
          note(record.toString(StandardCharsets.UTF_8));
          record.reset();
        }
      }
      if (record.size() > 0) {
        throw new IOException("the last record does not end");
      }
    }

    private void note(String record) {
      var found = where.matcher(record);
      if (found.find()) {
        last = found.group(1);
      }
    }
  }
}
