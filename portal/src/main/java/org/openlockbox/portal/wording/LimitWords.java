package org.openlockbox.portal.wording;

import java.util.List;
import java.util.stream.Stream;
import org.openlockbox.core.limits.Limit;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.limits.Timeout;
import org.openlockbox.portal.edge.PageContext;

/// Says each limit that is written, in the reader's language.
public final class LimitWords {
  private final PageContext frame;
  private final Limits limits;

  public LimitWords(PageContext frame, Limits limits) {
    this.frame = frame;
    this.limits = limits;
  }

  public List<String> all() {
    return Stream.of(Limit.values()).filter(limits.words()::containsKey).map(this::say).toList();
  }

  private String say(Limit limit) {
    var id = "limit." + limit.word();
    return switch (limit) {
      case ROW_BUDGET -> frame.say(id, limits.rowBudget().rows());
      case BYTE_BUDGET -> frame.say(id, limits.byteBudget().bytes());
      case TABLES -> frame.say(id, limits.tables().line());
      case STATEMENT_TIMEOUT -> frame.say(id, duration(limits.statementTimeout()));
      case IDLE_TIMEOUT -> frame.say(id, duration(limits.idleTimeout()));
      case SESSIONS -> frame.say(id, limits.sessions().sessions());
      case HOURS -> frame.say(id, frame.words().hours(limits.hours()));
      case PROFILE -> frame.say(id);
      case STATEMENTS -> frame.say(id, limits.statements().commitments().size());
      case SOFT_END -> frame.say(id, frame.words().duration(limits.softEnd().grace()));
    };
  }

  private String duration(Timeout timeout) {
    return timeout.after().map(frame.words()::duration).orElse("");
  }
}
