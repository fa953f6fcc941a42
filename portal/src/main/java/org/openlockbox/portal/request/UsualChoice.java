package org.openlockbox.portal.request;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.Submission;
import org.openlockbox.server.provider.Resource;
import org.openlockbox.server.request.PastRequests;

/// What was usually granted for this purpose, as a choice that is less than what is asked.
public record UsualChoice(Level level, Duration duration) {

  /// Nothing where the usual is not less, or the resource has no such level.
  static Optional<UsualChoice> of(
      Submission asked, Resource resource, Optional<PastRequests.UsualGrant> usual) {
    var terms = asked.terms();
    return usual
        .map(
            one ->
                new UsualChoice(
                    one.isWider(terms.level()) ? one.level() : terms.level(),
                    shorter(minutes(one.length()), terms.duration())))
        .filter(one -> resource.levels().contains(one.level()))
        .filter(one -> one.level() != terms.level() || !one.duration().equals(terms.duration()));
  }

  /// In full minutes, rounded up.
  private static Duration minutes(Duration length) {
    return length.plusSeconds(59).truncatedTo(ChronoUnit.MINUTES);
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
