package org.openlockbox.check.session;

import java.util.function.LongSupplier;
import org.openlockbox.gateway.session.ConnectionlessTraffic;
import org.openlockbox.gateway.session.SessionParts;

/// A session in which questions are answered. Nothing of what the service shows passes through it,
/// so nothing is paid for, cut or taken away.
///
/// What the service does with an answer that it has, goes on. That is what *checked* means.
final class CheckTraffic extends ConnectionlessTraffic {
  CheckTraffic(SessionParts parts, LongSupplier nanoTime) {
    super(parts, nanoTime);
  }
}
