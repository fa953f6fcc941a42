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
        found.requester().name().orElse(found.requester().id().value()),
        found.requester().id().value(),
        RequestLine.resourceName(provider, found.access().resource()),
        found.access().level(),
        found.answer().granted().filter(granted -> granted != found.access().level()),
        found.access().purpose().word(),
        found.access().ticket(),
        found.asked(),
        state(found, now),
        found.answer().deciders(),
        found.use().sessions(),
        found.use().statements(),
        found.use().rows(),
        found.use().refused());
  }

  /// Its state now, whether or not anybody has written down that its time is over.
  private static String state(RequestSearch.FoundRequest found, Instant now) {
    boolean over = !now.isBefore(found.answer().until());
    if (over && found.answer().state().equals(RequestState.PENDING.word())) {
      return RequestState.LAPSED.word();
    }
    return over && found.answer().state().equals(RequestState.APPROVED.word())
        ? RequestState.EXPIRED.word()
        : found.answer().state();
  }
}
