package org.openlockbox.core.history;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.log.LogEntry;
import org.openlockbox.core.log.ProvenEntry;
import org.openlockbox.core.log.TicketEvent;
import org.openlockbox.core.log.Unproven;

/// The tickets that one tenant has signed for, as far as their entries were given.
public final class Tickets {
  private final List<TicketEvent> signed = new ArrayList<>();

  public Tickets() {}

  /// Throws [Unproven] for a ticket that an honest server would not have logged.
  public void take(ProvenEntry proven) {
    if (proven.entry().body() instanceof TicketEvent event) {
      event
          .fault(proven.keyring())
          .ifPresent(
              why -> {
                throw Unproven.at(proven.seq(), why);
              });
      signed.add(event);
    }
  }

  /// The tickets among these entries of a log whose keeper checked each when it was written.
  public static Tickets kept(Iterable<LogEntry> entries) {
    var tickets = new Tickets();
    for (var entry : entries) {
      if (entry.body() instanceof TicketEvent event) {
        tickets.signed.add(event);
      }
    }
    return tickets;
  }

  /// Whether the tenant has signed for this ticket, with a key that may still do so, for this time.
  public boolean isOwn(String ticket, Keyring keyring, Instant at) {
    return signed.stream()
        .filter(event -> event.claimed().ticket().equals(ticket))
        .filter(event -> at.isBefore(event.claimed().notAfter()))
        .anyMatch(
            event -> TicketEvent.key(keyring, event.signer(), event.claimed().by()).isPresent());
  }
}
