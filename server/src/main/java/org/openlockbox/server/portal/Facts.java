package org.openlockbox.server.portal;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.access.AccessRequest;
import org.openlockbox.core.access.Approval;
import org.openlockbox.core.access.Engineer;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.Review;
import org.openlockbox.core.access.SubjectId;
import org.openlockbox.server.access.StoredRequest;

/// What a page says of a request besides its one sentence; all of it from the request's log entry,
/// but the state and who has approved so far.
public record Facts(
    String id,
    String engineer,
    String engineerId,
    String employer,
    String country,
    boolean agent,
    Optional<String> responsible,
    String purpose,
    String ticket,
    Optional<PlainText> reason,
    String resource,
    Level level,
    List<String> limits,
    List<PlainText> statements,
    Instant asked,
    Instant decideBy,
    int quorum,
    List<Approved> approvals,
    Optional<String> reviewedBy,
    long index,
    String sha256) {
  public Facts {
    limits = List.copyOf(limits);
    statements = List.copyOf(statements);
    approvals = List.copyOf(approvals);
  }

  /// One approver's yes.
  public record Approved(String approver, Instant at) {}

  static Facts of(Frame frame, Asked asked, StoredRequest stored, String resource) {
    var submission = asked.submission();
    var engineer = submission.engineer();
    return new Facts(
        stored.id().value(),
        asked.engineer(),
        engineer.id().value(),
        engineer.employer(),
        frame.words().country(engineer.country()),
        engineer.kind() == Engineer.Kind.AGENT,
        engineer.responsible().map(SubjectId::value),
        submission.purpose().word(),
        submission.ticket(),
        asked.reason().map(PlainText::of),
        resource,
        submission.terms().level(),
        new LimitWords(frame, submission.terms().limits()).all(),
        asked.statements().stream().map(PlainText::of).toList(),
        stored.createdAt(),
        submission.decideBy(),
        submission.quorum(),
        approvals(stored.request()),
        reviewer(stored.request()),
        asked.ref().index(),
        asked.ref().sha256().hex());
  }

  private static List<Approved> approvals(AccessRequest request) {
    var given =
        switch (request) {
          case AccessRequest.Pending pending -> pending.approvals();
          case AccessRequest.Approved approved -> approved.approvals();
          case AccessRequest.Denied _, AccessRequest.Withdrawn _, AccessRequest.Lapsed _ ->
              List.<Approval>of();
        };
    return given.stream()
        .map(approval -> new Approved(approval.approver().value(), approval.at()))
        .toList();
  }

  private static Optional<String> reviewer(AccessRequest request) {
    var review =
        switch (request) {
          case AccessRequest.Pending pending -> pending.review();
          case AccessRequest.Approved approved -> approved.review();
          case AccessRequest.Denied _, AccessRequest.Withdrawn _, AccessRequest.Lapsed _ ->
              new Review.NotNeeded();
        };
    return review instanceof Review.Passed(var by, var _)
        ? Optional.of(by.value())
        : Optional.empty();
  }
}
