package org.openlockbox.core.policy;

import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.signing.VerifyingKey;
import org.openlockbox.core.subject.SubjectId;

/// A key of the tenant that signs for tickets and for nothing else: of its help desk, say, or of
/// the program that opens tickets.
public record TicketKey(SubjectId holder, VerifyingKey key) {
  static TicketKey parse(Fields fields) {
    return fields.whole(
        () ->
            new TicketKey(
                fields.value("holder", SubjectId::new), VerifyingKey.parse(fields.object("key"))));
  }

  Json.Object toJson() {
    return Json.object().put("holder", holder.value()).put("key", key.toJson()).build();
  }
}
