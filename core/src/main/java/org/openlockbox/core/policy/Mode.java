package org.openlockbox.core.policy;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.Purpose;
import org.openlockbox.core.limits.Profile;
import org.openlockbox.core.subject.Engineer;

/// A policy in one word. Each is short for the rules that it has.
public enum Mode {
  /// Nobody of the provider gets access.
  NEVER("never"),
  /// The approvers are asked each time.
  ASK("ask"),
  /// What the tenant has signed a ticket for needs no other approval, if it is masked and short.
  AUTO_FOR_MY_TICKETS("auto-for-my-tickets"),
  /// Every access is approved, and told.
  NOTIFY_ONLY("notify-only");

  private static final Duration LONGEST = Duration.ofHours(4);

  private final String word;

  Mode(String word) {
    this.word = word;
  }

  public static Mode parse(String word) {
    return Arrays.stream(values())
        .filter(mode -> mode.word.equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "not a mode: \"%s\" (one of never, ask, auto-for-my-tickets, notify-only)"
                        .formatted(word)));
  }

  public String word() {
    return word;
  }

  /// What it is short for.
  public List<Rule> rules() {
    return switch (this) {
      case NEVER -> List.of(rule("Nobody gets access to our data.", Match.ALL, new Effect.Deny()));
      case ASK -> List.of();
      case AUTO_FOR_MY_TICKETS ->
          List.of(
              rule(
                  "For a ticket that we opened, a person may see masked data for up to 4 hours.",
                  MY_TICKETS,
                  new Effect.Approve(Caps.NONE)));
      case NOTIFY_ONLY ->
          List.of(
              rule(
                  "Every access is approved, and we are told.",
                  Match.ALL,
                  new Effect.Approve(Caps.NONE)));
    };
  }

  /// The mode whose rule has this name and says this.
  public static Optional<Mode> of(RuleId id, String says) {
    return Arrays.stream(values())
        .filter(mode -> id.value().equals(mode.word))
        .filter(mode -> mode.rules().stream().anyMatch(rule -> rule.says().equals(says)))
        .findFirst();
  }

  private Rule rule(String says, Match match, Effect effect) {
    return new Rule(new RuleId(word), says, match, Optional.empty(), effect);
  }

  private static final Match MY_TICKETS =
      new Match(
          List.of(Purpose.CUSTOMER_TICKET),
          Optional.of(Level.MASKED),
          Optional.empty(),
          Optional.of(LONGEST),
          List.of(),
          Optional.empty(),
          Optional.of(Profile.GUARDED),
          List.of(Engineer.EngineerKind.HUMAN),
          List.of(),
          List.of(),
          true);
}
