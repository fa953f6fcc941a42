package org.openlockbox.core.log;

import org.openlockbox.core.access.Assurance;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.Purpose;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.access.Submission;
import org.openlockbox.core.access.Terms;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.operation.FactsJson;
import org.openlockbox.core.signing.VerifyingKey;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.core.statement.LimitsJson;
import org.openlockbox.core.subject.Engineer;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;

/// How the values of a request are written in log entries and signed payloads.
public final class RequestJson {
  private RequestJson() {}

  static RequestEvent.Requested requested(Fields fields) {
    var person = fields.object("engineer");
    var submission =
        new Submission(
            fields.value("id", RequestId::new),
            fields.value("tenant", TenantId::new),
            engineer(person),
            fields.value("purpose", Purpose::parse),
            fields.text("ticket"),
            terms(fields),
            fields.optionalValue("extends", RequestId::new),
            flagIfTrue(fields, "providerReview"),
            fields.value("assurance", Assurance::parse),
            fields.instant("decideBy"),
            fields.count("quorum"));
    var reason = fields.value("reason", Commitment::parse);
    var name = person.value("name", Commitment::parse);
    person.done();
    fields.done();
    return new RequestEvent.Requested(submission, reason, name);
  }

  static Json.Object requested(RequestEvent.Requested requested) {
    var submission = requested.submission();
    var terms = submission.terms();
    var json =
        Json.object()
            .put("id", submission.id().value())
            .put("tenant", submission.tenant().value())
            .put("engineer", engineer(submission.engineer(), requested.name()))
            .put("purpose", submission.purpose().word())
            .put("assurance", submission.assurance().word())
            .put("reason", requested.reason().hex())
            .put("ticket", submission.ticket())
            .put("resource", terms.resource().value())
            .put("level", terms.level().word())
            .put("duration", terms.duration())
            .put("decideBy", submission.decideBy())
            .put("quorum", submission.quorum());
    terms.notBefore().ifPresent(start -> json.put("notBefore", start));
    submission.extended().ifPresent(id -> json.put("extends", id.value()));
    if (submission.providerReview()) {
      json.put("providerReview", true);
    }
    LimitsJson.put(json, terms.limits());
    return json.build();
  }

  private static Terms terms(Fields fields) {
    return new Terms(
        fields.value("resource", ResourceId::new),
        fields.value("level", Level::parse),
        fields.optionalInstant("notBefore"),
        fields.duration("duration"),
        LimitsJson.read(fields));
  }

  private static Engineer engineer(Fields fields) {
    return new Engineer(
        fields.value("id", SubjectId::new),
        FactsJson.read(fields),
        VerifyingKey.parse(fields.object("key")));
  }

  private static Json.Object engineer(Engineer engineer, Commitment name) {
    var json =
        Json.object()
            .put("id", engineer.id().value())
            .put("name", name.hex())
            .put("key", engineer.key().toJson());
    FactsJson.put(json, engineer.facts());
    return json.build();
  }

  /// A flag that is written only when it is true.
  private static boolean flagIfTrue(Fields fields, String name) {
    if (!fields.has(name)) {
      return false;
    }
    if (!fields.flag(name)) {
      throw new MalformedJson("'%s' is left out where it is false".formatted(name));
    }
    return true;
  }
}
