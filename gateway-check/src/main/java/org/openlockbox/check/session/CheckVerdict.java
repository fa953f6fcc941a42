package org.openlockbox.check.session;

import java.time.Instant;
import java.util.List;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.gate.Clearance;

/// What a caller is told. There is no third answer: whatever goes wrong is a [DeniedCheck].
public sealed interface CheckVerdict {
  /// It is on record, durable, and may go on now.
  ///
  /// @param askedAt when the answer was given
  /// @param clearance asked again when the answer is sent; names until when it is good
  record AllowedCheck(CheckedAccess access, Instant askedAt, AnswerClearance clearance)
      implements CheckVerdict {
    /// How long the caller may go by it; it has to ask again before.
    public Instant until() {
      return clearance.until();
    }
  }

  /// What has to hold when this answer is sent: nothing for a no.
  default List<Clearance> clearances() {
    return switch (this) {
      case AllowedCheck allowed -> List.of(allowed.clearance());
      case DeniedCheck _ -> List.of();
    };
  }

  /// By which access.
  record CheckedAccess(
      RequestId request, SessionId session, TenantId tenant, SubjectId engineer, Level level) {}

  /// It must not go on.
  ///
  /// @param code a stable word
  /// @param next the next step
  record DeniedCheck(DenialKind kind, String code, String detail, String next)
      implements CheckVerdict {}

  /// What kind of denial it is, for protocols that have several.
  enum DenialKind {
    /// Nobody has shown who the engineer is.
    NOT_SIGNED_IN,
    FORBIDDEN,

    /// It is not known now.
    UNKNOWN
  }
}
