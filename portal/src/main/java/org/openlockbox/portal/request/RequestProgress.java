package org.openlockbox.portal.request;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.openlockbox.core.access.AccessRequest;
import org.openlockbox.core.access.Grant;
import org.openlockbox.core.access.RequestState;
import org.openlockbox.core.access.Review;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.server.request.AccessRequests;
import org.openlockbox.server.request.EffectiveState;
import org.openlockbox.server.request.StoredRequest;
import org.openlockbox.server.tenant.Store;

/// What happened to a request after it was asked, step by step.
public record RequestProgress(List<ProgressStep> steps) {
  private static final Duration MOMENT = Duration.ofMinutes(2);

  public RequestProgress {
    steps = List.copyOf(steps);
  }

  /// What was done.
  public enum ProgressKind {
    REVIEWED,
    REJECTED,
    APPROVED,
    OPENED,
    DENIED,
    WITHDRAWN,
    LAPSED,
    COMPLETED,
    EXPIRED,
    STOPPED,
    REVOKED,
    LEFT_OVER
  }

  /// One step; `by` is empty where only time did it. `after` is where it led to.
  public record ProgressStep(
      ProgressKind what, String by, Instant at, RequestState after, String said) {}

  /// Reads the steps from where the request stands now, and the decisions that were counted.
  static RequestProgress of(Store store, StoredRequest stored, Instant now) {
    var decisions = AccessRequests.of(store.jdbc(), stored.tenant()).decisions(stored.id());
    var steps = new ArrayList<ProgressStep>();
    review(stored.request(), steps);
    for (var decision : decisions) {
      if (decision.verdict().equals("approve")) {
        steps.add(
            new ProgressStep(
                ProgressKind.APPROVED,
                decision.approver().value(),
                decision.at(),
                RequestState.PENDING,
                ""));
      }
    }
    switch (stored.request()) {
      case AccessRequest.Pending _ -> {}
      case AccessRequest.Denied denied -> steps.add(denied(denied));
      case AccessRequest.Withdrawn(var _, var by, var at) ->
          steps.add(step(ProgressKind.WITHDRAWN, by, at, RequestState.WITHDRAWN));
      case AccessRequest.Lapsed _ -> {}
      case AccessRequest.Approved approved ->
          granted(approved, now, steps, note(store, stored, approved, now));
    }
    if (EffectiveState.state(stored.request(), now) == RequestState.LAPSED) {
      var late = stored.submission().decideBy();
      steps.add(new ProgressStep(ProgressKind.LAPSED, "", late, RequestState.LAPSED, ""));
    }
    return new RequestProgress(steps);
  }

  private static void review(AccessRequest request, List<ProgressStep> steps) {
    var review =
        switch (request) {
          case AccessRequest.Pending pending -> pending.review();
          case AccessRequest.Approved approved -> approved.review();
          case AccessRequest.Denied _, AccessRequest.Withdrawn _, AccessRequest.Lapsed _ ->
              new Review.NotNeeded();
        };
    if (review instanceof Review.Passed(var by, var at)) {
      steps.add(step(ProgressKind.REVIEWED, by, at, RequestState.PENDING));
    }
  }

  private static ProgressStep denied(AccessRequest.Denied denied) {
    var what =
        denied.side() == AccessRequest.Party.PROVIDER ? ProgressKind.REJECTED : ProgressKind.DENIED;
    return new ProgressStep(
        what, denied.by().value(), denied.at(), RequestState.DENIED, denied.comment());
  }

  /// The last approval, or the policy, opened it.
  private static void granted(
      AccessRequest.Approved approved, Instant now, List<ProgressStep> steps, String note) {
    if (approved.approvals().isEmpty()) {
      steps.add(
          step(ProgressKind.OPENED, AccessRequest.POLICY, approved.at(), RequestState.APPROVED));
    } else {
      var last = steps.removeLast();
      steps.add(new ProgressStep(last.what, last.by, last.at, RequestState.APPROVED, ""));
    }
    switch (approved.grant().at(now)) {
      case Grant.Active _ -> {}
      case Grant.Ended ended -> steps.add(ended(ended, note));
      case Grant.RemovalFailed(var ended, var why, var since) -> {
        steps.add(ended(ended, note));
        steps.add(
            new ProgressStep(ProgressKind.LEFT_OVER, "", since, RequestState.REMOVAL_FAILED, why));
      }
    }
  }

  /// What the engineer wrote who completed it; only its log entry has that.
  private static String note(
      Store store, StoredRequest stored, AccessRequest.Approved approved, Instant now) {
    var ended =
        switch (approved.grant().at(now)) {
          case Grant.RemovalFailed(var over, var _, var _) -> over;
          case Grant.Active _, Grant.Ended _ -> approved.grant().at(now);
        };
    return ended instanceof Grant.Completed
        ? store.reader().authority(stored.tenant(), stored.id()).stream()
            .map(entry -> entry.read().body())
            .flatMap(body -> body instanceof RequestEvent.Ended end ? Stream.of(end) : Stream.of())
            .map(RequestEvent.Ended::comment)
            .reduce("", (_, newest) -> newest)
        : "";
  }

  private static ProgressStep ended(Grant.Ended ended, String note) {
    return switch (ended) {
      case Grant.Completed(var _, var by, var at) ->
          new ProgressStep(ProgressKind.COMPLETED, by.value(), at, RequestState.COMPLETED, note);
      case Grant.Revoked(var _, var by, var signed, var at) ->
          step(signed ? ProgressKind.REVOKED : ProgressKind.STOPPED, by, at, RequestState.REVOKED);
      case Grant.Expired expired ->
          new ProgressStep(ProgressKind.EXPIRED, "", expired.endedAt(), RequestState.EXPIRED, "");
    };
  }

  private static ProgressStep step(
      ProgressKind what, SubjectId by, Instant at, RequestState after) {
    return new ProgressStep(what, by.value(), at, after, "");
  }

  /// The last step, if this person took it a moment ago: their page then confirms it.
  Optional<ProgressStep> justBy(Visitor visitor) {
    var since = visitor.frame().now().minus(MOMENT);
    return steps.isEmpty()
        ? Optional.empty()
        : Optional.of(steps.getLast())
            .filter(step -> step.by.equals(visitor.person().subject().value()))
            .filter(step -> step.at.isAfter(since));
  }

  /// Where the request stood after these steps.
  RequestState state() {
    return steps.isEmpty() ? RequestState.PENDING : steps.getLast().after;
  }

  /// The people who had approved.
  List<String> approved() {
    return steps.stream()
        .filter(step -> step.what == ProgressKind.APPROVED)
        .map(ProgressStep::by)
        .toList();
  }

  /// The course as it was before its last so many steps.
  RequestProgress before(long last) {
    return new RequestProgress(steps.subList(0, (int) Math.max(0, steps.size() - last)));
  }
}
