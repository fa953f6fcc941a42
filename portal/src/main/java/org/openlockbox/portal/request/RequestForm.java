package org.openlockbox.portal.request;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.openlockbox.core.access.AccessRequest;
import org.openlockbox.core.access.GrantTerms;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.Terms;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.limits.Concurrency;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.portal.edge.FormTokens;
import org.openlockbox.server.request.StoredRequest;

/// An engineer's request as it stands in the form's fields, right or wrong.
public record RequestForm(Map<String, List<String>> fields) {
  /// How long access can be asked for in the form.
  public static final List<String> DURATIONS =
      List.of("PT15M", "PT30M", "PT1H", "PT2H", "PT4H", "PT8H", "P1D", "P3D", "P7D");

  /// How many sessions at once can be asked for in the form.
  public static final List<String> SESSIONS = List.of("1", "2", usualSessions(), "10", "50");

  public RequestForm {
    fields =
        fields.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Map.Entry::getKey, field -> List.copyOf(field.getValue())));
  }

  /// The form as it is opened: masked, for an hour.
  static RequestForm blank() {
    return of(
        Map.of("level", Level.MASKED.word(), "duration", "PT1H", "sessions", usualSessions()));
  }

  /// The same with this key, if there is one.
  RequestForm withKey(String key) {
    if (key.isEmpty()) {
      return this;
    }
    var all = new TreeMap<>(fields);
    put(all, "key", key);
    return new RequestForm(all);
  }

  private static String usualSessions() {
    return Integer.toString(Concurrency.USUAL);
  }

  /// The form of a request that extends this one: it begins in the minute in which that one ends,
  /// so that all of its time is added.
  static RequestForm extending(StoredRequest stored, ZoneId zone, Instant now) {
    var fields = new TreeMap<>(like(stored).fields);
    put(fields, "extends", stored.id().value());
    granted(stored)
        .map(grant -> grant.window().notAfter().truncatedTo(ChronoUnit.MINUTES))
        .filter(now::isBefore)
        .ifPresent(end -> put(fields, "start", LocalDateTime.ofInstant(end, zone)));
    return new RequestForm(fields);
  }

  /// The form of a request like this one, whose reason is written anew. Where less was granted than
  /// was asked, it asks for what was granted.
  static RequestForm like(StoredRequest stored) {
    var asked = stored.submission();
    var terms = asked.terms();
    var granted = granted(stored);
    var limits = granted.map(GrantTerms::limits).orElse(terms.limits());
    var fields = new TreeMap<String, List<String>>();
    put(fields, "tenant", asked.tenant().value());
    put(fields, "resource", terms.resource().value());
    put(fields, "level", granted.map(GrantTerms::level).orElse(terms.level()).word());
    put(fields, "duration", length(terms, granted).toString());
    put(fields, "purpose", asked.purpose().word());
    put(fields, "ticket", asked.ticket());
    put(fields, "sessions", sessions(limits));
    if (!limits.rowBudget().isUnlimited()) {
      put(fields, "rows", Long.toString(limits.rowBudget().rows()));
    }
    limits.statementTimeout().after().ifPresent(time -> put(fields, "statementTimeout", time));
    limits.idleTimeout().after().ifPresent(time -> put(fields, "idleTimeout", time));
    if (!limits.tables().isAll()) {
      put(fields, "tablesOf", terms.resource().value());
      fields.put("table", limits.tables().names());
    }
    return new RequestForm(fields);
  }

  private static void put(Map<String, List<String>> fields, String name, Object value) {
    fields.put(name, List.of(value.toString()));
  }

  private static Optional<GrantTerms> granted(StoredRequest stored) {
    return stored.request() instanceof AccessRequest.Approved approved
        ? Optional.of(approved.grant().terms())
        : Optional.empty();
  }

  /// As long as was granted, in full minutes: the window began seconds before its last signature.
  private static Duration length(Terms terms, Optional<GrantTerms> granted) {
    return granted
        .map(grant -> grant.window().length().plusSeconds(30).truncatedTo(ChronoUnit.MINUTES))
        .filter(Duration::isPositive)
        .filter(length -> length.compareTo(terms.duration()) < 0)
        .orElse(terms.duration());
  }

  /// Of those that the form offers the most that is no more.
  private static String sessions(Limits limits) {
    return SESSIONS.stream()
        .map(Integer::valueOf)
        .filter(few -> few <= Math.min(limits.sessions().sessions(), Concurrency.USUAL))
        .max(Integer::compare)
        .map(String::valueOf)
        .orElse(SESSIONS.getFirst());
  }

  private static RequestForm of(Map<String, String> values) {
    return new RequestForm(
        values.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, field -> List.of(field.getValue()))));
  }

  /// What stands in the field; empty when it has nothing.
  public String value(String name) {
    return fields.getOrDefault(name, List.of()).stream().findFirst().orElse("");
  }

  public boolean has(String name, String value) {
    return value(name).equals(value);
  }

  /// Whether it asks for more of what an earlier request gave.
  public boolean isExtension() {
    return !value("extends").isEmpty();
  }

  /// Whether the table is ticked; all are until somebody has seen them.
  public boolean ticks(String resource, String table) {
    return !has("tablesOf", resource) || fields.getOrDefault("table", List.of()).contains(table);
  }

  /// One hash over all that was written; the form token is another on each page.
  Bytes sha256() {
    var written = new TreeMap<>(fields);
    written.remove(FormTokens.FIELD);
    return Bytes.of(Bytes.ofUtf8(written.toString()).sha256().bytes());
  }
}
