package org.openlockbox.server.access;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.openlockbox.core.history.Authority;
import org.openlockbox.core.history.Tickets;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.policy.Conditions;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.log.entry.LogReader;
import org.openlockbox.server.log.entry.StoredEntry;
import org.openlockbox.server.request.StoredRequest;

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
    var signed = ticket.isBlank() ? List.<StoredEntry>of() : reader.tickets(tenant, ticket);
    return of(keyring, signed, Long.MAX_VALUE);
  }

  private Authority of(Keyring keyring, List<StoredEntry> signed, long before) {
    var entries =
        signed.stream().filter(entry -> entry.seq() < before).map(StoredEntry::read).toList();
    return new Authority(keyring, conditions, Tickets.kept(entries));
  }

  /// The authority over each of these requests of a tenant. What was signed for their tickets is
  /// read at once.
  public Function<StoredRequest, Authority> now(
      TenantId tenant, Keyring keyring, List<StoredRequest> requests) {
    var signed = signed(tenant, requests);
    return stored ->
        of(keyring, signed.getOrDefault(stored.submission().ticket(), List.of()), Long.MAX_VALUE);
  }

  /// The authority over each of these requests of a tenant as it was when the request was made, but
  /// for the keyring. What was signed for their tickets is read at once.
  public Function<StoredRequest, Authority> asMade(
      TenantId tenant, Keyring keyring, List<StoredRequest> requests) {
    var signed = signed(tenant, requests);
    return stored ->
        of(
            keyring,
            signed.getOrDefault(stored.submission().ticket(), List.of()),
            stored.logIndex());
  }

  private Map<String, List<StoredEntry>> signed(TenantId tenant, List<StoredRequest> requests) {
    var tickets =
        requests.stream()
            .map(stored -> stored.submission().ticket())
            .filter(ticket -> !ticket.isBlank())
            .collect(Collectors.toSet());
    return tickets.isEmpty() ? Map.of() : reader.tickets(tenant, tickets);
  }
}
