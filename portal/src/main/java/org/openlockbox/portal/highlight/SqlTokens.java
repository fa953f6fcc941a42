package org.openlockbox.portal.highlight;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Cuts SQL into tokens by PostgreSQL's lexical rules (manual, 4.1), for readers alone: nothing is
/// decided by them. The tokens' texts, one after the other, are the text, whatever it is. What is
/// not closed goes on to the end.
final class SqlTokens {
  /// In this order: a comment, strings of each kind, a name in marks, a word, a number or
  /// parameter.
  private static final Pattern TOKEN =
      Pattern.compile(
          """
          (?<line>--[^\\r\\n]*+)
          |(?<block>/\\*)
          |(?<string>[eE]'(?:[^'\\\\]++|\\\\.|'')*+(?:'|\\z)
            |(?:[bBxXnN]|[uU]&)?'(?:[^']++|'')*+(?:'|\\z)
            |\\$(?<tag>(?:[\\p{L}_][\\p{L}\\p{N}_]*+)?+)\\$.*?(?:\\$\\k<tag>\\$|\\z))
          |(?<name>(?:[uU]&)?"(?:[^"]++|"")*+(?:"|\\z))
          |(?<word>[\\p{L}_][\\p{L}\\p{M}\\p{N}_$]*+)
          |(?<number>\\d[\\d_]*+(?:\\.\\d*+)?+(?:[eE][+-]?\\d++)?+|\\.\\d++|\\$\\d++)
          """,
          Pattern.COMMENTS | Pattern.DOTALL);

  private static final Pattern EDGE = Pattern.compile("/\\*|\\*/");

  private static final Set<String> KEYWORDS =
      Set.of(
          """
          all alter analyse analyze and any array as asc asymmetric begin between both by call case cast check
          close cluster collate column comment commit concurrently constraint copy create cross current
          current_date current_role current_time current_timestamp current_user cursor deallocate declare default
          deferrable delete desc discard distinct do drop else end escape except execute exists explain false
          fetch filter for foreign from full function grant group grouping having ilike in initially inner insert
          intersect into is isnull join lateral leading left like limit listen load localtime localtimestamp lock
          materialized merge move natural not notify notnull null nulls of offset on only or order outer over
          overlaps partition prepare primary procedure recursive references refresh reindex release rename reset
          returning revoke right role rollback row rows savepoint schema security select session session_user set
          setof show similar some start symmetric table tablesample then to trailing transaction trigger true
          truncate type union unique unlisten update user using vacuum values variadic verbose view when where
          window with within work\
          """
              .split("\\s+", -1));

  /// A token and what it is.
  record SqlToken(String text, TokenKind kind) {}

  private final String text;
  private final List<SqlToken> tokens = new ArrayList<>();
  private int done;

  private SqlTokens(String text) {
    this.text = text;
  }

  static List<SqlToken> of(String text) {
    return new SqlTokens(text).cut();
  }

  private List<SqlToken> cut() {
    var found = TOKEN.matcher(text);
    while (done < text.length() && found.find(done)) {
      take(found.start(), TokenKind.PLAIN);
      take(end(found), kind(found));
    }
    take(text.length(), TokenKind.PLAIN);
    return tokens;
  }

  private void take(int end, TokenKind kind) {
    if (end > done) {
      tokens.add(new SqlToken(text.substring(done, end), kind));
      done = end;
    }
  }

  private int end(Matcher found) {
    return found.group("block") == null ? found.end() : endOfComment(found.end());
  }

  /// Comments in comments end each by themselves.
  private int endOfComment(int from) {
    var edges = EDGE.matcher(text);
    int open = 1;
    int at = from;
    while (open > 0 && edges.find(at)) {
      open += edges.group().equals("/*") ? 1 : -1;
      at = edges.end();
    }
    return open > 0 ? text.length() : at;
  }

  private TokenKind kind(Matcher found) {
    if (found.group("line") != null || found.group("block") != null) {
      return TokenKind.COMMENT;
    }
    if (found.group("string") != null) {
      return TokenKind.STRING;
    }
    if (found.group("number") != null) {
      return TokenKind.NUMBER;
    }
    return found.group("word") != null && isKeyword(found) ? TokenKind.KEYWORD : TokenKind.PLAIN;
  }

  /// Behind a dot every word is a name.
  private boolean isKeyword(Matcher found) {
    boolean member = found.start() > 0 && text.charAt(found.start() - 1) == '.';
    return !member && KEYWORDS.contains(found.group().toLowerCase(Locale.ROOT));
  }
}
