package org.openlockbox.core.evidence;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.JsonObjectBuilder;
import org.openlockbox.core.canonical.MalformedJson;

/// What the gateway read off a statement with PostgreSQL's own grammar, before it passed it on.
///
/// It holds no word of the engineer's: classes are the gateway's words, tables those of the
/// resource's catalogue (or `pg_catalog` and `information_schema` as a whole), functions those that
/// the gateway lists, and everything else is a count. So it stays when the statement's text is
/// erased.
///
/// @param classes what kinds of statement it is, outermost first, each once; `unknown` if it could
///   not be read
/// @param columns how many different columns it names; `*` names none
/// @param functions what it calls by name
/// @param others how many relations it names that the catalogue does not list
/// @param refused why the gateway did not pass it on, in one word
/// @param preparedBy the number of the earlier statement of the session that made what it executes
///   by name; absent where it does not, or the gateway cannot tell which one made it
public record StatementFacts(
    List<String> classes,
    long columns,
    CalledFunctions functions,
    SortedSet<String> reads,
    SortedSet<String> writes,
    long others,
    Optional<String> refused,
    OptionalLong preparedBy) {
  /// The class of a statement that could not be read.
  public static final String UNKNOWN = "unknown";

  private static final int MOST_CLASSES = 16;
  private static final Pattern WORD = Pattern.compile("[a-z][a-z-]{0,31}");
  private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_.$]{0,126}");

  public StatementFacts {
    classes = List.copyOf(classes);
    reads = known(reads);
    writes = known(writes);
    if (classes.isEmpty() || classes.size() > MOST_CLASSES) {
      throw new MalformedJson("'class' has 1 to " + MOST_CLASSES + " words: " + classes.size());
    }
    classes.forEach(StatementFacts::requireWord);
    refused.ifPresent(StatementFacts::requireWord);
    if (columns < 0 || others < 0 || preparedBy.orElse(0) < 0) {
      throw new MalformedJson("counts are 0 or more: %d, %d".formatted(columns, others));
    }
  }

  /// One that executes nothing by a name that an earlier one made.
  public StatementFacts(
      List<String> classes,
      long columns,
      CalledFunctions functions,
      SortedSet<String> reads,
      SortedSet<String> writes,
      long others,
      Optional<String> refused) {
    this(classes, columns, functions, reads, writes, others, refused, OptionalLong.empty());
  }

  /// A statement of one class that names no table.
  public static StatementFacts of(String word) {
    return new StatementFacts(
        List.of(word),
        0,
        CalledFunctions.NONE,
        new TreeSet<>(),
        new TreeSet<>(),
        0,
        Optional.empty());
  }

  /// A statement that reads these tables.
  public static StatementFacts reading(String word, long columns, Collection<String> tables) {
    return new StatementFacts(
        List.of(word),
        columns,
        CalledFunctions.NONE,
        new TreeSet<>(tables),
        new TreeSet<>(),
        0,
        Optional.empty());
  }

  /// The same statement, calling these.
  public StatementFacts calling(CalledFunctions called) {
    return new StatementFacts(classes, columns, called, reads, writes, others, refused, preparedBy);
  }

  /// The same statement, not passed on.
  public StatementFacts refusedFor(String why) {
    return new StatementFacts(
        classes, columns, functions, reads, writes, others, Optional.of(why), preparedBy);
  }

  /// The same statement, executing what statement `n` made.
  public StatementFacts preparedBy(long n) {
    return new StatementFacts(
        classes, columns, functions, reads, writes, others, refused, OptionalLong.of(n));
  }

  public boolean isUnknown() {
    return classes.contains(UNKNOWN);
  }

  /// Every table of the catalogue that it names.
  public SortedSet<String> tables() {
    var all = new TreeSet<>(reads);
    all.addAll(writes);
    return all;
  }

  /// In plain words, one line: `reads customers, tickets (12 columns); calls count`.
  public String line() {
    var parts = new ArrayList<String>();
    if (!reads.isEmpty()) {
      parts.add("reads " + String.join(", ", reads) + counted());
    }
    if (!writes.isEmpty()) {
      parts.add("writes " + String.join(", ", writes) + (reads.isEmpty() ? counted() : ""));
    }
    if (others > 0) {
      parts.add("names %d that the catalogue does not list".formatted(others));
    }
    if (parts.isEmpty()) {
      parts.add(String.join(", ", classes));
    }
    parts.addAll(functions.words());
    preparedBy.ifPresent(n -> parts.add("prepared by statement " + n));
    var what = String.join("; ", parts);
    return refused.map(why -> "refused (%s): %s".formatted(why, what)).orElse(what);
  }

  private String counted() {
    return columns == 0 ? "" : " (%d %s)".formatted(columns, columns == 1 ? "column" : "columns");
  }

  static StatementFacts parse(Fields body) {
    var tables = body.optionalObject("tables");
    var facts =
        new StatementFacts(
            body.texts("class"),
            positive(body, "columns"),
            body.optionalObject("functions")
                .map(CalledFunctions::parse)
                .orElse(CalledFunctions.NONE),
            names(tables, "reads"),
            names(tables, "writes"),
            tables.map(t -> positive(t, "others")).orElse(0L),
            body.optionalText("refused"),
            body.optionalNumber("preparedBy"));
    tables.ifPresent(Fields::done);
    if (tables.isPresent() && facts.tables().isEmpty() && facts.others == 0) {
      throw new MalformedJson("'tables' is left out when there are none");
    }
    return facts;
  }

  static long positive(Fields body, String name) {
    long value = body.optionalNumber(name).orElse(0);
    if (value == 0 && body.has(name)) {
      throw new MalformedJson("'%s' is left out when it is 0".formatted(name));
    }
    return value;
  }

  static SortedSet<String> names(Optional<Fields> tables, String name) {
    var listed = tables.flatMap(t -> t.optionalTexts(name)).orElse(List.of());
    var sorted = new TreeSet<>(listed);
    boolean empty = listed.isEmpty() && tables.filter(t -> t.has(name)).isPresent();
    if (empty || !List.copyOf(sorted).equals(listed)) {
      throw new MalformedJson("'%s' lists one name or more, sorted, each once".formatted(name));
    }
    return sorted;
  }

  /// As they stand in an entry's body, on their own.
  public Json.Object toJson() {
    var json = Json.object();
    put(json);
    return json.build();
  }

  void put(JsonObjectBuilder body) {
    body.putTexts("class", classes).putIfPresent("refused", refused);
    preparedBy.ifPresent(n -> body.put("preparedBy", n));
    if (columns > 0) {
      body.put("columns", columns);
    }
    if (!functions.isNone()) {
      body.put("functions", functions.toJson());
    }
    var tables = Json.object();
    if (!reads.isEmpty()) {
      tables.putTexts("reads", List.copyOf(reads));
    }
    if (!writes.isEmpty()) {
      tables.putTexts("writes", List.copyOf(writes));
    }
    if (others > 0) {
      tables.put("others", others);
    }
    if (others > 0 || !tables().isEmpty()) {
      body.put("tables", tables.build());
    }
  }

  /// The canonical spelling of what [#put] says of tables; empty if it says nothing.
  Optional<String> canonicalTables() {
    if (others == 0 && reads.isEmpty() && writes.isEmpty()) {
      return Optional.empty();
    }
    var tables = new CanonicalJsonWriter();
    if (others > 0) {
      tables.number("others", others);
    }
    if (!reads.isEmpty()) {
      tables.words("reads", reads);
    }
    if (!writes.isEmpty()) {
      tables.words("writes", writes);
    }
    return Optional.of(tables.done());
  }

  /// Names, each of them fit to stand in a record.
  static SortedSet<String> known(SortedSet<String> names) {
    var kept = new TreeSet<String>(names);
    if (kept.size() > ClosingRecord.MOST) {
      throw new MalformedJson("more than %d names".formatted(ClosingRecord.MOST));
    }
    for (var name : kept) {
      if (!NAME.matcher(name).matches()) {
        throw new MalformedJson("not a name of a table or function: " + name);
      }
    }
    return Collections.unmodifiableSortedSet(kept);
  }

  private static void requireWord(String word) {
    if (!WORD.matcher(word).matches()) {
      throw new MalformedJson("not a word of a statement's class: " + word);
    }
  }
}
