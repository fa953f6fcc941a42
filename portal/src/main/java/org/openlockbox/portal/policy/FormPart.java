package org.openlockbox.portal.policy;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openlockbox.core.canonical.DurationText;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.limits.Shift;
import org.openlockbox.core.policy.RuleId;

/// The fields of one rule, group or absence of a [PolicyForm]: what stands in each, by the path of
/// its member. A list is one text, its items apart by commas; the names of employers, which may
/// have commas, by lines.
public record FormPart(Map<String, String> fields) {
  /// For somebody to fill in.
  public static final FormPart EMPTY = new FormPart(Map.of());

  private static final String EFFECT = "effect";
  private static final String COUNTRIES = "match.requester.countries";

  /// Stands where the author of a rule has written no sentence.
  static final String UNSAID = "-";

  /// How a member is written in a field.
  private enum FieldKind {
    TEXT,
    NUMBER("number"),
    /// As people type them: `2h`.
    DURATION("duration"),
    FLAG,
    /// `mon-fri 08:00-18:00 Europe/Berlin`
    HOURS("hours"),
    LIST,
    COUNTRIES("country"),
    LINES,
    /// `security: 1, legal: 2`
    COUNTS("counts");

    private final String fault;

    /// Whatever stands in it can be read.
    FieldKind() {
      this("");
    }

    /// @param fault says what should stand there
    FieldKind(String fault) {
      this.fault = "policy.fault." + fault;
    }
  }

  private static final Pattern COUNT = Pattern.compile("[^:]*[^:\\s]\\s*:\\s*\\d{1,15}");

  /// The members of a rule besides its id and its sentence.
  private static final Map<String, FieldKind> RULE =
      Map.ofEntries(
          Map.entry("match.purposes", FieldKind.LIST),
          Map.entry("match.resources", FieldKind.LIST),
          Map.entry("match.level.atLeast", FieldKind.TEXT),
          Map.entry("match.level.atMost", FieldKind.TEXT),
          Map.entry("match.duration.atMost", FieldKind.DURATION),
          Map.entry("match.hours", FieldKind.HOURS),
          Map.entry("match.profile", FieldKind.TEXT),
          Map.entry("match.requester.kinds", FieldKind.LIST),
          Map.entry(COUNTRIES, FieldKind.COUNTRIES),
          Map.entry("match.requester.employers", FieldKind.LINES),
          Map.entry("match.ownTicket", FieldKind.FLAG),
          Map.entry("when", FieldKind.TEXT),
          Map.entry("approve.level", FieldKind.TEXT),
          Map.entry("approve.duration", FieldKind.DURATION),
          Map.entry("approve.rows", FieldKind.NUMBER),
          Map.entry("approve.hours", FieldKind.HOURS),
          Map.entry("ask.approvers", FieldKind.TEXT),
          Map.entry("ask.quorum", FieldKind.NUMBER),
          Map.entry("ask.atLeast", FieldKind.COUNTS),
          Map.entry("ask.respondWithin", FieldKind.DURATION));

  private static final Set<String> TICKED =
      Set.of("match.purposes", "match.requester.kinds", "match.ownTicket");

  /// The conditions that are always in sight.
  private static final Set<String> FIRST =
      Set.of("match.purposes", "match.level.atMost", "match.duration.atMost", "match.ownTicket");

  /// What a new rule begins with: nobody typed it.
  private static final Set<String> OFFERED = Set.of("ask.quorum");

  private static final List<String> EFFECTS = List.of("deny", "approve", "ask");
  private static final List<String> ABSENCE = List.of("of", "standIn", "notBefore", "notAfter");

  public FormPart {
    fields = Map.copyOf(fields);
  }

  static FormPart of(Json json) {
    var fields = new TreeMap<String, String>();
    flatten("", json, fields);
    if (json instanceof Json.Object(var members)) {
      EFFECTS.stream()
          .filter(effect -> members.containsKey(effect))
          .forEach(effect -> fields.put(EFFECT, effect));
    }
    return new FormPart(fields);
  }

  private static void flatten(String path, Json json, Map<String, String> fields) {
    switch (json) {
      case Json.Object(var members) ->
          members.forEach(
              (name, member) -> flatten(path.isEmpty() ? name : path + "." + name, member, fields));
      case Json.Array(var items) -> {
        var texts = items.stream().map(FormPart::item).toList();
        fields.put(
            path, RULE.get(path) == FieldKind.LINES ? String.join("\n", texts) : joined(texts));
      }
      case Json.Text(var text) ->
          fields.put(path, RULE.get(path) == FieldKind.DURATION ? typed(text) : text);
      case Json.Number(long number) -> fields.put(path, Long.toString(number));
      case Json.Bool(boolean flag) -> fields.put(path, Boolean.toString(flag));
      case Json.Null() -> {}
    }
  }

  /// An item of a list; `{"count":1,"group":"security"}` is `security: 1`.
  private static String item(Json item) {
    return switch (item) {
      case Json.Text(var text) -> text;
      case Json.Object(var members) ->
          members.entrySet().stream()
              .sorted(Map.Entry.<String, Json>comparingByKey().reversed())
              .map(member -> item(member.getValue()))
              .collect(Collectors.joining(": "));
      case Json.Number(long number) -> Long.toString(number);
      case Json.Array _, Json.Bool _, Json.Null _ -> "";
    };
  }

  static String joined(List<String> items) {
    return String.join(", ", items);
  }

  /// The paths of the fields of a rule beside which there is room for a fault.
  static Set<String> fieldNames() {
    return Stream.concat(RULE.keySet().stream(), Stream.of("id", "says", EFFECT))
        .filter(path -> !TICKED.contains(path))
        .collect(Collectors.toUnmodifiableSet());
  }

  /// What stands in this field; empty when nothing does.
  public String value(String path) {
    return fields.getOrDefault(path, "");
  }

  public boolean is(String path, String value) {
    return value(path).equals(value);
  }

  /// The items of a list that are none of these: a form shows them too, so that none is lost.
  List<String> besides(String path, Set<String> known) {
    return items(path, ",").stream().filter(item -> !known.contains(item)).toList();
  }

  /// Whether this item of the list is ticked.
  public boolean ticks(String path, String item) {
    return items(path, ",").contains(item);
  }

  /// The fields of a rule whose text cannot be read, each with the message about it.
  Map<String, String> unreadable() {
    var faults = new TreeMap<String, String>();
    RULE.forEach(
        (path, kind) -> {
          var text = value(path).strip();
          if (text.isEmpty() || isOfOtherEffect(path)) {
            if (!text.isEmpty() && !OFFERED.contains(path)) {
              faults.put(path, "policy.fault.other");
            }
            return;
          }
          fault(kind, path, text).ifPresent(fault -> faults.put(path, fault));
        });
    name(value("id"), RuleId::new).ifPresent(fault -> faults.put("id", fault));
    if (!EFFECTS.contains(value(EFFECT))) {
      faults.put(EFFECT, "policy.fault.effect");
    }
    return faults;
  }

  private Optional<String> fault(FieldKind kind, String path, String text) {
    boolean reads =
        switch (kind) {
          case DURATION -> DurationText.parse(text).isPresent();
          case NUMBER -> number(text) instanceof Json.Number;
          case COUNTRIES -> noCountries().isEmpty();
          case HOURS -> isHours(text);
          case COUNTS -> items(path, ",").stream().allMatch(COUNT.asMatchPredicate());
          case TEXT, FLAG, LIST, LINES -> true;
        };
    return reads ? Optional.empty() : Optional.of(kind.fault);
  }

  private static boolean isHours(String text) {
    try {
      var _ = Shift.parse(text);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /// What is wrong with the name of a rule or group, if anything is.
  ///
  /// @param type of such names; it refuses what is none
  static Optional<String> name(String typed, Function<String, ?> type) {
    var name = typed.strip();
    if (name.isEmpty()) {
      return Optional.of("policy.fault.missing");
    }
    try {
      var _ = type.apply(name);
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of("policy.fault.name");
    }
  }

  /// The fields of an absence that are empty, or name the same person twice.
  Map<String, String> unreadableAbsence() {
    var faults = new LinkedHashMap<String, String>();
    ABSENCE.stream()
        .filter(path -> value(path).isBlank())
        .forEach(path -> faults.put(path, "policy.fault.missing"));
    if (faults.isEmpty() && value("of").equals(value("standIn"))) {
      faults.put("standIn", "policy.fault.standIn");
    }
    return faults;
  }

  /// For templates: the codes of the countries that a rule names.
  public List<String> countries() {
    return items(COUNTRIES, ",").stream()
        .flatMap(item -> CountryNames.code(item).stream())
        .distinct()
        .toList();
  }

  /// For templates: what was typed as a country and is none.
  public String noCountries() {
    return joined(
        items(COUNTRIES, ",").stream().filter(item -> CountryNames.code(item).isEmpty()).toList());
  }

  private boolean isOfOtherEffect(String path) {
    var head = path.substring(0, Math.max(0, path.indexOf('.')));
    return EFFECTS.contains(head) && !head.equals(value(EFFECT));
  }

  /// Whether a condition is filled in that a form shows only when asked for.
  public boolean isDetailed() {
    return RULE.keySet().stream()
        .filter(path -> path.startsWith("match.") || path.equals("when"))
        .filter(path -> !FIRST.contains(path))
        .anyMatch(path -> !value(path).isBlank());
  }

  boolean isBlank() {
    return fields.values().stream().allMatch(String::isBlank);
  }

  private List<String> items(String path, String apart) {
    return Arrays.stream(value(path).split(apart, -1))
        .map(String::strip)
        .filter(item -> !item.isEmpty())
        .toList();
  }

  Json list(String path) {
    return Json.texts(items(path, ","));
  }

  Json.Object rule() {
    var effect = value(EFFECT);
    var members = new TreeMap<String, Json>();
    RULE.forEach(
        (path, kind) -> {
          if (!value(path).isBlank() && !isOfOtherEffect(path)) {
            members.put(path, member(path, kind));
          }
        });
    members.put("id", Json.text(value("id").strip()));
    members.put("says", Json.text(value("says").isBlank() ? UNSAID : value("says").strip()));
    var rule = new TreeMap<>(nested(members).members());
    if (EFFECTS.contains(effect)) {
      rule.putIfAbsent(effect, Json.object().build());
    }
    return new Json.Object(rule);
  }

  Json.Object absence() {
    var members = new TreeMap<String, Json>();
    for (var path : List.of("of", "standIn")) {
      members.put(path, Json.text(value(path).strip()));
    }
    for (var path : List.of("notBefore", "notAfter")) {
      members.put(path, Json.text(instant(value(path).strip())));
    }
    return new Json.Object(members);
  }

  /// `2026-12-21T00:00`, as a browser sends it, is that time in UTC.
  private static String instant(String typed) {
    try {
      return LocalDateTime.parse(typed).toInstant(ZoneOffset.UTC).toString();
    } catch (DateTimeException e) {
      return typed;
    }
  }

  /// For a field that takes a local time: an instant of UTC without its `Z`.
  public String local(String path) {
    var value = value(path);
    return value.endsWith("Z") ? value.substring(0, value.length() - 1) : value;
  }

  private Json member(String path, FieldKind kind) {
    return switch (kind) {
      case TEXT, HOURS -> Json.text(value(path).strip());
      case NUMBER -> number(value(path).strip());
      case DURATION -> duration(value(path));
      case FLAG -> new Json.Bool(is(path, "true"));
      case LIST -> list(path);
      case COUNTRIES -> Json.texts(countries());
      case LINES -> Json.texts(items(path, "\n"));
      case COUNTS -> Json.array(items(path, ",").stream().map(FormPart::count).toList());
    };
  }

  /// A document's length of time as people type it.
  static String typed(String text) {
    return DurationText.parse(text).map(DurationText::brief).orElse(text);
  }

  /// What is no length of time stays as it is, which the policy refuses where it stands.
  static Json duration(String typed) {
    return Json.text(DurationText.parse(typed).map(Duration::toString).orElse(typed.strip()));
  }

  /// What is no number stays a text, which the policy refuses where it stands.
  private static Json number(String text) {
    return text.matches("\\d{1,15}") ? new Json.Number(Long.parseLong(text)) : Json.text(text);
  }

  private static Json count(String item) {
    int colon = item.indexOf(':');
    return Json.object()
        .put("group", item.substring(0, Math.max(0, colon)).strip())
        .put("count", number(item.substring(colon + 1).strip()))
        .build();
  }

  /// Members by their paths as objects within objects.
  private static Json.Object nested(Map<String, Json> members) {
    var json = Json.object();
    var inner = new TreeMap<String, Map<String, Json>>();
    members.forEach(
        (path, member) -> {
          int dot = path.indexOf('.');
          if (dot < 0) {
            json.put(path, member);
          } else {
            inner
                .computeIfAbsent(path.substring(0, dot), _ -> new TreeMap<>())
                .put(path.substring(dot + 1), member);
          }
        });
    inner.forEach((name, within) -> json.put(name, nested(within)));
    return json.build();
  }
}
