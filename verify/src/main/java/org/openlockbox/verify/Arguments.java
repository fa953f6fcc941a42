package org.openlockbox.verify;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import org.openlockbox.core.bundle.Report.ReportFormat;
import org.openlockbox.tlog.tree.Hash;

/// What the command line asks for.
sealed interface Arguments {
  String USAGE =
      """
      Usage: java -jar lockbox-verify.jar FILE --pin HEX [--explain] [-o json]

      Checks an evidence bundle against the pin, offline, and prints what happened, in order, each
      line with what proves it.

        --pin HEX    the tenant's pin, 64 hexadecimal digits, as the tenant kept it
        --explain    also say what was checked, and what it cannot show
        -o json      print one JSON object (-o text: lines, the default)

      Exit codes: 0 everything holds  1 something does not  2 usage  3 could not be checked
      """;

  record Help(String text) implements Arguments {}

  record InvalidArguments(String why) implements Arguments {}

  record Wanted(String file, Hash pin, ReportFormat form) implements Arguments {}

  static Arguments parse(String[] args) {
    try {
      return read(List.of(args));
    } catch (IllegalArgumentException wrong) {
      return new InvalidArguments(String.valueOf(wrong.getMessage()));
    }
  }

  private static Arguments read(List<String> args) {
    var words = new ArrayDeque<>(args);
    var file = "";
    var pin = "";
    var form = ReportFormat.TEXT;
    while (!words.isEmpty()) {
      var word = words.pop();
      switch (word) {
        case "-h", "--help" -> {
          return new Help(USAGE);
        }
        case "--pin" -> pin = once(word, pin, value(word, words));
        case "-o", "--output" -> form = form(form, value(word, words));
        case "--explain" -> form = form == ReportFormat.JSON ? form : ReportFormat.EXPLAINED;
        default -> {
          if (word.startsWith("-")) {
            throw new IllegalArgumentException("there is no option " + word);
          }
          file = once("FILE", file, word);
        }
      }
    }
    if (file.isEmpty() || pin.isEmpty()) {
      throw new IllegalArgumentException("say which FILE, and the --pin");
    }
    return new Wanted(file, pin(pin), form);
  }

  private static String once(String what, String before, String value) {
    if (!before.isEmpty()) {
      throw new IllegalArgumentException(what + " is given twice");
    }
    return value;
  }

  private static String value(String option, ArrayDeque<String> words) {
    if (words.isEmpty()) {
      throw new IllegalArgumentException(option + " has no value");
    }
    return words.pop();
  }

  private static ReportFormat form(ReportFormat before, String word) {
    return switch (word) {
      case "json" -> ReportFormat.JSON;
      case "text" -> before;
      default -> throw new IllegalArgumentException("-o is json or text, not " + word);
    };
  }

  private static Hash pin(String hex) {
    try {
      return Hash.ofHex(hex.strip().toLowerCase(Locale.ROOT));
    } catch (IllegalArgumentException malformed) {
      throw new IllegalArgumentException("a pin has 64 hexadecimal digits: " + hex, malformed);
    }
  }
}
