package org.openlockbox.portal.inbox;

import java.time.Duration;
import org.openlockbox.portal.edge.PageContext;
import org.openlockbox.portal.wording.RequestLine;

/// Access in force: how many sessions are connected right now, and how much of its time is used.
public record OpenRow(RequestLine line, int sessions, int used) {
  static OpenRow of(PageContext frame, RequestLine line, int sessions) {
    var times = line.times();
    var left = Duration.between(frame.now(), times.until());
    return new OpenRow(line, sessions, 100 - InboxRow.percent(left, times.length()));
  }
}
