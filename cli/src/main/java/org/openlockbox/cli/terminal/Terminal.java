package org.openlockbox.cli.terminal;

import java.io.PrintStream;
import java.util.Map;
import org.openlockbox.core.canonical.TextRules;

/// Where a command speaks: data on stdout, talk on stderr. Colours only on a terminal, and never
/// with `NO_COLOR` or `TERM=dumb`. Text that came from elsewhere passes through [#clean], so a
/// server or a log entry cannot move the cursor or hide words.
public final class Terminal {
  private final PrintStream out;
  private final PrintStream err;
  private final boolean colours;
  private final boolean debugging;
  private boolean quiet;

  public Terminal(PrintStream out, PrintStream err, boolean tty, Map<String, String> environment) {
    this.out = out;
    this.err = err;
    this.colours =
        (tty || "1".equals(environment.get("CLICOLOR_FORCE")))
            && environment.getOrDefault("NO_COLOR", "").isEmpty()
            && !"dumb".equals(environment.get("TERM"));
    this.debugging = environment.containsKey("LOCKBOX_DEBUG");
  }

  /// A line of data, on stdout.
  public void print(String line) {
    out.println(line);
    out.flush();
  }

  /// Many lines of data at once, on stdout.
  public void write(String lines) {
    out.print(lines);
    out.flush();
  }

  /// A line of talk, on stderr.
  public void say(String line) {
    err.println(line);
    err.flush();
  }

  /// A line of talk that `--quiet` leaves out.
  public void mention(String line) {
    if (!quiet) {
      say(line);
    }
  }

  /// A question, on stderr, without a line end.
  public void ask(String question) {
    err.print(question);
    err.flush();
  }

  public void beQuiet() {
    quiet = true;
  }

  boolean debugging() {
    return debugging;
  }

  public PrintStream out() {
    return out;
  }

  public PrintStream err() {
    return err;
  }

  public String bold(String text) {
    return styled("1", text);
  }

  public String good(String text) {
    return styled("32", text);
  }

  public String bad(String text) {
    return styled("31", text);
  }

  public String faint(String text) {
    return styled("2", text);
  }

  /// The state of a request in its colour.
  public String state(String state) {
    return switch (state) {
      case "approved" -> good(state);
      case "pending" -> bold(state);
      case "denied", "revoked", "removalFailed" -> bad(state);
      default -> faint(state);
    };
  }

  /// Foreign text made harmless to a terminal: control, bidirectional and zero-width characters
  /// show as `\\u....`.
  public static String clean(String text) {
    return TextRules.shown(text);
  }

  private String styled(String code, String text) {
    return colours ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
