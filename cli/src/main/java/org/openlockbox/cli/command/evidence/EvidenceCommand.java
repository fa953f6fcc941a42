package org.openlockbox.cli.command.evidence;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;
import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.RequestCommand;
import org.openlockbox.cli.command.Requests;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.core.bundle.Bundle;
import org.openlockbox.core.bundle.Disclosure;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "evidence",
    description = {
      "Fetch the evidence bundle of one request: a zip that anyone can verify offline.",
      "Without --out it goes to stdout, which must not be a terminal."
    },
    footer = {"", "Example:", "  lockbox evidence R-7K3F92QX4M --out a.zip"})
public final class EvidenceCommand extends RequestCommand {
  @Option(
      names = {"--out", "-O"},
      paramLabel = "F",
      description = "The file to write.")
  private @Nullable Path out;

  @Option(
      names = "--disclose",
      paramLabel = "WHAT",
      description = {
        "Which texts it opens: none, decisions (the reason asked for), all (statements too; the"
            + " default). The others stay commitments, and the bundle verifies all the same."
      })
  private Disclosure disclosure = Disclosure.ALL;

  public EvidenceCommand(CommandContext surroundings) {
    super(surroundings);
  }

  @Override
  protected ExitCode run() {
    if (out == null && call.surroundings().interactive()) {
      throw Failure.usage(
          "a zip is nothing to look at",
          "lockbox evidence " + request() + " --out " + request() + ".zip");
    }
    ApiObject found = requests().find(request()).object();
    byte[] bundle = disclosed(api().get(Requests.path(found) + "/evidence").bytes());
    try {
      if (out == null) {
        terminal().out().write(bundle);
        terminal().out().flush();
      } else {
        store(out, bundle);
      }
    } catch (IOException unwritable) {
      throw new Failure(ExitCode.FAILURE, "cannot write the bundle: " + unwritable.getMessage());
    }
    return ExitCode.OK;
  }

  private byte[] disclosed(byte[] whole) {
    if (disclosure == Disclosure.ALL) {
      return whole;
    }
    try {
      return Bundle.parse(Bytes.of(whole)).disclosing(disclosure).bytes().toArray();
    } catch (MalformedJson malformed) {
      throw new Failure(
          ExitCode.FAILURE, "the server's bundle cannot be read: " + malformed.getMessage());
    }
  }

  /// Written beside and moved, so a crash leaves no half bundle under the name.
  private void store(Path file, byte[] bundle) throws IOException {
    Path beside = file.resolveSibling(file.getFileName() + ".part");
    try {
      Files.write(beside, bundle);
      Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (UncheckedIOException failed) {
      throw failed.getCause();
    }
    if (call.json()) {
      Json.Object json =
          Json.object().put("file", file.toString()).put("bytes", bundle.length).build();
      terminal().print(CanonicalJson.text(json));
    }
    terminal().mention("wrote " + file + ", " + bundle.length + " bytes");
    terminal().mention(terminal().faint("next: ") + "lockbox verify " + file + " --pin PIN");
  }
}
