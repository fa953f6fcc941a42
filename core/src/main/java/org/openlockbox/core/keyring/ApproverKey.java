package org.openlockbox.core.keyring;

import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.signing.VerifyingKey;
import org.openlockbox.core.subject.SubjectId;

/// One key of one of the tenant's approvers. A person may have several; they count as one.
public record ApproverKey(SubjectId approver, String name, VerifyingKey key) {
  private static final int LONGEST_NAME = 100;

  public ApproverKey {
    if (name.isBlank() || name.length() > LONGEST_NAME) {
      throw new MalformedJson("the name of a key is 1 to 100 characters: \"" + name + "\"");
    }
  }

  public static ApproverKey parse(Fields fields) {
    var key =
        new ApproverKey(
            fields.value("approver", SubjectId::new),
            fields.text("name"),
            VerifyingKey.parse(fields.object("key")));
    fields.done();
    return key;
  }

  public Json.Object toJson() {
    return Json.object()
        .put("approver", approver.value())
        .put("name", name)
        .put("key", key.toJson())
        .build();
  }
}
