package org.openlockbox.portal.audit;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.Purpose;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.canonical.SqlName;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.server.audit.AuditFilter;
import org.openlockbox.server.problem.Problem;

/// The form of the audit page as it was filled in; what is not in it is looked for everywhere.
public record AuditForm(Map<String, String> fields) {
  private static final List<String> NAMES =
      List.of("person", "resource", "purpose", "level", "from", "until", "text", "table");

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

  /// What is looked for; days are those of the reader's zone, both included.
  AuditFilter filter(ZoneId zone) {
    return new AuditFilter(
        read("person", SubjectId::new),
        read("resource", ResourceId::new),
        read("purpose", Purpose::parse),
        read("level", Level::parse),
        read("from", LocalDate::parse).map(day -> day.atStartOfDay(zone).toInstant()),
        read("until", LocalDate::parse).map(day -> day.plusDays(1).atStartOfDay(zone).toInstant()),
        read("text", AuditForm::bounded),
        read("table", AuditForm::tableName));
  }

  /// A table's name as records write it; `Tenant` finds `"Tenant"`.
  private static String tableName(String text) {
    String name = bounded(text);
    return SqlName.identifiers(name).isPresent() ? name : SqlName.of(name);
  }

  private static String bounded(String text) {
    if (text.length() > AuditFilter.LONGEST_TEXT) {
      throw new IllegalArgumentException("longer than what is looked for");
    }
    return text;
  }

  private <T> Optional<T> read(String name, Function<String, T> parse) {
    try {
      return Optional.ofNullable(fields.get(name)).map(parse);
    } catch (IllegalArgumentException | DateTimeParseException e) {
      throw Problem.malformed("'%s' cannot be looked for".formatted(name));
    }
  }
}
