package org.openlockbox.portal.policy;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/// What a new rule begins with, in the fields of a form.
public enum RuleTemplate {
  /// Asks the approvers about every request, until its author says more.
  BLANK(Map.of("effect", "ask", "ask.quorum", "1")),
  /// What is asked for most: little, for short, and for a ticket that the customer signed.
  TICKET(
      Map.of(
          "match.level.atMost", "masked",
          "match.duration.atMost", "1h",
          "match.ownTicket", "true",
          "effect", "approve")),
  AGENT(
      Map.of("match.requester.kinds", "agent", "match.level.atLeast", "masked", "effect", "deny")),
  WRITE(Map.of("match.level.atLeast", "write", "effect", "ask", "ask.quorum", "2"));

  @SuppressWarnings("ImmutableEnumChecker") // made by Map.of
  private final Map<String, String> fields;

  RuleTemplate(Map<String, String> fields) {
    this.fields = fields;
  }

  /// The one of this name; the blank one for every other word.
  static RuleTemplate of(String word) {
    return Arrays.stream(values()).filter(one -> one.word().equals(word)).findFirst().orElse(BLANK);
  }

  Map<String, String> fields() {
    return fields;
  }

  /// `ticket`, in message ids and forms.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
