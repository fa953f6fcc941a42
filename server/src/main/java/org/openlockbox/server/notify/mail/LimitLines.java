package org.openlockbox.server.notify.mail;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.openlockbox.core.limits.Limit;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.limits.Timeout;
import org.openlockbox.server.notify.message.MailWords;

/// Each limit that is written, as a labelled line.
record LimitLines(MailWords words, Limits limits) {
  SequencedMap<String, String> lines() {
    var lines = new LinkedHashMap<String, String>();
    for (Map.Entry<Limit, String> one : limits.words().entrySet()) {
      var word = one.getKey().word();
      lines.put(words.say("limit." + word), say("limit." + word + ".is", one.getKey()));
    }
    return lines;
  }

  private String say(String id, Limit limit) {
    return switch (limit) {
      case ROW_BUDGET -> words.say(id, limits.rowBudget().rows());
      case BYTE_BUDGET -> words.say(id, limits.byteBudget().bytes());
      case TABLES -> words.say(id, limits.tables().line());
      case STATEMENT_TIMEOUT -> words.say(id, duration(limits.statementTimeout()));
      case IDLE_TIMEOUT -> words.say(id, duration(limits.idleTimeout()));
      case SESSIONS -> words.say(id, limits.sessions().sessions());
      case HOURS -> words.say(id, words.hours(limits.hours()));
      case PROFILE -> words.say(id);
      case STATEMENTS -> words.say(id, limits.statements().commitments().size());
      case SOFT_END -> words.say(id, words.duration(limits.softEnd().grace()));
    };
  }

  private String duration(Timeout timeout) {
    return timeout.after().map(words::duration).orElseGet(() -> words.say("limit.anyTime"));
  }
}
