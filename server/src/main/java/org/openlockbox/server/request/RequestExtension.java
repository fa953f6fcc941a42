package org.openlockbox.server.request;

import java.time.Instant;
import java.util.Optional;
import org.openlockbox.core.access.AccessRequest;
import org.openlockbox.core.access.Grant;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.RequestState;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.access.Submission;
import org.openlockbox.core.limits.Limits;

/// That a request extends another, and what this means for the end of access. It is an access of
/// its own beside the other one, so it may end no later.
///
/// @param earlier the request that it extends
/// @param was when access by that one ends, or ended; empty where none was given
/// @param until when access by this one ends, or would if it were approved now; empty where it is
///   over without any
/// @param granted whether this one was approved
/// @param wider whether it asks for more than time: a wider level, or wider limits
public record RequestExtension(
    RequestId earlier,
    Optional<Instant> was,
    Optional<Instant> until,
    boolean granted,
    boolean wider) {
  /// What a stored request extends, if it extends one.
  public static Optional<RequestExtension> of(
      AccessRequests requests, StoredRequest stored, Instant now) {
    return of(requests, stored.request(), end(stored.request(), now));
  }

  /// What a request would extend that was not sent yet.
  public static Optional<RequestExtension> of(
      AccessRequests requests, Submission asked, Instant now) {
    return of(requests, AccessRequest.Pending.of(asked), Optional.of(endIfApproved(asked, now)));
  }

  private static Optional<RequestExtension> of(
      AccessRequests requests, AccessRequest extending, Optional<Instant> until) {
    return extending
        .submission()
        .extended()
        .flatMap(requests::find)
        .map(
            earlier ->
                new RequestExtension(
                    earlier.id(),
                    grantEnd(earlier.request()),
                    until,
                    extending instanceof AccessRequest.Approved,
                    Reach.of(extending).isWiderThan(Reach.of(earlier.request()))));
  }

  /// What is asked for beside time, or what was granted of it.
  private record Reach(ResourceId resource, Level level, Limits limits) {
    static Reach of(AccessRequest request) {
      var terms = request.submission().terms();
      return request instanceof AccessRequest.Approved approved
          ? new Reach(
              terms.resource(), approved.grant().terms().level(), approved.grant().terms().limits())
          : new Reach(terms.resource(), terms.level(), terms.limits());
    }

    boolean isWiderThan(Reach other) {
      return !resource.equals(other.resource)
          || level.isWiderThan(other.level)
          || limits.isWiderThan(other.limits);
    }
  }

  /// Whether access ends later than by the other one.
  public boolean isLonger() {
    return until.isPresent() && was.isPresent() && until.get().isAfter(was.get());
  }

  private static Optional<Instant> end(AccessRequest request, Instant now) {
    return EffectiveState.state(request, now) == RequestState.PENDING
        ? Optional.of(endIfApproved(request.submission(), now))
        : grantEnd(request);
  }

  private static Instant endIfApproved(Submission asked, Instant now) {
    return asked.terms().startIfApprovedAt(now).plus(asked.terms().duration());
  }

  private static Optional<Instant> grantEnd(AccessRequest request) {
    return request instanceof AccessRequest.Approved approved
        ? Optional.of(end(approved.grant()))
        : Optional.empty();
  }

  private static Instant end(Grant grant) {
    return switch (grant) {
      case Grant.Active active -> active.terms().window().notAfter();
      case Grant.Ended ended -> ended.endedAt();
      case Grant.RemovalFailed failed -> failed.ended().endedAt();
    };
  }
}
