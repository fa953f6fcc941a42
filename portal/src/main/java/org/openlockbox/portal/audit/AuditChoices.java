package org.openlockbox.portal.audit;

import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.Purpose;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.portal.edge.PageContext;
import org.openlockbox.server.audit.AuditOutcome;
import org.openlockbox.server.provider.Provider;

/// What can be chosen in the fields of the audit page, and how filters in force are called.
///
/// @param people who can be looked for: whose requests there are, and who decides them
/// @param employers of those whose requests there are
public record AuditChoices(
    PageContext frame, Provider provider, Set<SubjectId> people, List<String> employers) {
  private static final int MONTHS = 13;

  public AuditChoices {
    people = Set.copyOf(people);
    employers = List.copyOf(employers);
  }

  /// The names of these people, by name, each with its id.
  public List<AuditChoice> names() {
    return people.stream()
        .map(one -> new AuditChoice(frame.shell().names().alone(one), one.value()))
        .sorted(Comparator.comparing(AuditChoice::value).thenComparing(AuditChoice::words))
        .toList();
  }

  /// What a form sends, and what people read.
  public record AuditChoice(String value, String words) {}

  /// Those of one field.
  public List<AuditChoice> of(String field) {
    return switch (field) {
      case "level" -> known(field, Arrays.stream(Level.values()).map(Level::word));
      case "purpose" -> known(field, Arrays.stream(Purpose.values()).map(Purpose::word));
      case "outcome" ->
          Arrays.stream(AuditOutcome.values())
              .map(one -> new AuditChoice(one.word(), words(one)))
              .toList();
      case "resource" ->
          provider.resources().stream()
              .map(one -> new AuditChoice(one.id().value(), one.name()))
              .toList();
      case "month" -> months();
      default -> List.of();
    };
  }

  private String words(AuditOutcome outcome) {
    return outcome == AuditOutcome.AUTOMATIC
        ? frame.say("audit.outcome.automatic")
        : frame.say("state." + outcome.word());
  }

  private List<AuditChoice> known(String messages, Stream<String> words) {
    return words.map(word -> new AuditChoice(word, frame.say(messages + "." + word))).toList();
  }

  private List<AuditChoice> months() {
    var now = YearMonth.from(frame.now().atOffset(ZoneOffset.UTC));
    return Stream.iterate(now, month -> month.minusMonths(1))
        .limit(MONTHS)
        .map(month -> new AuditChoice(month.toString(), written(month)))
        .toList();
  }

  private String written(YearMonth month) {
    return DateTimeFormatter.ofPattern("LLLL yyyy", frame.words().locale()).format(month);
  }

  /// A filter in force, in words, and the address of the same search without it.
  public record FilterChip(String words, String without) {}

  public List<FilterChip> chips(AuditForm form) {
    return form.filled().stream()
        .map(name -> new FilterChip(chip(form, name), "/audit" + form.without(name).query()))
        .toList();
  }

  private String chip(AuditForm form, String name) {
    return name.equals("blocked")
        ? frame.say("audit.blocked")
        : frame.say("audit.chip", frame.say("audit." + name), value(form, name));
  }

  private String value(AuditForm form, String name) {
    var value = form.of(name);
    return of(name).stream()
        .filter(one -> one.value().equals(value))
        .map(AuditChoice::words)
        .findFirst()
        .orElse(value);
  }
}
