package org.openlockbox.core.policy;

import java.util.Optional;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;

/// One rule of a policy: which requests it is about, what it does with them, and the same in one
/// plain sentence, `says`, which people read instead.
public record Rule(RuleId id, String says, Match match, Optional<Condition> when, Effect effect) {
  /// The longest sentence.
  public static final int LONGEST = 300;

  public Rule {
    if (id.isReserved()) {
      throw new IllegalArgumentException("no rule can be called " + id);
    }
    if (says.isBlank() || says.length() > LONGEST) {
      throw new IllegalArgumentException("'says' is a plain sentence of 1 to 300 characters");
    }
  }

  static Rule parse(Fields fields) {
    return fields.whole(
        () ->
            new Rule(
                fields.value("id", RuleId::new),
                fields.text("says"),
                fields.optionalObject("match").map(Match::parse).orElse(Match.ALL),
                fields.optionalMultiline("when").map(Condition::new),
                Effect.parse(fields)));
  }

  Json.Object toJson() {
    var json = Json.object().put("id", id.value()).put("says", says);
    if (!match.equals(Match.ALL)) {
      json.put("match", match.toJson());
    }
    json.putIfPresent("when", when.map(Condition::cel));
    effect.put(json);
    return json.build();
  }
}
