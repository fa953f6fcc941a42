package org.openlockbox.cli.terminal;

import java.io.UncheckedIOException;
import java.util.Locale;
import org.openlockbox.core.canonical.TextRules;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/// The one place where something that went wrong becomes words on stderr and an exit code: what
/// happened and why, then the next command to type.
public final class ErrorReporter implements IExecutionExceptionHandler, IParameterExceptionHandler {
  private static final int SAME = 2;

  private final Terminal terminal;

  public ErrorReporter(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public int handleExecutionException(
      Exception thrown, CommandLine command, ParseResult parseResult) {
    return switch (thrown) {
      case Failure failure -> tell(failure);
      case ParameterException unusable -> handleParseException(unusable, new String[0]);
      case UncheckedIOException broken -> tell(new Failure(ExitCode.FAILURE, textOf(broken)));
      default -> internal(thrown);
    };
  }

  @Override
  public int handleParseException(ParameterException unusable, String[] args) {
    String command = unusable.getCommandLine().getCommandSpec().qualifiedName();
    if (unusable instanceof UnmatchedArgumentException unmatched) {
      return tell(unknown(unmatched, command));
    }
    return tell(Failure.usage(firstLower(textOf(unusable)), command + " --help"));
  }

  /// A word that the command does not know, with the one that was meant if it is close to one.
  private static Failure unknown(UnmatchedArgumentException unmatched, String command) {
    String word = unmatched.getUnmatched().getFirst();
    boolean isVerb =
        !unmatched.isUnknownOption() && !unmatched.getCommandLine().getSubcommands().isEmpty();
    String what = (isVerb ? "there is no verb '%s'" : "'%s' is not known to " + command);
    String sentence = what.formatted(TextRules.shown(word));
    return unmatched.getSuggestions().stream()
        .filter(close -> isLike(close, word))
        .findFirst()
        .map(
            close ->
                Failure.usage(
                    "%s; did you mean %s?".formatted(sentence, close),
                    command + " " + close + (isVerb ? " --help" : "")))
        .orElseGet(() -> Failure.usage(sentence, command + " --help"));
  }

  /// What is suggested begins as what was typed does: any other is a guess.
  private static boolean isLike(String close, String typed) {
    int same = Math.min(SAME, Math.min(close.length(), typed.length()));
    return close.regionMatches(true, 0, typed, 0, same);
  }

  private int tell(Failure failure) {
    terminal.say(terminal.bad("lockbox: ") + failure.sentence());
    failure.hint().ifPresent(hint -> terminal.say(terminal.faint("hint: ") + hint));
    return failure.exit().number();
  }

  private int internal(Exception thrown) {
    terminal.say(terminal.bad("lockbox: ") + "a bug in lockbox itself: " + thrown);
    if (terminal.debugging()) {
      thrown.printStackTrace(terminal.err());
    } else {
      terminal.say(terminal.faint("hint: ") + "LOCKBOX_DEBUG=1 shows where; please report it");
    }
    return ExitCode.FAILURE.number();
  }

  private static String textOf(Throwable thrown) {
    String message = thrown.getMessage();
    return message == null ? thrown.toString() : message;
  }

  private static String firstLower(String text) {
    return text.isEmpty()
        ? text
        : text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
  }
}
