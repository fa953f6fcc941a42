package org.openlockbox.portal.audit;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.Purpose;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.canonical.SqlName;
import org.openlockbox.portal.edge.FormFaults.FieldFault;
import org.openlockbox.portal.edge.FormResult;
import org.openlockbox.server.audit.AuditFilter;
import org.openlockbox.server.audit.AuditOutcome;

/// The form of the audit page as it was filled in; what is not in it is looked for everywhere.
public record AuditForm(Map<String, String> fields) {
  private static final List<String> NAMES =
      List.of(
          "text",
          "person",
          "value",
          "level",
          "outcome",
          "month",
          "employer",
          "resource",
          "purpose",
          "table",
          "from",
          "until",
          "blocked");

  /// Those that are always in sight.
  private static final List<String> FIRST =
      List.of("text", "person", "value", "level", "outcome", "month");

  private static final int FIRST_YEAR = 1970;
  private static final int LAST_YEAR = 9999;

  public AuditForm {
    fields =
        fields.entrySet().stream()
            .filter(field -> NAMES.contains(field.getKey()) && !field.getValue().isBlank())
            .collect(
                Collectors.toUnmodifiableMap(Map.Entry::getKey, field -> field.getValue().strip()));
  }

  /// What stands in a field.
  public String of(String name) {
    return fields.getOrDefault(name, "");
  }

  /// The names of the fields that have something in them, in the order of the page.
  List<String> filled() {
    return NAMES.stream().filter(fields::containsKey).toList();
  }

  /// Whether a field has something in it that is in sight only when asked for.
  public boolean isDetailed() {
    return fields.keySet().stream().anyMatch(name -> !FIRST.contains(name));
  }

  /// The same search with the text looked for in statements, where nothing else was found.
  public AuditForm elsewhere() {
    var moved = new TreeMap<>(fields);
    moved.remove("text");
    moved.put("value", of("text"));
    return new AuditForm(moved);
  }

  /// The form as the query of an address, with its question mark.
  public String query() {
    return NAMES.stream()
        .filter(fields::containsKey)
        .map(name -> name + "=" + URLEncoder.encode(of(name), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&", "?", ""));
  }

  /// The same, and one field more.
  public String query(String name, Object value) {
    return query() + (fields.isEmpty() ? "" : "&") + name + "=" + value;
  }

  /// What is looked for; days are those of the reader's zone, both included. `known` are the names
  /// of the tables that the catalogues list. A field that cannot be read is a fault beside it.
  FormResult<AuditFilter, FieldFault> filter(ZoneId zone, List<String> known) {
    var faults = new ArrayList<FieldFault>();
    var month = read(faults, "month", AuditForm::month);
    var from = read(faults, "from", AuditForm::day).map(day -> day.atStartOfDay(zone).toInstant());
    var until =
        read(faults, "until", AuditForm::day)
            .map(day -> day.plusDays(1).atStartOfDay(zone).toInstant());
    read(faults, "value", AuditForm::bounded);
    var filter =
        new AuditFilter(
            read(faults, "person", AuditForm::bounded),
            read(faults, "employer", AuditForm::bounded),
            read(faults, "resource", ResourceId::new),
            read(faults, "purpose", Purpose::parse),
            read(faults, "level", Level::parse),
            Stream.concat(from.stream(), month.map(AuditForm::begin).stream())
                .max(Instant::compareTo),
            Stream.concat(until.stream(), month.map(one -> begin(one.plusMonths(1))).stream())
                .min(Instant::compareTo),
            read(faults, "text", AuditForm::bounded),
            read(faults, "table", text -> tables(bounded(text), known)).orElse(List.of()),
            read(faults, "outcome", AuditOutcome::parse),
            fields.containsKey("blocked"));
    return faults.isEmpty() ? new FormResult.Usable<>(filter) : new FormResult.Faulty<>(faults);
  }

  private static YearMonth month(String text) {
    var month = YearMonth.parse(text);
    boundedYear(month.getYear());
    return month;
  }

  private static LocalDate day(String text) {
    var day = LocalDate.parse(text);
    boundedYear(day.getYear());
    return day;
  }

  private static void boundedYear(int year) {
    if (year < FIRST_YEAR || year > LAST_YEAR) {
      throw new IllegalArgumentException("no year of ours: " + year);
    }
  }

  /// Months are those of the reports, in UTC.
  private static Instant begin(YearMonth month) {
    return month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  /// The value that statements are searched for.
  Optional<String> value() {
    return Optional.ofNullable(fields.get("value"));
  }

  /// A table's name as records write it, and each that differs from what was typed in the case of
  /// letters alone: `Customers` finds `customers`, and `Tenant` finds `"Tenant"`.
  private static List<String> tables(String typed, List<String> known) {
    var bare = typed.replace("\"", "");
    return Stream.concat(
            Stream.of(
                SqlName.identifiers(typed).isPresent() ? typed : SqlName.of(typed),
                SqlName.of(typed.toLowerCase(Locale.ROOT))),
            known.stream().filter(name -> name.replace("\"", "").equalsIgnoreCase(bare)))
        .distinct()
        .toList();
  }

  private static String bounded(String text) {
    if (text.length() > AuditFilter.LONGEST_TEXT
        || text.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("no text to look for");
    }
    return text;
  }

  private <T> Optional<T> read(List<FieldFault> faults, String name, Function<String, T> parse) {
    try {
      return Optional.ofNullable(fields.get(name)).map(parse);
    } catch (IllegalArgumentException | DateTimeParseException e) {
      faults.add(new FieldFault(name, "audit.fault." + name));
      return Optional.empty();
    }
  }

  /// The same form with one field less.
  public AuditForm without(String name) {
    var fewer = new TreeMap<>(fields);
    fewer.remove(name);
    return new AuditForm(fewer);
  }
}
