package org.openlockbox.core.policy;

import java.util.List;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.JsonObjectBuilder;

/// What a rule does with the requests that it matches.
public sealed interface Effect {
  /// Nobody gets this, whoever signs.
  record Deny() implements Effect {}

  /// Granted at once, as asked or as far as the caps go.
  record Approve(Caps caps) implements Effect {}

  /// People decide.
  record Ask(Approvers approvers) implements Effect {}

  /// The word for it in JSON, flags and labels.
  default String word() {
    return switch (this) {
      case Deny _ -> "deny";
      case Approve _ -> "approve";
      case Ask _ -> "ask";
    };
  }

  /// Reads the one of the members `deny`, `approve` and `ask` that is there.
  static Effect parse(Fields rule) {
    var which = List.of("deny", "approve", "ask").stream().filter(rule::has).toList();
    if (which.size() != 1) {
      throw rule.fault("a rule has one of 'deny', 'approve' and 'ask'");
    }
    var fields = rule.object(which.getFirst());
    return switch (which.getFirst()) {
      case "approve" -> new Approve(Caps.parse(fields));
      case "ask" -> new Ask(Approvers.parse(fields));
      default -> {
        fields.done();
        yield new Deny();
      }
    };
  }

  /// Writes that member.
  default void put(JsonObjectBuilder rule) {
    switch (this) {
      case Deny _ -> rule.put(word(), Json.object().build());
      case Approve(var caps) -> rule.put(word(), caps.toJson());
      case Ask(var approvers) -> rule.put(word(), approvers.toJson());
    }
  }

  /// In words that may be shown.
  default String words() {
    return switch (this) {
      case Deny _ -> "denied";
      case Approve(var caps) ->
          caps.equals(Caps.NONE)
              ? "approved automatically"
              : "approved automatically, " + caps.words();
      case Ask(var approvers) -> "asked: " + approvers.words();
    };
  }
}
