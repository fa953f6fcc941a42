package org.openlockbox.e2e.docs;

import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One fenced block of a page. A comment line right above it, which the rendered page does not
/// show, says what a reader knows and a test cannot guess:
///
/// * `<!-- not run: WHY -->` it cannot be typed in a test;
/// * `<!-- ends with N -->` its last command is refused with this exit code;
/// * `<!-- goes on: WORDS -->` it goes on running after it printed these words;
/// * `<!-- file: NAME -->` it is a test vector's file;
/// * `<!-- after Ctrl-C -->` whatever goes on is ended first.
///
/// A `text` block that follows is what it prints.
record Block(String page, int line, String language, String note, String text, String shown) {
  private static final Pattern NOTE =
      Pattern.compile("not run: .+|ends with [0-9]+|goes on: .+|after Ctrl-C|file: .+|");
  private static final List<String> LANGUAGES =
      List.of("sh", "text", "properties", "ini", "yaml", "json", "haproxy");

  Block {
    if (!NOTE.matcher(note).matches() || !LANGUAGES.contains(language)) {
      throw new AssertionError(page + ":" + line + ": a block of " + language + ", " + note);
    }
  }

  /// Whether a reader types it.
  boolean isTyped() {
    return language.equals("sh");
  }

  /// Whether no test types it. The comment says why.
  boolean isNotRun() {
    return note.startsWith("not run: ");
  }

  boolean endsTheOthers() {
    return note.equals("after Ctrl-C");
  }

  /// The exit code that its refused commands have.
  OptionalInt refusedWith() {
    return note.startsWith("ends with ")
        ? OptionalInt.of(Integer.parseInt(note.substring("ends with ".length())))
        : OptionalInt.empty();
  }

  /// The words after which it goes on running; empty if it ends by itself.
  String goesOnAfter() {
    return note.startsWith("goes on: ") ? note.substring("goes on: ".length()) : "";
  }

  /// What it prints as the page shows it: `…` stands for any text in a line or for any lines, and
  /// ids, times and hashes differ from one time to the next.
  Pattern printed() {
    Matcher parts =
        Pattern.compile(
                "(?m)^…\\n|…|[RS]-[0-9A-Z]{10,}|\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z|[0-9a-f]{64}|R-…")
            .matcher(shown);
    var pattern = new StringBuilder("(?m)^");
    int from = 0;
    while (parts.find()) {
      pattern.append(Pattern.quote(shown.substring(from, parts.start())));
      pattern.append(parts.group().equals("…\n") ? "(?s:.*?)^" : "[^\\n]*?");
      from = parts.end();
    }
    return Pattern.compile(pattern.append(Pattern.quote(shown.substring(from))).toString());
  }

  @Override
  public String toString() {
    return page + ":" + line + "\n" + text;
  }
}
