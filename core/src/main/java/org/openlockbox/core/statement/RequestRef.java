package org.openlockbox.core.statement;

import org.openlockbox.core.access.Assurance;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.Submission;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.tlog.tree.Hash;

/// Names one request in one log beyond doubt: its id, the index of its entry, and the SHA-256 of
/// that whole entry, so that no term of it can be changed after somebody signed. And it says the
/// assurance in words of its own, so that whoever signs has it before their eyes.
public record RequestRef(RequestId id, long index, Hash sha256, Assurance assurance) {
  /// That of the request whose entry has this index and hash.
  public static RequestRef of(Submission submission, long index, Hash sha256) {
    return new RequestRef(submission.id(), index, sha256, submission.assurance());
  }

  public static RequestRef parse(Fields fields) {
    var ref =
        new RequestRef(
            fields.value("id", RequestId::new),
            fields.number("index"),
            fields.hash("sha256"),
            fields.value("assurance", Assurance::parse));
    fields.done();
    return ref;
  }

  public Json.Object toJson() {
    return Json.object()
        .put("id", id.value())
        .put("index", index)
        .put("sha256", sha256)
        .put("assurance", assurance.word())
        .build();
  }
}
