package org.openlockbox.gateway.admission;

import java.time.Instant;
import org.openlockbox.core.access.GrantTerms;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.evidence.ConnectCheck;
import org.openlockbox.core.evidence.ProvenGrant;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.fence.ResourceSpec;
import org.openlockbox.gateway.fence.SessionRoles;

/// Proof that [Admission] let one session in. Only it can make one, and the protected database
/// cannot be dialled without one.
public final class Permit implements Decision {
  private final SessionId session;
  private final ConnectCheck.Valid connect;
  private final Envelope envelope;
  private final SessionRoles roles;

  Permit(SessionId session, ConnectCheck.Valid connect, Envelope envelope, SessionRoles roles) {
    this.session = session;
    this.connect = connect;
    this.envelope = envelope;
    this.roles = roles;
  }

  public SessionId session() {
    return session;
  }

  public ProvenGrant grant() {
    return connect.grant();
  }

  /// The connect statement as the engineer signed it.
  public Envelope envelope() {
    return envelope;
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

  /// When the access ends, whatever else happens.
  public Instant until() {
    return terms().window().notAfter();
  }

  public SessionRoles roles() {
    return roles;
  }

  public ResourceSpec resource() {
    return roles.resource();
  }
}
