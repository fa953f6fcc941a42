package org.openlockbox.server.request;

import java.time.Instant;
import java.util.Optional;
import org.openlockbox.core.access.AccessRequest;
import org.openlockbox.core.access.Grant;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.RequestState;
import org.openlockbox.core.access.Submission;

/// That a request extends another, and what this means for the end of access. It is an access of
/// its own beside the other one, so it may end no later.
///
/// @param earlier the request that it extends
/// @param was when access by that one ends, or ended; empty where none was given
/// @param until when access by this one ends, or would if it were approved now; empty where it is
///   over without any
/// @param granted whether this one was approved
public record RequestExtension(
    RequestId earlier, Optional<Instant> was, Optional<Instant> until, boolean granted) {
  /// What a stored request extends, if it extends one.
  public static Optional<RequestExtension> of(
      AccessRequests requests, StoredRequest stored, Instant now) {
    return of(requests, stored.submission(), end(stored.request(), now), isGranted(stored));
  }

  /// What a request would extend that was not sent yet.
  public static Optional<RequestExtension> of(
      AccessRequests requests, Submission asked, Instant now) {
    return of(requests, asked, Optional.of(endIfApproved(asked, now)), false);
  }

  private static Optional<RequestExtension> of(
      AccessRequests requests, Submission asked, Optional<Instant> until, boolean granted) {
    return asked
        .extended()
        .flatMap(requests::find)
        .map(
            earlier ->
                new RequestExtension(earlier.id(), grantEnd(earlier.request()), until, granted));
  }

  /// Whether access ends later than by the other one.
  public boolean isLonger() {
    return until.isPresent() && was.isPresent() && until.get().isAfter(was.get());
  }

  private static boolean isGranted(StoredRequest stored) {
    return stored.request() instanceof AccessRequest.Approved;
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
