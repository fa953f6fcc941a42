package org.openlockbox.cli.command.session;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.LockboxCommand;
import org.openlockbox.cli.http.Api;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.http.ApiResponse;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.tenant.TenantId;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

@Command(
    name = "kill",
    description = {
      "End one session now. Its request stays approved: the engineer can connect again.",
      "To end access, use: lockbox revoke R-…"
    },
    footer = {"", "Example:", "  lockbox sessions kill S-0123456789ABCDEF"})
public final class SessionKillCommand extends LockboxCommand {
  @Parameters(
      paramLabel = "S-…",
      converter = SessionIdConverter.class,
      description = "The session.")
  private @Nullable SessionId session;

  @Option(names = "--tenant", paramLabel = "T", description = "Whose session (default: looked up).")
  private @Nullable TenantId tenant;

  public SessionKillCommand(CommandContext surroundings) {
    super(surroundings);
  }

  @Override
  protected ExitCode run() {
    String id = String.valueOf(session);
    String owner = tenant == null ? tenantOf(id) : tenant.value();
    ApiResponse answer =
        api()
            .post(
                "/v1/tenants/" + Api.encoded(owner) + "/sessions/" + id + ":terminate",
                Json.object().build());
    if (call.json()) {
      terminal().print(answer.text().isEmpty() ? "{}" : answer.text());
    }
    terminal().mention(id + " is being ended");
    return ExitCode.OK;
  }

  private String tenantOf(String id) {
    for (ApiObject open : requests().pages("/v1/sessions", "sessions", 10_000)) {
      if (open.text("id").equals(id)) {
        return open.required("tenant");
      }
    }
    throw new Failure(ExitCode.FAILURE, "there is no open session " + id, "lockbox sessions ls");
  }

  /// Ids may be typed in lower case.
  static final class SessionIdConverter implements ITypeConverter<SessionId> {
    @Override
    public SessionId convert(String text) {
      try {
        return new SessionId(text.toUpperCase(Locale.ROOT));
      } catch (IllegalArgumentException malformed) {
        throw new TypeConversionException(String.valueOf(malformed.getMessage()));
      }
    }
  }
}
