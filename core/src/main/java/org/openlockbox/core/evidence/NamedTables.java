package org.openlockbox.core.evidence;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/// The tables that the words of an SQL text name: what stands where PostgreSQL's grammar wants a
/// relation. A help for reading, not a fence: the database decides what a session can reach.
///
/// `opaque` texts can reach tables that their words do not show: DO, EXECUTE, CALL, FETCH, MOVE and
/// names in `U&"…"`. A common table expression is left out only where it hides a table of its name.
record NamedTables(SortedSet<String> names, boolean opaque) {
  /// Longest text that is looked into; a longer one is opaque.
  private static final int LONGEST = 1 << 20;

  private static final Set<String> OPAQUE =
      Set.of("do", "execute", "call", "fetch", "move", "import");
  private static final Set<String> QUERY =
      Set.of("select", "with", "values", "table", "insert", "update", "delete", "merge");
  private static final Set<String> BEFORE_NAME = Set.of("only", "lateral", "if", "exists", "not");

  /// Words after which no relation of the list before can follow.
  private static final Set<String> ENDS_LIST =
      Set.of(
          "where",
          "group",
          "having",
          "window",
          "union",
          "intersect",
          "except",
          "order",
          "limit",
          "offset",
          "for",
          "returning",
          "set",
          "values",
          "select",
          "when",
          "conflict",
          "default");

  NamedTables {
    names = Collections.unmodifiableSortedSet(new TreeSet<>(names));
  }

  static NamedTables of(String sql) {
    if (sql.length() > LONGEST) {
      return new NamedTables(new TreeSet<>(), true);
    }
    return new Scan(SqlWords.of(sql)).run();
  }

  /// A level of parentheses: whether it holds a query or a join, and whether a relation is due.
  private static final class Level {
    final boolean query;
    boolean list;
    boolean due;
    final Set<String> hidden = new HashSet<>();
    Optional<String> defining = Optional.empty();

    Level(boolean query) {
      this.query = query;
    }
  }

  private static final class Scan {
    private final List<SqlWords.Word> words;
    private final Deque<Level> levels = new ArrayDeque<>();
    private final SortedSet<String> names = new TreeSet<>();
    private boolean opaque;
    private boolean first = true;
    private int at;

    Scan(List<SqlWords.Word> words) {
      this.words = words;
      levels.push(new Level(true));
    }

    NamedTables run() {
      for (at = 0; at < words.size(); at++) {
        var word = words.get(at);
        switch (word.kind()) {
          case SYMBOL -> symbol(word.text());
          case NAME, QUOTED -> word(word);
          case UNREADABLE -> opaque = true;
          case OTHER -> {}
        }
        first = word.is(";");
      }
      return new NamedTables(names, opaque);
    }

    private Level level() {
      return levels.element();
    }

    private void symbol(String symbol) {
      switch (symbol) {
        case "(" -> open();
        case ")" -> close();
        case "," -> level().due = level().list;
        case ";" -> {
          levels.clear();
          levels.push(new Level(true));
        }
        default -> level().due = false;
      }
    }

    private void open() {
      boolean query = at + 1 < words.size() && words.get(at + 1).isOneOf(QUERY);
      boolean join = level().due && !query && !words.get(at - 1).is("using");
      var inner = new Level(query || join);
      inner.due = join;
      inner.list = join;
      if (query) {
        inner.defining = defined();
      }
      level().due = false;
      levels.push(inner);
    }

    /// The name of the common table expression whose body opens here: `name [(…)] as [[not]
    /// materialized] (`.
    private Optional<String> defined() {
      int i = at - 1;
      while (i >= 0 && (words.get(i).is("materialized") || words.get(i).is("not"))) {
        i--;
      }
      if (i < 1 || !words.get(i).is("as")) {
        return Optional.empty();
      }
      i--;
      if (words.get(i).is(")")) {
        while (i > 0 && !words.get(i).is("(")) {
          i--;
        }
        i--;
      }
      return i >= 0 && words.get(i).isName() ? Optional.of(words.get(i).text()) : Optional.empty();
    }

    private void close() {
      if (levels.size() > 1) {
        var inner = levels.pop();
        level().due = false;
        inner.defining.ifPresent(level().hidden::add);
      }
    }

    private void word(SqlWords.Word word) {
      var level = level();
      if (first && word.isOneOf(OPAQUE)) {
        opaque = true;
      }
      if (!level.query) {
        return;
      }
      if (level.due && !(word.isOneOf(BEFORE_NAME) || word.is("table") || word.is("into"))) {
        level.due = false;
        relation();
      } else if (begins(word)) {
        level.due = true;
        level.list = !word.is("into");
      } else if (word.isOneOf(ENDS_LIST)) {
        level.list = false;
        level.due = false;
      }
    }

    private boolean begins(SqlWords.Word word) {
      return switch (word.kind()) {
        case QUOTED, SYMBOL, UNREADABLE, OTHER -> false;
        case NAME ->
            switch (word.text()) {
              case "from" -> at == 0 || !words.get(at - 1).is("distinct");
              case "join", "into", "table", "truncate", "using" -> true;
              case "update" ->
                  at == 0 || !words.get(at - 1).isOneOf(Set.of("for", "key", "do", "then"));
              case "copy" -> first;
              default -> false;
            };
      };
    }

    /// A possibly qualified name; a function when a parenthesis follows.
    private void relation() {
      var name = new StringBuilder(words.get(at).text());
      boolean qualified = false;
      while (at + 2 < words.size() && words.get(at + 1).is(".") && words.get(at + 2).isName()) {
        at += 2;
        name.append('.').append(words.get(at).text());
        qualified = true;
      }
      boolean function = at + 1 < words.size() && words.get(at + 1).is("(") && !inserted();
      var found = name.toString();
      boolean hidden = !qualified && levels.stream().anyMatch(l -> l.hidden.contains(found));
      if (!function && !hidden) {
        names.add(found);
      }
    }

    /// Whether the parenthesis that follows holds the columns of an INSERT or COPY.
    private boolean inserted() {
      for (int i = at; i >= Math.max(0, at - 6); i--) {
        if (words.get(i).is("into") || words.get(i).is("copy")) {
          return true;
        }
      }
      return false;
    }
  }

  /// In lower case as PostgreSQL folds unquoted names: ASCII only.
  static String folded(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
