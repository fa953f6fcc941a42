package org.openlockbox.portal.request;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.access.AccessRequest;
import org.openlockbox.core.access.Grant;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.RequestState;
import org.openlockbox.portal.edge.PageContext;
import org.openlockbox.server.request.AccessRequests;
import org.openlockbox.server.request.EffectiveState;
import org.openlockbox.server.request.RequestExtension;
import org.openlockbox.server.request.StoredRequest;

/// What a request extends and what extends it, for the top of its page.
///
/// @param earlier the request that it extends
/// @param means what that means for the end of access; empty where nothing was granted
/// @param later the requests that extend it, the newest first
public record ExtensionLines(
    Optional<RequestId> earlier, Optional<String> means, List<ExtendingRequest> later) {
  public ExtensionLines {
    later = List.copyOf(later);
  }

  /// One that extends it, where that one stands, and when its own time begins if it has not.
  public record ExtendingRequest(RequestId id, RequestState state, Optional<Instant> begins) {
    static ExtendingRequest of(StoredRequest stored, Instant now) {
      return new ExtendingRequest(
          stored.id(),
          EffectiveState.state(stored.request(), now),
          start(stored.request(), now).filter(now::isBefore));
    }

    private static Optional<Instant> start(AccessRequest request, Instant now) {
      return switch (request) {
        case AccessRequest.Pending pending ->
            Optional.of(pending.submission().terms().startIfApprovedAt(now));
        case AccessRequest.Approved approved when approved.grant() instanceof Grant.Active active ->
            Optional.of(active.terms().window().notBefore());
        case AccessRequest.Approved _,
            AccessRequest.Denied _,
            AccessRequest.Withdrawn _,
            AccessRequest.Lapsed _ ->
            Optional.empty();
      };
    }
  }

  static ExtensionLines of(
      PageContext frame, AccessRequests requests, StoredRequest stored, Instant now) {
    var extension = RequestExtension.of(requests, stored, now);
    return new ExtensionLines(
        extension.map(RequestExtension::earlier),
        extension.flatMap(one -> means(frame, one)),
        requests.extending(stored.id()).stream()
            .flatMap(id -> requests.find(id).stream())
            .map(one -> ExtendingRequest.of(one, now))
            .toList());
  }

  /// Until when access lasts instead of until when, or that it lasts no longer; and whether more
  /// than time is asked for.
  static Optional<String> means(PageContext frame, RequestExtension extension) {
    var time =
        extension
            .until()
            .flatMap(
                until ->
                    extension
                        .was()
                        .map(was -> frame.say(id(extension), frame.time(until), frame.time(was))));
    return extension.wider()
        ? Optional.of(
            time.map(one -> one + " ").orElse("")
                + frame.say("extension.wider", extension.earlier().value()))
        : time;
  }

  private static String id(RequestExtension extension) {
    if (!extension.isLonger()) {
      return extension.granted() ? "extension.granted.not" : "extension.asked.not";
    }
    return extension.granted() ? "extension.granted" : "extension.asked";
  }
}
