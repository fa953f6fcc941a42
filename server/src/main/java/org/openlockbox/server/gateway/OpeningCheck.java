package org.openlockbox.server.gateway;

import java.time.Instant;
import java.util.Optional;
import org.openlockbox.core.access.AccessRequest;
import org.openlockbox.core.access.Grant;
import org.openlockbox.core.access.GrantTerms;
import org.openlockbox.core.access.Submission;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.history.ConnectCheck;
import org.openlockbox.core.log.SessionEvent;

/// Whether a session that a gateway wants to open may be opened by the log's own clock. The gateway
/// has decided that by itself, from signatures; this is the second look, at what the gateway would
/// write down: a gateway with a wrong clock or a wrong idea cannot log an opening that a verifier
/// would refuse.
final class OpeningCheck {
  private OpeningCheck() {}

  /// Why it may not, in words; empty if it may.
  ///
  /// @param open how many sessions of the request are open already
  static Optional<String> fault(
      AccessRequest request, SessionEvent.Opened opened, long open, Instant now) {
    if (!(request instanceof AccessRequest.Approved approved
        && approved.grant().at(now) instanceof Grant.Active active)) {
      return Optional.of("the request is not in force");
    }
    if (!active.terms().window().contains(now)) {
      return Optional.of("the access has not started");
    }
    var limits = active.terms().limits();
    if (!limits.hours().isOpenAt(now)) {
      return Optional.of("the access is closed at this hour");
    }
    if (open >= limits.sessions().sessions()) {
      return Optional.of("as many sessions as were granted are open");
    }
    return misfit(request.submission(), active.terms(), opened, now);
  }

  private static Optional<String> misfit(
      Submission submission, GrantTerms terms, SessionEvent.Opened opened, Instant now) {
    if (!opened.engineer().equals(submission.engineer().id())
        || !opened.resource().equals(submission.terms().resource())) {
      return Optional.of("the request is another engineer's or for another resource");
    }
    if (opened.level().isWiderThan(terms.level())
        || opened.expires().isAfter(terms.window().notAfter())) {
      return Optional.of("the session has more than was granted");
    }
    try {
      var connect = ConnectCheck.parse(opened.connect());
      return connect.window().contains(now)
          ? ConnectCheck.misfit(submission, terms, opened.connect(), connect)
          : Optional.of("the connect statement is not in force");
    } catch (MalformedJson e) {
      return Optional.of("the connect statement is malformed");
    }
  }
}
