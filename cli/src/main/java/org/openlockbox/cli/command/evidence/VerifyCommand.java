package org.openlockbox.cli.command.evidence;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.LockboxCommand;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.cli.terminal.Terminal;
import org.openlockbox.core.bundle.Report;
import org.openlockbox.core.bundle.Report.ReportFormat;
import org.openlockbox.policy.CelConditions;
import org.openlockbox.tlog.tree.Hash;
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
          + " not hold, with what and where; 3 if it could not be checked: the file cannot be read,"
          + " or only a newer release can tell."
    },
    footer = {"", "Example:", "  lockbox verify a.zip --pin 3f2a…"})
public final class VerifyCommand extends LockboxCommand {
  @Parameters(paramLabel = "F", description = "The bundle.")
  private Path file = Path.of("");

  @Option(
      names = "--pin",
      required = true,
      paramLabel = "HEX",
      converter = PinConverter.class,
      description = "The tenant's pin, 64 hexadecimal digits, as the tenant kept it.")
  private @Nullable Hash pin;

  @Option(names = "--explain", description = "Also say what was checked, and what it cannot show.")
  private boolean explain;

  public VerifyCommand(CommandContext surroundings) {
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
  protected ExitCode run() {
    ReportFormat form = explain ? ReportFormat.EXPLAINED : ReportFormat.TEXT;
    Report report =
        Report.of(
            read(),
            Optional.ofNullable(pin),
            new CelConditions(),
            call.json() ? ReportFormat.JSON : form,
            file.toString());
    Terminal terminal = call.terminal();
    terminal.write(report.data());
    return switch (report.verdict()) {
      case VERIFIED -> {
        report.talk().forEach(line -> terminal.mention(terminal.good(line)));
        yield ExitCode.OK;
      }
      case BROKEN -> bad(terminal, report, ExitCode.FAILURE);
      case NOT_CHECKED -> bad(terminal, report, ExitCode.INCOMPLETE);
    };
  }

  private static ExitCode bad(Terminal terminal, Report report, ExitCode exit) {
    report.talk().forEach(line -> terminal.say(terminal.bad(line)));
    return exit;
  }

  private byte[] read() {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException missing) {
      throw new Failure(
          ExitCode.INCOMPLETE, "there is no file " + file, "lockbox evidence R-… --out " + file);
    } catch (IOException | OutOfMemoryError unreadable) {
      throw new Failure(
          ExitCode.INCOMPLETE, file + " cannot be read: " + unreadable.getMessage(), "");
    }
  }
}
