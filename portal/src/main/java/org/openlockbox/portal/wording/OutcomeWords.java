package org.openlockbox.portal.wording;

import java.util.List;
import org.openlockbox.core.operation.OutcomeStatus;
import org.openlockbox.core.operation.Protocol;
import org.openlockbox.portal.edge.PageContext;

/// Why an operation failed, in words before its protocol's code.
public record OutcomeWords(PageContext frame) {
  private static final int SQL_CLASS = 2;

  /// `no such column (42703)`; a code that we have no words for says so.
  public String of(OutcomeStatus status) {
    var code = status.word();
    var ids =
        status.protocol() == Protocol.POSTGRESQL
            ? List.of("outcome.sql." + code, "outcome.sql." + code.substring(0, SQL_CLASS))
            : List.of("outcome.http." + code);
    return ids.stream()
        .filter(frame.words()::knows)
        .findFirst()
        .map(id -> frame.say(id) + " (" + code + ")")
        .orElseGet(() -> frame.say("outcome.other", status.spoken()));
  }
}
