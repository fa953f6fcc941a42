package org.openlockbox.core.policy;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.Purpose;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.access.Terms;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.JsonObjectBuilder;
import org.openlockbox.core.limits.Hours;
import org.openlockbox.core.limits.Profile;
import org.openlockbox.core.limits.Shift;
import org.openlockbox.core.subject.Engineer;

/// Which requests a rule is about. Every member that is there has to hold; a list holds for any of
/// its items, and an empty one stands for a member that is not there.
///
/// `atMost` and `atLeast` bound the level, `longest` the duration; `hours` are those in which the
/// access would begin, `profile` the one asked for; `ownTicket` demands that the tenant has signed
/// for the ticket.
public record Match(
    List<Purpose> purposes,
    Optional<Level> atMost,
    Optional<Level> atLeast,
    Optional<Duration> longest,
    List<ResourceId> resources,
    Optional<Shift> hours,
    Optional<Profile> profile,
    List<Engineer.EngineerKind> kinds,
    List<String> countries,
    List<String> employers,
    boolean ownTicket) {
  /// Every request.
  public static final Match ALL =
      new Match(
          List.of(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          List.of(),
          Optional.empty(),
          Optional.empty(),
          List.of(),
          List.of(),
          List.of(),
          false);

  private static final int MOST = 200;

  public Match {
    purposes = distinct("purposes", purposes);
    resources = distinct("resources", resources);
    kinds = distinct("requester.kinds", kinds);
    countries = distinct("requester.countries", countries);
    employers = distinct("requester.employers", employers);
    longest.ifPresent(most -> requireDuration("duration.atMost", most));
    if (countries.stream().anyMatch(Predicate.not(country -> country.matches("[A-Z]{2}")))) {
      throw new IllegalArgumentException("requester.countries are two capital letters each");
    }
    if (atLeast.filter(low -> atMost.filter(low::isWiderThan).isPresent()).isPresent()) {
      throw new IllegalArgumentException("level.atLeast is higher than level.atMost");
    }
  }

  private static <T> List<T> distinct(String member, List<T> items) {
    if (Set.copyOf(items).size() != items.size() || items.size() > MOST) {
      throw new IllegalArgumentException(
          "%s has no item twice and at most %d".formatted(member, MOST));
    }
    return List.copyOf(items);
  }

  static void requireDuration(String member, Duration value) {
    if (!value.isPositive()
        || value.compareTo(Terms.LONGEST) > 0
        || !value.truncatedTo(ChronoUnit.SECONDS).equals(value)) {
      throw new IllegalArgumentException(
          member + " is whole seconds, more than 0 and at most P30D: " + value);
    }
  }

  static Match parse(Fields fields) {
    var level = fields.optionalObject("level");
    var duration = fields.optionalObject("duration");
    var requester = fields.optionalObject("requester");
    var match =
        fields.whole(
            () ->
                new Match(
                    fields.values("purposes", Purpose::parse),
                    level.flatMap(bounds -> bounds.optionalValue("atMost", Level::parse)),
                    level.flatMap(bounds -> bounds.optionalValue("atLeast", Level::parse)),
                    duration.map(bounds -> bounds.duration("atMost")),
                    fields.values("resources", ResourceId::new),
                    fields.optionalValue("hours", Shift::parse),
                    fields.optionalValue("profile", Profile::parse),
                    listed(requester, "kinds").stream().map(Engineer.EngineerKind::parse).toList(),
                    listed(requester, "countries"),
                    listed(requester, "employers"),
                    fields.trueIfThere("ownTicket")));
    level.ifPresent(Fields::done);
    duration.ifPresent(Fields::done);
    requester.ifPresent(Fields::done);
    return match;
  }

  private static List<String> listed(Optional<Fields> requester, String member) {
    return requester.map(fields -> fields.values(member, text -> text)).orElse(List.of());
  }

  Json.Object toJson() {
    var json = Json.object();
    putAll(json, "purposes", purposes.stream().map(Purpose::word).toList());
    putAll(json, "resources", resources.stream().map(ResourceId::value).toList());
    if (atMost.isPresent() || atLeast.isPresent()) {
      json.put(
          "level",
          Json.object()
              .putIfPresent("atMost", atMost.map(Level::word))
              .putIfPresent("atLeast", atLeast.map(Level::word))
              .build());
    }
    longest.ifPresent(most -> json.put("duration", Json.object().put("atMost", most).build()));
    json.putIfPresent("hours", hours.map(Shift::toString));
    json.putIfPresent("profile", profile.map(Profile::word));
    var requester = Json.object();
    putAll(requester, "kinds", kinds.stream().map(Engineer.EngineerKind::word).toList());
    putAll(requester, "countries", countries);
    putAll(requester, "employers", employers);
    var person = requester.build();
    if (!person.members().isEmpty()) {
      json.put("requester", person);
    }
    if (ownTicket) {
      json.put("ownTicket", true);
    }
    return json.build();
  }

  private static void putAll(JsonObjectBuilder json, String name, List<String> items) {
    if (!items.isEmpty()) {
      json.putTexts(name, items);
    }
  }

  /// Whether every member holds for what is asked.
  public Ternary holds(Question question) {
    return holdsOfTerms(question) ? requester(question.submission().engineer()) : Ternary.NO;
  }

  private boolean holdsOfTerms(Question question) {
    var asked = question.submission();
    var terms = asked.terms();
    return anyOf(purposes, asked.purpose())
        && atMost.filter(most -> terms.level().isWiderThan(most)).isEmpty()
        && atLeast.filter(least -> least.isWiderThan(terms.level())).isEmpty()
        && longest.filter(most -> terms.duration().compareTo(most) > 0).isEmpty()
        && anyOf(resources, terms.resource())
        && hours.filter(shift -> !Hours.of(shift).isOpenAt(question.start())).isEmpty()
        && profile.filter(asks -> asks != terms.limits().profile()).isEmpty()
        && (!ownTicket || question.ownTicket());
  }

  /// Whether the engineer's facts are one of each list; not known where one that would decide is
  /// not.
  private Ternary requester(Engineer engineer) {
    var answers =
        List.of(
            listed(kinds, engineer.kind()),
            listed(countries, engineer.country()),
            listed(employers, engineer.employer()));
    return answers.contains(Ternary.NO)
        ? Ternary.NO
        : answers.contains(Ternary.UNKNOWN) ? Ternary.UNKNOWN : Ternary.YES;
  }

  private static <T> Ternary listed(List<T> items, Optional<T> fact) {
    if (items.isEmpty()) {
      return Ternary.YES;
    }
    return fact.map(one -> items.contains(one) ? Ternary.YES : Ternary.NO).orElse(Ternary.UNKNOWN);
  }

  /// Whether the rule looks at what the provider says of the engineer.
  public boolean restsOnFacts() {
    return !kinds.isEmpty() || !countries.isEmpty() || !employers.isEmpty();
  }

  /// Whether a rule is about a question. `UNKNOWN`: that depends on a fact of the engineer that
  /// nobody has said.
  public enum Ternary {
    YES,
    NO,
    UNKNOWN
  }

  private static <T> boolean anyOf(List<T> items, T value) {
    return items.isEmpty() || items.contains(value);
  }
}
