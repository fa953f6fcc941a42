package org.openlockbox.core.operation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.openlockbox.core.canonical.CanonicalJsonWriter;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.canonical.SqlName;

/// What the gateway read off a statement with PostgreSQL's own grammar.
///
/// Classes are the gateway's words, tables those of the resource's catalogue, each a [SqlName] (or
/// `pg_catalog` and `information_schema` as a whole), functions those that the gateway lists, and
/// everything else is a count.
///
/// @param classes what kinds of statement it is, outermost first, each once; `unknown` if it could
///   not be read
/// @param columns how many different columns it names; `*` names none
/// @param functions what it calls by name
/// @param others how many relations it names that the catalogue does not list
/// @param preparedBy the number of the earlier operation of the session that made what it executes
///   by name; absent where it does not, or the gateway cannot tell which one made it
public record SqlFacts(
    List<String> classes,
    long columns,
    CalledFunctions functions,
    SortedSet<String> reads,
    SortedSet<String> writes,
    long others,
    OptionalLong preparedBy)
    implements OperationFacts {
  /// The class of a statement that could not be read.
  public static final String UNKNOWN = "unknown";

  private static final int MOST_CLASSES = 16;
  private static final Pattern WORD = Pattern.compile("[a-z][a-z-]{0,31}");
  private static final int MOST_NAMES = 200;
  private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_.$]{0,126}");

  public SqlFacts {
    classes = List.copyOf(classes);
    reads = tables(reads);
    writes = tables(writes);
    if (classes.isEmpty() || classes.size() > MOST_CLASSES) {
      throw new MalformedJson("'class' has 1 to " + MOST_CLASSES + " words: " + classes.size());
    }
    classes.forEach(SqlFacts::requireWord);
    if (columns < 0 || others < 0 || preparedBy.orElse(0) < 0) {
      throw new MalformedJson("counts are 0 or more: %d, %d".formatted(columns, others));
    }
  }

  /// One that executes nothing by a name that an earlier one made.
  public SqlFacts(
      List<String> classes,
      long columns,
      CalledFunctions functions,
      SortedSet<String> reads,
      SortedSet<String> writes,
      long others) {
    this(classes, columns, functions, reads, writes, others, OptionalLong.empty());
  }

  /// A statement of one class that names no table.
  public static SqlFacts of(String word) {
    return new SqlFacts(
        List.of(word), 0, CalledFunctions.NONE, new TreeSet<>(), new TreeSet<>(), 0);
  }

  /// A statement that reads these tables.
  public static SqlFacts reading(String word, long columns, Collection<String> tables) {
    return new SqlFacts(
        List.of(word), columns, CalledFunctions.NONE, new TreeSet<>(tables), new TreeSet<>(), 0);
  }

  /// The same statement, calling these.
  public SqlFacts calling(CalledFunctions called) {
    return new SqlFacts(classes, columns, called, reads, writes, others, preparedBy);
  }

  /// The same statement, executing what statement `n` made.
  public SqlFacts preparedBy(long n) {
    return new SqlFacts(classes, columns, functions, reads, writes, others, OptionalLong.of(n));
  }

  @Override
  public Protocol protocol() {
    return Protocol.POSTGRESQL;
  }

  @Override
  public String member() {
    return "sql";
  }

  @Override
  public boolean isUnknown() {
    return classes.contains(UNKNOWN);
  }

  /// Every table of the catalogue that it names.
  public SortedSet<String> tables() {
    var all = new TreeSet<>(reads);
    all.addAll(writes);
    return all;
  }

  @Override
  public String line() {
    var parts = new ArrayList<String>();
    if (!reads.isEmpty()) {
      parts.add("reads " + shown(reads) + counted());
    }
    if (!writes.isEmpty()) {
      parts.add("writes " + shown(writes) + (reads.isEmpty() ? counted() : ""));
    }
    if (others > 0) {
      parts.add("names %d that the catalogue does not list".formatted(others));
    }
    if (parts.isEmpty()) {
      parts.add(String.join(", ", classes));
    }
    parts.addAll(functions.words());
    preparedBy.ifPresent(n -> parts.add("prepared by operation " + n));
    return String.join("; ", parts);
  }

  private static String shown(SortedSet<String> tables) {
    return tables.stream().map(SqlName::shown).collect(Collectors.joining(", "));
  }

  private String counted() {
    return columns == 0 ? "" : " (%d %s)".formatted(columns, columns == 1 ? "column" : "columns");
  }

  static SqlFacts parse(Fields body) {
    var tables = body.optionalObject("tables");
    var facts =
        new SqlFacts(
            body.texts("class"),
            positive(body, "columns"),
            body.optionalObject("functions")
                .map(CalledFunctions::parse)
                .orElse(CalledFunctions.NONE),
            names(tables, "reads"),
            names(tables, "writes"),
            tables.map(t -> positive(t, "others")).orElse(0L),
            body.optionalNumber("preparedBy"));
    tables.ifPresent(Fields::done);
    if (tables.isPresent() && facts.tables().isEmpty() && facts.others == 0) {
      throw new MalformedJson("'tables' is left out when there are none");
    }
    return facts;
  }

  public static long positive(Fields body, String name) {
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

  @Override
  public Json.Object toJson() {
    var body = Json.object().putTexts("class", classes);
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
    return body.build();
  }

  @Override
  public String canonical() {
    var body = new CanonicalJsonWriter().words("class", classes);
    if (columns > 0) {
      body.number("columns", columns);
    }
    if (!functions.isNone()) {
      body.spelled("functions", functions.canonical());
    }
    preparedBy.ifPresent(by -> body.number("preparedBy", by));
    canonicalTables().ifPresent(tables -> body.spelled("tables", tables));
    return body.done();
  }

  private Optional<String> canonicalTables() {
    if (others == 0 && reads.isEmpty() && writes.isEmpty()) {
      return Optional.empty();
    }
    var tables = new CanonicalJsonWriter();
    if (others > 0) {
      tables.number("others", others);
    }
    if (!reads.isEmpty()) {
      tables.texts("reads", reads);
    }
    if (!writes.isEmpty()) {
      tables.texts("writes", writes);
    }
    return Optional.of(tables.done());
  }

  /// Names of functions, each of them fit to stand in a record.
  static SortedSet<String> functions(SortedSet<String> names) {
    return fit(names, NAME.asMatchPredicate(), "function");
  }

  private static SortedSet<String> tables(SortedSet<String> names) {
    return fit(names, SqlName::isOfDocument, "table");
  }

  private static SortedSet<String> fit(
      SortedSet<String> names, Predicate<String> isFit, String what) {
    var kept = new TreeSet<String>(names);
    if (kept.size() > MOST_NAMES) {
      throw new MalformedJson("more than %d names".formatted(MOST_NAMES));
    }
    for (var name : kept) {
      if (!isFit.test(name)) {
        throw new MalformedJson("not the name of a %s: %s".formatted(what, name));
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
