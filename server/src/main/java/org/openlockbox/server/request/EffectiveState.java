package org.openlockbox.server.request;

import java.time.Instant;
import org.openlockbox.core.access.AccessRequest;
import org.openlockbox.core.access.RequestState;

/// Where a request stands at a moment, whether or not anybody has written down that its time is
/// over.
public final class EffectiveState {
  private EffectiveState() {}

  public static RequestState state(AccessRequest request, Instant now) {
    return switch (request) {
      case AccessRequest.Pending pending ->
          now.isBefore(pending.submission().decideBy())
              ? RequestState.PENDING
              : RequestState.LAPSED;
      case AccessRequest.Approved approved -> approved.grant().at(now).state();
      case AccessRequest.Denied _, AccessRequest.Withdrawn _, AccessRequest.Lapsed _ ->
          request.state();
    };
  }

  /// When time alone ends what the request is now: the answer's deadline, then the grant's end.
  public static Instant expires(AccessRequest request) {
    return request instanceof AccessRequest.Approved approved
        ? approved.grant().terms().window().notAfter()
        : request.submission().decideBy();
  }
}
