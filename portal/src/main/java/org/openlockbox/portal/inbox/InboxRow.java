package org.openlockbox.portal.inbox;

import java.time.Duration;
import java.util.Optional;
import org.openlockbox.core.access.AccessRequest;
import org.openlockbox.portal.edge.PageContext;
import org.openlockbox.portal.wording.PlainText;
import org.openlockbox.portal.wording.RequestLine;
import org.openlockbox.server.request.StoredRequest;

/// A request that waits: for how long access is asked, in whose words why, how many have signed,
/// and how much of the time to answer is left.
public record InboxRow(
    RequestLine line, Duration length, Optional<PlainText> reason, int signed, int percent) {
  private static final int ALL = 100;

  static InboxRow of(
      PageContext frame, RequestLine line, StoredRequest stored, Optional<PlainText> reason) {
    var submission = stored.submission();
    int signed =
        stored.request() instanceof AccessRequest.Pending pending ? pending.approvals().size() : 0;
    var whole = Duration.between(stored.createdAt(), submission.decideBy());
    var left = Duration.between(frame.now(), submission.decideBy());
    return new InboxRow(line, submission.terms().duration(), reason, signed, percent(left, whole));
  }

  static int percent(Duration part, Duration whole) {
    return whole.isPositive() && part.isPositive()
        ? (int) Math.min(ALL, ALL * part.toSeconds() / Math.max(1, whole.toSeconds()))
        : 0;
  }
}
