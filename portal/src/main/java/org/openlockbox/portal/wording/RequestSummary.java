package org.openlockbox.portal.wording;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.access.AccessRequest;
import org.openlockbox.core.access.Assurance;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.Review;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.statement.RequestRef;
import org.openlockbox.portal.edge.PageContext;
import org.openlockbox.server.request.StoredRequest;

/// What a page says of a request besides its one sentence; all of it from what the engineer told,
/// but the review, the limits once they are granted, and what the provider says of the engineer:
/// `sources` says whose word that is. Without `entry` it was not sent yet; `extended` is the
/// request that it goes on.
public record RequestSummary(
    String id,
    EngineerCard who,
    StatedPurpose why,
    StatedAccess what,
    Instant asked,
    Instant decideBy,
    Optional<String> reviewedBy,
    Optional<String> extended,
    Optional<RequestRef> entry) {
  public record StatedPurpose(String purpose, String ticket, Optional<PlainText> reason) {}

  public record StatedAccess(
      String resource,
      Level level,
      Assurance assurance,
      List<String> limits,
      List<PlainText> statements) {
    public StatedAccess {
      limits = List.copyOf(limits);
      statements = List.copyOf(statements);
    }
  }

  public static RequestSummary of(
      PageContext frame, LoggedRequest asked, StoredRequest stored, String resource) {
    return of(
        frame,
        asked.told(),
        resource,
        stored.createdAt(),
        stored.request(),
        Optional.of(asked.ref()));
  }

  /// Of a request that nobody has sent yet.
  public static RequestSummary unsent(PageContext frame, RequestText told, String resource) {
    return of(
        frame,
        told,
        resource,
        frame.now(),
        AccessRequest.Pending.of(told.submission()),
        Optional.empty());
  }

  private static RequestSummary of(
      PageContext frame,
      RequestText told,
      String resource,
      Instant asked,
      AccessRequest request,
      Optional<RequestRef> entry) {
    var submission = told.submission();
    return new RequestSummary(
        submission.id().value(),
        EngineerCard.of(frame, told),
        new StatedPurpose(
            submission.purpose().word(), submission.ticket(), told.reason().map(PlainText::of)),
        new StatedAccess(
            resource,
            submission.terms().level(),
            submission.assurance(),
            new LimitWords(frame, limits(told, request)).all(),
            told.statements().stream().map(PlainText::of).toList()),
        asked,
        submission.decideBy(),
        reviewer(request),
        submission.extended().map(RequestId::value),
        entry);
  }

  /// Those that were granted, once they were.
  private static Limits limits(RequestText told, AccessRequest request) {
    return request instanceof AccessRequest.Approved approved
        ? approved.grant().terms().limits()
        : told.submission().terms().limits();
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
