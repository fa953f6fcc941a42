package org.openlockbox.gateway.admission;

import java.time.Instant;
import java.util.Optional;
import org.openlockbox.core.access.GrantTerms;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.history.ConnectCheck;
import org.openlockbox.core.history.ProvenGrant;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.resource.Protection;

/// Proof that [Admission] let one session in. Only it can make one, and no protected service can be
/// dialled without one.
public final class Permit implements AdmissionDecision {
  private final SessionId session;
  private final ProvenGrant grant;
  private final Envelope envelope;
  private final Envelope certificate;
  private final Protection protection;
  private final ExactTexts texts;
  private final Expiry end;

  Permit(
      SessionId session,
      ConnectCheck.Valid connect,
      Envelope envelope,
      Envelope certificate,
      Protection protection,
      ExactTexts texts,
      Instant now) {
    this.session = session;
    this.grant = connect.grant();
    this.envelope = envelope;
    this.certificate = certificate;
    this.protection = protection;
    this.texts = texts;
    this.end = Expiry.of(grant.terms(), now);
  }

  /// When a session ends, whatever else happens.
  ///
  /// @param latest until when an operation that runs at the end may go on
  /// @param isOfHours whether it is the end of the granted hours, not of the grant
  /// @param opensAgain when the granted hours open next, after an end of hours
  public record Expiry(
      Instant at, Instant latest, boolean isOfHours, Optional<Instant> opensAgain) {
    static Expiry of(GrantTerms terms, Instant now) {
      var over = terms.window().notAfter();
      var hours = terms.limits().hours();
      var closes = hours.nextClosing(now).filter(over::isAfter);
      var at = closes.orElse(over);
      var opensAgain = closes.flatMap(hours::nextOpening).filter(over::isAfter);
      return new Expiry(
          at, at.plus(terms.limits().softEnd().grace()), closes.isPresent(), opensAgain);
    }
  }

  public SessionId session() {
    return session;
  }

  public ProvenGrant grant() {
    return grant;
  }

  /// The connect statement as the engineer signed it.
  public Envelope envelope() {
    return envelope;
  }

  /// The gateway's certificate, as it is shown in the session's opening.
  public Envelope certificate() {
    return certificate;
  }

  public TenantId tenant() {
    return grant().tenant();
  }

  public RequestId request() {
    return grant().request().id();
  }

  public GrantTerms terms() {
    return grant().terms();
  }

  public Level level() {
    return terms().level();
  }

  public Expiry end() {
    return end;
  }

  /// The operations that may be sent.
  public ExactTexts texts() {
    return texts;
  }

  /// The only place that it opens.
  public Protection protection() {
    return protection;
  }
}
