package org.openlockbox.core.statement;

import java.time.Duration;
import java.util.Optional;
import org.openlockbox.core.access.Allowance;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.LogOrigin;
import org.openlockbox.core.tenant.TenantId;

/// What an approver signs: yes, with what they allow, or no. Bound to one request in one log of one
/// tenant.
///
/// An approval has an `allowance`, a denial has none. The comment is empty when there is none.
public record Decision(
    TenantId tenant,
    LogOrigin origin,
    RequestRef request,
    SubjectId approver,
    Optional<Allowance> allowance,
    String comment,
    Nonce nonce) {
  public static final String PAYLOAD_TYPE = "application/vnd.lockbox.decision.v1+json";
  public static final int LONGEST_COMMENT = 2000;

  private static final String WHAT = "decision payload";
  private static final String APPROVE = "approve";
  private static final String DENY = "deny";

  public Decision {
    requireComment(comment, WHAT);
  }

  public boolean approves() {
    return allowance.isPresent();
  }

  /// The statement to sign: `unsigned().signedBy(key)`.
  public Envelope unsigned() {
    return Envelope.unsigned(PAYLOAD_TYPE, toJson());
  }

  public static Decision parse(Json payload) {
    return StatementJson.reading(WHAT, () -> read(payload));
  }

  private static Decision read(Json payload) {
    var fields = Fields.of(payload, WHAT).version(1);
    var word = fields.text("decision");
    var grant = fields.optionalObject("grant").map(Decision::allowance);
    if (!word.equals(grant.isPresent() ? APPROVE : DENY)) {
      throw new MalformedJson(WHAT + ": an approval has a 'grant', a denial has none");
    }
    var decision =
        new Decision(
            fields.value("tenant", TenantId::new),
            fields.value("origin", LogOrigin::new),
            RequestRef.parse(fields.object("request")),
            fields.value("approver", SubjectId::new),
            grant,
            comment(fields),
            fields.value("nonce", Nonce::new));
    fields.done();
    return decision;
  }

  public Json.Object toJson() {
    var json =
        Json.object()
            .put("v", 1)
            .put("tenant", tenant.value())
            .put("origin", origin.value())
            .put("request", request.toJson())
            .put("approver", approver.value())
            .put("decision", approves() ? APPROVE : DENY)
            .put("nonce", nonce.value());
    if (!comment.isEmpty()) {
      json.put("comment", comment);
    }
    allowance.ifPresent(allowed -> json.put("grant", grant(allowed)));
    return json.build();
  }

  /// `duration` is written only when it is not simply the length of the window.
  private static Json.Object grant(Allowance allowance) {
    var json =
        Json.object()
            .put("level", allowance.level().word())
            .put("notBefore", allowance.window().notBefore())
            .put("notAfter", allowance.window().notAfter());
    if (!allowance.duration().equals(allowance.window().length())) {
      json.put("duration", allowance.duration());
    }
    LimitsJson.put(json, allowance.limits());
    return json.build();
  }

  private static Allowance allowance(Fields grant) {
    var window = StatementJson.window(grant);
    Optional<Duration> duration = grant.optionalDuration("duration");
    if (duration.filter(window.length()::equals).isPresent()) {
      throw new MalformedJson(WHAT + ": 'duration' is left out where it is the window's length");
    }
    if (duration.filter(d -> !d.isPositive()).isPresent()) {
      throw new MalformedJson(WHAT + ": 'duration' is more than 0");
    }
    Level level = grant.value("level", Level::parse);
    var limits = LimitsJson.read(grant);
    grant.done();
    return new Allowance(level, window, duration.orElse(window.length()), limits);
  }

  public static String comment(Fields fields) {
    var comment = fields.optionalMultiline("comment");
    if (comment.filter(String::isEmpty).isPresent()) {
      throw new MalformedJson("'comment' is left out where it is empty");
    }
    return comment.orElse("");
  }

  public static void requireComment(String comment, String what) {
    if (comment.length() > LONGEST_COMMENT) {
      throw new MalformedJson(what + ": 'comment' is at most 2000 characters");
    }
  }
}
