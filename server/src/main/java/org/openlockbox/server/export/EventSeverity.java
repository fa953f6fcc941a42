package org.openlockbox.server.export;

import java.util.Locale;
import org.openlockbox.core.log.ErasedEvent;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.log.RecoveryEvent;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.log.TicketEvent;

/// How urgent an event is: OCSF's `severity_id`, and the severity of RFC 5424.
enum EventSeverity {
  INFORMATIONAL(1, 6),
  LOW(2, 5),
  MEDIUM(3, 4),
  HIGH(4, 3),
  CRITICAL(5, 2);

  final int id;
  final int syslog;

  EventSeverity(int id, int syslog) {
    this.id = id;
    this.syslog = syslog;
  }

  String word() {
    return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
  }

  static EventSeverity of(ExportEvent event) {
    if (event.closing().isPresent()) {
      return event.closing().get().leftovers().isEmpty() ? INFORMATIONAL : HIGH;
    }
    return switch (event.entry().body()) {
      case RecoveryEvent _ -> CRITICAL;
      case SessionEvent.RemovalFailed _ -> HIGH;
      case SessionEvent.Lost _, KeyringEvent _, ErasedEvent _ -> MEDIUM;
      case RequestEvent.Revoked _ -> LOW;
      case TicketEvent _, RequestEvent _, SessionEvent _ -> INFORMATIONAL;
    };
  }
}
