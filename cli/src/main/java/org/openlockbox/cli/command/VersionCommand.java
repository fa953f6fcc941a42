package org.openlockbox.cli.command;

import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.version.ProductVersion;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import picocli.CommandLine.Command;

@Command(
    name = "version",
    description = "Show the version, its commit, when it was built, and the Java it runs on.",
    footer = {"", "Example:", "  lockbox version"})
public final class VersionCommand extends LockboxCommand {
  public VersionCommand(CommandContext surroundings) {
    super(surroundings);
  }

  @Override
  protected ExitCode run() {
    var version = ProductVersion.running();
    String java = System.getProperty("java.version", "");
    if (call.json()) {
      Json.Object json =
          Json.object()
              .put("version", version.number())
              .put("commit", version.commit())
              .put("built", version.built())
              .put("java", java)
              .build();
      call.terminal().print(CanonicalJson.text(json));
    } else {
      call.terminal().print(version + ", Java " + java);
    }
    return ExitCode.OK;
  }
}
