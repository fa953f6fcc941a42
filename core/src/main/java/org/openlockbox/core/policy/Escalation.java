package org.openlockbox.core.policy;

import java.time.Duration;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;

/// Who may decide as well once a request has waited this long.
public record Escalation(Duration after, GroupId group) {
  public Escalation {
    Match.requireDuration("escalation.after", after);
  }

  static Escalation parse(Fields fields) {
    return fields.whole(
        () -> new Escalation(fields.duration("after"), fields.value("group", GroupId::new)));
  }

  Json.Object toJson() {
    return Json.object().put("after", after).put("group", group.value()).build();
  }
}
