package org.openlockbox.core.evidence;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// An SQL text cut into words as PostgreSQL's lexer does (documentation, "Lexical Structure"):
/// comments and white space are gone, texts and numbers have lost their content, names are folded.
final class SqlWords {
  private final String sql;
  private final List<Word> words = new ArrayList<>();
  private int at;

  private SqlWords(String sql) {
    this.sql = sql;
  }

  enum Kind {
    /// An unquoted name or keyword.
    NAME,
    QUOTED,
    SYMBOL,
    /// A name in `U&"…"`, or something that never ends.
    UNREADABLE,
    /// A text, number or parameter.
    OTHER
  }

  record Word(Kind kind, String text) {
    /// Whether it is this keyword or symbol.
    boolean is(String word) {
      return (kind == Kind.NAME || kind == Kind.SYMBOL) && text.equals(word);
    }

    boolean isOneOf(Set<String> words) {
      return kind == Kind.NAME && words.contains(text);
    }

    boolean isName() {
      return kind == Kind.NAME || kind == Kind.QUOTED;
    }
  }

  static List<Word> of(String sql) {
    var cut = new SqlWords(sql);
    while (cut.at < sql.length()) {
      cut.next();
    }
    return cut.words;
  }

  private void next() {
    char c = sql.charAt(at);
    if (Character.isWhitespace(c)) {
      at++;
    } else if (sql.startsWith("--", at)) {
      int end = sql.indexOf('\n', at);
      at = end < 0 ? sql.length() : end;
    } else if (sql.startsWith("/*", at)) {
      comment();
    } else if (c == '\'') {
      text(at, false);
    } else if (c == '"') {
      quoted();
    } else if (c == '$') {
      dollar();
    } else if (isNameStart(c)) {
      name();
    } else if (c >= '0' && c <= '9') {
      at = whole(at);
      words.add(new Word(Kind.OTHER, ""));
    } else {
      at++;
      words.add(new Word(Kind.SYMBOL, String.valueOf(c)));
    }
  }

  private static boolean isNameStart(char c) {
    return c == '_' || Character.isLetter(c) || c >= 0x80;
  }

  /// Where the name or number that begins here ends.
  private int whole(int from) {
    int end = from;
    while (end < sql.length()
        && (isNameStart(sql.charAt(end))
            || Character.isDigit(sql.charAt(end))
            || sql.charAt(end) == '$')) {
      end++;
    }
    return end;
  }

  private void comment() {
    int depth = 0;
    do {
      if (sql.startsWith("/*", at)) {
        depth++;
        at += 2;
      } else if (sql.startsWith("*/", at)) {
        depth--;
        at += 2;
      } else {
        at++;
      }
    } while (depth > 0 && at < sql.length());
    if (depth > 0) {
      words.add(new Word(Kind.UNREADABLE, ""));
    }
  }

  private void text(int from, boolean backslashes) {
    at = from + 1;
    while (at < sql.length()) {
      char c = sql.charAt(at++);
      if (c == '\\' && backslashes) {
        at++;
      } else if (c == '\'') {
        if (at < sql.length() && sql.charAt(at) == '\'') {
          at++;
        } else {
          words.add(new Word(Kind.OTHER, ""));
          return;
        }
      }
    }
    at = sql.length();
    words.add(new Word(Kind.UNREADABLE, ""));
  }

  private void quoted() {
    var name = new StringBuilder();
    at++;
    while (at < sql.length()) {
      char c = sql.charAt(at++);
      if (c != '"') {
        name.append(c);
      } else if (at < sql.length() && sql.charAt(at) == '"') {
        name.append('"');
        at++;
      } else {
        words.add(new Word(Kind.QUOTED, name.toString()));
        return;
      }
    }
    words.add(new Word(Kind.UNREADABLE, ""));
  }

  /// `$tag$ … $tag$`, or a parameter.
  private void dollar() {
    int end = sql.indexOf('$', at + 1);
    var tag = end < 0 ? "" : sql.substring(at, end + 1);
    boolean opens = tag.matches("\\$([^\\W\\d]\\w*)?\\$");
    int close = opens ? sql.indexOf(tag, end + 1) : -1;
    if (opens) {
      at = close < 0 ? sql.length() : close + tag.length();
      words.add(new Word(close < 0 ? Kind.UNREADABLE : Kind.OTHER, ""));
    } else {
      at = Math.max(at + 1, whole(at + 1));
      words.add(new Word(Kind.OTHER, ""));
    }
  }

  private void name() {
    int end = whole(at);
    var name = NamedTables.folded(sql.substring(at, end));
    char after = end < sql.length() ? sql.charAt(end) : ' ';
    if (after == '\'' && Set.of("e", "b", "x", "n").contains(name)) {
      text(end, name.equals("e"));
    } else if (name.equals("u") && after == '&' && end + 1 < sql.length()) {
      unicode(end + 1);
    } else {
      at = end;
      words.add(new Word(Kind.NAME, name));
    }
  }

  private void unicode(int from) {
    at = from;
    if (sql.charAt(from) == '"') {
      quoted();
      words.set(words.size() - 1, new Word(Kind.UNREADABLE, ""));
    } else if (sql.charAt(from) == '\'') {
      text(from, false);
    } else {
      words.add(new Word(Kind.NAME, "u"));
    }
  }
}
