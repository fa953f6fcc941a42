package org.openlockbox.core.operation;

import java.util.regex.Pattern;
import org.openlockbox.core.canonical.MalformedJson;

/// How an operation ended, in the protocol's own words: an SQLSTATE (`00000`), an HTTP status
/// (`200`), an exit code (`exit 0`) or a signal (`signal TERM`). The four spellings have no word in
/// common, so a status says by itself of which protocol it is.
public record OutcomeStatus(String word) {
  private static final Pattern SQLSTATE = Pattern.compile("[0-9A-Z]{5}");
  private static final Pattern HTTP = Pattern.compile("[1-5][0-9]{2}");
  private static final Pattern SSH =
      Pattern.compile(
          "exit (0|[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5])|signal [A-Z][A-Z0-9]{2,3}");

  /// What SQL calls successful completion.
  public static final OutcomeStatus SQL_DONE = new OutcomeStatus("00000");

  public OutcomeStatus {
    if (!SQLSTATE.matcher(word).matches()
        && !HTTP.matcher(word).matches()
        && !SSH.matcher(word).matches()) {
      throw new MalformedJson("not a status of an operation: " + word);
    }
  }

  public Protocol protocol() {
    return switch (word.length()) {
      case 3 -> Protocol.HTTP;
      case 5 -> Protocol.POSTGRESQL;
      default -> Protocol.SSH;
    };
  }

  /// Whether the operation did not do what was asked. The classes 00, 01 and 02 of SQL are success,
  /// a warning and no data.
  public boolean isFailure() {
    return switch (protocol()) {
      case POSTGRESQL -> !word.startsWith("00") && !word.startsWith("01") && !word.startsWith("02");
      case HTTP -> word.charAt(0) >= '4';
      case SSH -> !word.equals("exit 0");
    };
  }

  /// As people read it: `SQLSTATE 42501`, `status 404`, `exit 1`.
  public String spoken() {
    return switch (protocol()) {
      case POSTGRESQL -> "SQLSTATE " + word;
      case HTTP -> "status " + word;
      case SSH -> word;
    };
  }

  @Override
  public String toString() {
    return word;
  }
}
