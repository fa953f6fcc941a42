package org.openlockbox.server.access;

import java.util.List;
import org.openlockbox.core.history.Authority;
import org.openlockbox.core.history.Tickets;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.policy.Conditions;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.log.entry.LogReader;
import org.openlockbox.server.log.entry.StoredEntry;

/// Whose word counts in a tenant's log now: its keyring and policy, and what it signed for the
/// ticket in question.
public final class Authorities {
  private final LogReader reader;
  private final Conditions conditions;

  public Authorities(LogReader reader, Conditions conditions) {
    this.reader = reader;
    this.conditions = conditions;
  }

  /// Evaluates conditions of rules.
  public Conditions conditions() {
    return conditions;
  }

  /// The authority over a request that names this ticket, where this keyring is in force.
  public Authority of(TenantId tenant, Keyring keyring, String ticket) {
    return of(tenant, keyring, ticket, Long.MAX_VALUE);
  }

  /// The same, with only what was signed for the ticket before the log's entry of this index.
  public Authority of(TenantId tenant, Keyring keyring, String ticket, long before) {
    var signed = ticket.isBlank() ? List.<StoredEntry>of() : reader.tickets(tenant, ticket);
    var entries =
        signed.stream().filter(entry -> entry.seq() < before).map(StoredEntry::read).toList();
    return new Authority(keyring, conditions, Tickets.kept(entries));
  }
}
