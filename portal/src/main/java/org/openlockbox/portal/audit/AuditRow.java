package org.openlockbox.portal.audit;

import java.time.Instant;
import java.util.Optional;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.RequestState;
import org.openlockbox.portal.wording.RequestLine;
import org.openlockbox.server.audit.RequestSearch;
import org.openlockbox.server.provider.Provider;

/// One request in the audit page's table. `less` is the level that was granted instead of the one
/// that was asked for.
public record AuditRow(
    String id,
    long index,
    String who,
    String engineerId,
    String resource,
    Level level,
    Optional<Level> less,
    String purpose,
    String ticket,
    Instant asked,
    String state,
    String deciders,
    long sessions,
    long statements,
    long rows,
    Optional<Long> refused) {

  static AuditRow of(Provider provider, Instant now, RequestSearch.FoundRequest found) {
    return new AuditRow(
        found.id().value(),
        found.logIndex(),
        found.name().orElse(found.engineer().value()),
        found.engineer().value(),
        RequestLine.resourceName(provider, found.resource()),
        found.level(),
        found.granted().filter(granted -> granted != found.level()),
        found.purpose().word(),
        found.ticket(),
        found.asked(),
        state(found, now),
        found.deciders(),
        found.sessions(),
        found.statements(),
        found.rows(),
        found.refused());
  }

  /// Its state now, whether or not anybody has written down that its time is over.
  private static String state(RequestSearch.FoundRequest found, Instant now) {
    boolean over = !now.isBefore(found.until());
    if (over && found.state().equals(RequestState.PENDING.word())) {
      return RequestState.LAPSED.word();
    }
    return over && found.state().equals(RequestState.APPROVED.word())
        ? RequestState.EXPIRED.word()
        : found.state();
  }
}
