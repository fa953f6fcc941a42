package org.openlockbox.core.log;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.openlockbox.core.access.GrantTerms;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.Submission;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.keyring.TextKind;
import org.openlockbox.core.policy.RuleId;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.core.statement.CommittedText;
import org.openlockbox.core.statement.Decision;
import org.openlockbox.core.statement.GrantJson;
import org.openlockbox.core.statement.Revocation;
import org.openlockbox.core.subject.SubjectId;

/// A request was made, or moved on. What an envelope says is not believed until [VerifiedRequest]
/// has checked who signed it.
public sealed interface RequestEvent extends EntryBody {
  /// The request it is about.
  RequestId about();

  @Override
  default Optional<RequestId> request() {
    return Optional.of(about());
  }

  /// An engineer asked. The reason, the engineer's name and statements that shall run word for word
  /// are commitments; the texts are kept beside the log.
  record Requested(Submission submission, Commitment reason, Commitment name)
      implements RequestEvent {
    static Requested parse(Fields body) {
      return RequestJson.requested(body.object("request"));
    }

    @Override
    public Json.Object toJson() {
      return Json.object().put("request", RequestJson.requested(this)).build();
    }

    @Override
    public EntryType type() {
      return EntryType.REQUEST;
    }

    @Override
    public RequestId about() {
      return submission.id();
    }

    @Override
    public List<CommittedText> texts() {
      return Stream.concat(
              Stream.of(
                  new CommittedText(TextKind.NAME, name),
                  new CommittedText(TextKind.REASON, reason)),
              statements().map(text -> new CommittedText(TextKind.OPERATION, text)))
          .toList();
    }

    /// The statements that were asked for word for word.
    public Stream<Commitment> statements() {
      return submission.terms().limits().statements().commitments().stream().map(Commitment::new);
    }
  }

  /// The provider's second person looked at it.
  record Reviewed(RequestId about, SubjectId reviewer, ReviewVerdict verdict, String comment)
      implements RequestEvent {
    public Reviewed {
      Decision.requireComment(comment, "review");
    }

    static Reviewed parse(Fields body) {
      return new Reviewed(
          body.value("request", RequestId::new),
          body.value("reviewer", SubjectId::new),
          body.value("verdict", ReviewVerdict::parse),
          Decision.comment(body));
    }

    @Override
    public Json.Object toJson() {
      var json =
          Json.object()
              .put("request", about.value())
              .put("reviewer", reviewer.value())
              .put("verdict", verdict.word());
      if (!comment.isEmpty()) {
        json.put("comment", comment);
      }
      return json.build();
    }

    @Override
    public EntryType type() {
      return EntryType.REVIEW;
    }
  }

  /// The reviewer's answer.
  enum ReviewVerdict {
    APPROVE("approve"),
    REJECT("reject");

    private final String word;

    ReviewVerdict(String word) {
      this.word = word;
    }

    public static ReviewVerdict parse(String word) {
      return switch (word) {
        case "approve" -> APPROVE;
        case "reject" -> REJECT;
        default -> throw new IllegalArgumentException("a verdict is approve or reject");
      };
    }

    public String word() {
      return word;
    }
  }

  /// The policy that the tenant signed in the entry `policy` decided, by this rule, with nobody
  /// asked: a grant on these terms, or none. The server wrote it, unsigned; it is believed where
  /// the policy, evaluated again, says the same.
  record Automatic(RequestId about, long policy, RuleId rule, Optional<GrantTerms> grant)
      implements RequestEvent {
    static Automatic parse(Fields body) {
      return new Automatic(
          body.value("request", RequestId::new),
          body.number("policy"),
          body.value("rule", RuleId::new),
          body.optionalObject("grant").map(GrantJson::parse));
    }

    @Override
    public Json.Object toJson() {
      var json =
          Json.object()
              .put("request", about.value())
              .put("policy", policy)
              .put("rule", rule.value());
      grant.ifPresent(terms -> json.put("grant", GrantJson.toJson(terms)));
      return json.build();
    }

    /// What decided, in words.
    public String words() {
      return "rule %s of entry %d".formatted(rule, policy);
    }

    @Override
    public EntryType type() {
      return EntryType.AUTO;
    }
  }

  /// An approver said yes or no; `claimed` is what the envelope says.
  record Decided(Envelope envelope, Decision claimed) implements RequestEvent {
    /// Throws `MalformedJson` if the envelope holds no decision.
    public static Decided of(Envelope envelope) {
      return new Decided(
          envelope, Decision.parse(payload(envelope, Decision.PAYLOAD_TYPE, "a decision")));
    }

    @Override
    public Json.Object toJson() {
      return EntryBody.enveloped(envelope);
    }

    @Override
    public EntryType type() {
      return EntryType.DECISION;
    }

    @Override
    public RequestId about() {
      return claimed.request().id();
    }
  }

  /// An approver ended the grant by a signature; `claimed` is what the envelope says.
  record Revoked(Envelope envelope, Revocation claimed) implements RequestEvent {
    /// Throws `MalformedJson` if the envelope holds no revocation.
    public static Revoked of(Envelope envelope) {
      return new Revoked(
          envelope, Revocation.parse(payload(envelope, Revocation.PAYLOAD_TYPE, "a revocation")));
    }

    @Override
    public Json.Object toJson() {
      return EntryBody.enveloped(envelope);
    }

    @Override
    public EntryType type() {
      return EntryType.REVOKE;
    }

    @Override
    public RequestId about() {
      return claimed.request().id();
    }
  }

  /// The engineer no longer needed it.
  record Withdrawn(RequestId about, SubjectId by) implements RequestEvent {
    static Withdrawn parse(Fields body) {
      return new Withdrawn(body.value("request", RequestId::new), body.value("by", SubjectId::new));
    }

    @Override
    public Json.Object toJson() {
      return Json.object().put("request", about.value()).put("by", by.value()).build();
    }

    @Override
    public EntryType type() {
      return EntryType.WITHDRAW;
    }
  }

  /// Nobody decided in time.
  record Lapsed(RequestId about) implements RequestEvent {
    static Lapsed parse(Fields body) {
      return new Lapsed(body.value("request", RequestId::new));
    }

    @Override
    public Json.Object toJson() {
      return Json.object().put("request", about.value()).build();
    }

    @Override
    public EntryType type() {
      return EntryType.LAPSE;
    }
  }

  /// The grant ended without a signature: ending never needs one. The comment, empty when there is
  /// none, is what whoever ended it had to say.
  record Ended(RequestId about, EndCause reason, SubjectId by, String comment)
      implements RequestEvent {
    public Ended {
      Decision.requireComment(comment, "end");
    }

    static Ended parse(Fields body) {
      return new Ended(
          body.value("request", RequestId::new),
          body.value("reason", EndCause::parse),
          body.value("by", SubjectId::new),
          Decision.comment(body));
    }

    @Override
    public Json.Object toJson() {
      var json =
          Json.object()
              .put("request", about.value())
              .put("reason", reason.word())
              .put("by", by.value());
      if (!comment.isEmpty()) {
        json.put("comment", comment);
      }
      return json.build();
    }

    @Override
    public EntryType type() {
      return EntryType.END;
    }
  }

  /// Why a grant ended without a signature: the engineer was done, its time was over, or a
  /// signed-in approver pressed stop.
  enum EndCause {
    COMPLETED("completed"),
    EXPIRED("expired"),
    STOPPED("stopped");

    private final String word;

    EndCause(String word) {
      this.word = word;
    }

    public static EndCause parse(String word) {
      return switch (word) {
        case "completed" -> COMPLETED;
        case "expired" -> EXPIRED;
        case "stopped" -> STOPPED;
        default -> throw new IllegalArgumentException("an end is completed, expired or stopped");
      };
    }

    public String word() {
      return word;
    }
  }

  private static Json payload(Envelope envelope, String type, String what) {
    envelope.require(type, what);
    return envelope.payloadJson();
  }
}
