package org.openlockbox.portal.keys;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.portal.edge.Sites;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.server.access.SigningIntent;
import org.openlockbox.server.access.SigningTokens;
import org.openlockbox.server.enrolment.EnrolledKey;

/// The passkeys that somebody made here and that do not count yet, and the way to make another:
/// with a token for the page where that is done.
///
/// @param made the name of the one that this person made a moment ago: their page confirms it
public record PendingPasskeys(
    Optional<String> handover, String action, List<KeyLine> waiting, Optional<String> made) {
  private static final Duration MOMENT = Duration.ofMinutes(1);

  public PendingPasskeys {
    waiting = List.copyOf(waiting);
  }

  static PendingPasskeys of(
      KnownKeys known, SigningTokens signingTokens, Sites sites, Visitor visitor, TenantId tenant) {
    var handover =
        known.canEnrol(visitor)
            ? Optional.of(
                signingTokens
                    .issue(visitor.secret(), tenant, new SigningIntent.Enrol())
                    .forTheBrowser())
            : Optional.<String>empty();
    var own = own(known, visitor, tenant);
    return new PendingPasskeys(
        handover,
        sites.handTo("/sign/passkey"),
        own.stream().map(key -> KeyLine.of(visitor.frame(), key)).toList(),
        made(own, visitor.frame().now()));
  }

  private static Optional<String> made(List<EnrolledKey> own, Instant now) {
    return own.stream()
        .filter(key -> key.enrolledAt().isAfter(now.minus(MOMENT)))
        .max(Comparator.comparing(EnrolledKey::enrolledAt))
        .map(key -> key.key().name());
  }

  private static List<EnrolledKey> own(KnownKeys known, Visitor visitor, TenantId tenant) {
    return known.waitingKeys(tenant).stream()
        .filter(key -> key.key().approver().equals(visitor.person().subject()))
        .toList();
  }
}
