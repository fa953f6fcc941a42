package org.openlockbox.portal.signing;

import java.util.List;
import java.util.Optional;
import org.openlockbox.portal.edge.FormFaults;
import org.openlockbox.server.problem.Problem;
import org.springframework.util.MultiValueMap;

/// The form with which one or several requests are denied, as it stands on the signing page when
/// something is wrong with it: nothing that was typed is lost.
///
/// @param handovers the tokens, which are good still
public record DenialForm(
    String action, List<String> handovers, String reason, String text, FormFaults faults) {
  public DenialForm {
    handovers = List.copyOf(handovers);
  }

  /// The form that this problem is about; empty if it is about something else.
  static Optional<DenialForm> faulty(
      String action, MultiValueMap<String, String> sent, Problem problem) {
    return switch (problem.code()) {
      case "reason_missing" -> form(action, sent, "reason", "deny.reason.missing");
      case "comment" -> form(action, sent, "text", "comment.fault");
      default -> Optional.empty();
    };
  }

  private static Optional<DenialForm> form(
      String action, MultiValueMap<String, String> sent, String field, String says) {
    return Optional.of(
        new DenialForm(
            action,
            sent.getOrDefault("handover", List.of()),
            value(sent, "reason"),
            value(sent, "text"),
            new FormFaults(List.of(new FormFaults.FieldFault(field, says)))));
  }

  private static String value(MultiValueMap<String, String> sent, String name) {
    return Optional.ofNullable(sent.getFirst(name)).orElse("");
  }
}
