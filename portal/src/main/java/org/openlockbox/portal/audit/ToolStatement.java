package org.openlockbox.portal.audit;

import java.util.Set;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.operation.SqlFacts;

/// Statements that database tools send by themselves: they look up which tables there are, and set
/// up the connection. They name no table of the customer, change nothing, and were not refused.
/// Pages fold them; nothing is left out. What ends a transaction is none of them: it says whether a
/// change stayed.
final class ToolStatement {
  private static final Set<String> SYSTEM = Set.of("pg_catalog", "information_schema");

  private static final Set<String> SETTING_UP =
      Set.of(
          "empty",
          "begin",
          "set",
          "set-transaction",
          "reset-all",
          "show",
          "deallocate",
          "discard",
          "close",
          "unlisten");

  private ToolStatement() {}

  static boolean is(SessionEvent.Operation sent) {
    return sent.refused().isEmpty() && sent.sql().filter(ToolStatement::is).isPresent();
  }

  private static boolean is(SqlFacts facts) {
    if (!facts.writes().isEmpty() || facts.others() > 0 || facts.functions().others() > 0) {
      return false;
    }
    return facts.reads().isEmpty()
        ? SETTING_UP.containsAll(facts.classes())
        : SYSTEM.containsAll(facts.reads());
  }
}
