package org.openlockbox.cli.command;

import org.jspecify.annotations.Nullable;
import org.openlockbox.cli.http.Api;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.core.tenant.TenantId;
import picocli.CommandLine.Option;

/// A verb about the tenant whose people run it.
public abstract class OwnTenantCommand extends LockboxCommand {
  @Option(names = "--tenant", paramLabel = "T", description = "Your tenant (default: your own).")
  private @Nullable TenantId tenant;

  protected OwnTenantCommand(CommandContext surroundings) {
    super(surroundings);
  }

  /// The path of this tenant's part of the interface.
  protected final String path(String rest) {
    String own = tenant == null ? api().get("/v1/whoami").object().text("tenant") : tenant.value();
    if (own.isEmpty()) {
      throw new Failure(
          ExitCode.USAGE, "only a tenant's own people can do this", "choose another --profile");
    }
    return "/v1/tenants/" + Api.encoded(own) + rest;
  }

  /// Prints what the server sent, or says it in one sentence.
  protected final ExitCode done(String sent, String sentence) {
    if (call.json()) {
      terminal().print(sent);
    }
    terminal().mention(sentence);
    return ExitCode.OK;
  }
}
