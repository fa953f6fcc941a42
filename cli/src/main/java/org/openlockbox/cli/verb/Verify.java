package org.openlockbox.cli.verb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.cli.terminal.Terminal;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.evidence.BundleCheck;
import org.openlockbox.core.evidence.Story;
import org.openlockbox.tlog.Hash;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

@Command(
    name = "verify",
    description = {
      "Check an evidence bundle against the pin, offline: no server, no profile, nobody's word.",
      "Prints what happened, in order, each line with what proves it. Exit code 1 if anything does"
          + " not hold, with what and where."
    },
    footer = {"", "Example:", "  lockbox verify a.zip --pin 3f2a…"})
final class Verify extends Verb {
  @Parameters(paramLabel = "F", description = "The bundle.")
  private Path file = Path.of("");

  @Option(
      names = "--pin",
      required = true,
      paramLabel = "HEX",
      converter = PinConverter.class,
      description = "The tenant's pin, 64 hexadecimal digits, as the tenant kept it.")
  private @Nullable Hash pin;

  Verify(Surroundings surroundings) {
    super(surroundings);
  }

  /// Reads 64 hexadecimal digits of either case.
  static final class PinConverter implements ITypeConverter<Hash> {
    @Override
    public Hash convert(String text) {
      try {
        return Hash.ofHex(text.strip().toLowerCase(Locale.ROOT));
      } catch (IllegalArgumentException malformed) {
        throw new TypeConversionException("'" + text + "' is not 64 hexadecimal digits");
      }
    }
  }

  @Override
  ExitCode run() {
    return switch (BundleCheck.verify(read(), Optional.ofNullable(pin))) {
      case BundleCheck.Verified(Story story) -> {
        tell(story);
        yield ExitCode.OK;
      }
      case BundleCheck.Broken(String what, String where) -> {
        tellBroken(what, where);
        yield ExitCode.FAILURE;
      }
    };
  }

  private byte[] read() {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException missing) {
      throw Failure.usage("there is no file " + file, "lockbox evidence R-… --out " + file);
    } catch (IOException | OutOfMemoryError unreadable) {
      throw new Failure(ExitCode.FAILURE, file + " cannot be read: " + unreadable.getMessage(), "");
    }
  }

  private void tell(Story story) {
    Terminal terminal = call.terminal();
    if (call.json()) {
      terminal.print(CanonicalJson.text(json(story)));
    } else {
      story.text().lines().map(Terminal::clean).forEach(terminal::print);
    }
    terminal.mention(terminal.good("verified: ") + file + " holds in every byte");
  }

  private void tellBroken(String what, String where) {
    Terminal terminal = call.terminal();
    if (call.json()) {
      terminal.print(
          CanonicalJson.text(
              Json.object()
                  .put("verified", false)
                  .put("what", Terminal.clean(what))
                  .put("where", Terminal.clean(where))
                  .build()));
    }
    terminal.say(
        terminal.bad("NOT VERIFIED: ") + Terminal.clean(where) + ": " + Terminal.clean(what));
    terminal.say(
        terminal.faint("hint: ") + "believe nothing in this file; fetch it again, check the pin");
  }

  private static Json.Object json(Story story) {
    List<Json.Object> lines =
        story.lines().stream()
            .map(
                line ->
                    Json.object()
                        .put("time", line.time())
                        .put("who", line.who())
                        .put("what", line.what())
                        .put("provenBy", line.provenBy())
                        .build())
            .toList();
    return Json.object()
        .put("verified", true)
        .put("tenant", story.tenant().value())
        .put("request", story.request().id().value())
        .put("state", story.state().word())
        .put("pin", story.pin())
        .put("logSize", story.logSize())
        .put("statements", story.statements())
        .put("story", lines)
        .build();
  }
}
