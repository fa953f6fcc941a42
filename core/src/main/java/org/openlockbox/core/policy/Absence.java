package org.openlockbox.core.policy;

import org.openlockbox.core.access.Window;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.subject.SubjectId;

/// While one approver is away, another one stands in for them in every group. The other one has to
/// be an approver by their own keys, and who stands in for them does not count here.
public record Absence(SubjectId of, SubjectId standIn, Window window) {
  public Absence {
    if (of.equals(standIn)) {
      throw new IllegalArgumentException("nobody stands in for themselves: " + of);
    }
  }

  static Absence parse(Fields fields) {
    return fields.whole(
        () ->
            new Absence(
                fields.value("of", SubjectId::new),
                fields.value("standIn", SubjectId::new),
                new Window(fields.instant("notBefore"), fields.instant("notAfter"))));
  }

  Json.Object toJson() {
    return Json.object()
        .put("of", of.value())
        .put("standIn", standIn.value())
        .put("notBefore", window.notBefore())
        .put("notAfter", window.notAfter())
        .build();
  }
}
