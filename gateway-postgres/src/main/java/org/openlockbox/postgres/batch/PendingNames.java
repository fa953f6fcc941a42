package org.openlockbox.postgres.batch;

import java.util.HashMap;
import java.util.Map;
import org.openlockbox.postgres.batch.QueryBatch.ProtocolName;

/// The names that segments may change which have ended and are not answered yet. Asked for each
/// name that a client uses, so it counts instead of looking through them: a client may have asked
/// for many thousand things at once.
final class PendingNames {
  private final Map<ProtocolName, Integer> defined = new HashMap<>();
  private int mayDefineAny;

  void add(QueryBatch segment) {
    mayDefineAny += segment.mayDefineAny() ? 1 : 0;
    segment.defines().forEach(name -> defined.merge(name, 1, Integer::sum));
  }

  void remove(QueryBatch segment) {
    mayDefineAny -= segment.mayDefineAny() ? 1 : 0;
    segment
        .defines()
        .forEach(name -> defined.computeIfPresent(name, (_, n) -> n > 1 ? n - 1 : null));
  }

  boolean mayDefine(ProtocolName name) {
    return mayDefineAny > 0 || defined.containsKey(name);
  }
}
