package org.openlockbox.portal.audit;

import java.time.Instant;
import java.util.Optional;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.RequestState;
import org.openlockbox.portal.wording.RequestLine;
import org.openlockbox.server.audit.RequestSearch;
import org.openlockbox.server.provider.Provider;

/// One request in the audit page's table.
public record AuditRow(
    String id,
    long index,
    AuditedEngineer who,
    AuditedAccess access,
    Instant asked,
    String state,
    String deciders,
    RequestSearch.RequestUse use) {
  public record AuditedEngineer(String name, String id) {}

  /// `less` is the level that was granted instead of the one that was asked for.
  public record AuditedAccess(
      String resource, Level level, Optional<Level> less, String purpose, String ticket) {}

  static AuditRow of(Provider provider, Instant now, RequestSearch.FoundRequest found) {
    var by = found.requester();
    var asked = found.access();
    return new AuditRow(
        found.id().value(),
        found.logIndex(),
        new AuditedEngineer(by.name().orElse(by.id().value()), by.id().value()),
        new AuditedAccess(
            RequestLine.resourceName(provider, asked.resource()),
            asked.level(),
            found.answer().granted().filter(granted -> granted != asked.level()),
            asked.purpose().word(),
            asked.ticket()),
        found.asked(),
        state(found, now),
        found.answer().deciders(),
        found.use());
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
