package org.openlockbox.gateway.resource;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.tenant.TenantId;

/// What the gateways of one protected place remember of tenants' logs. It outlives every gateway,
/// all gateways of the place share it, and the control plane has no way to it (ADR 0041). It only
/// grows; a crash between two steps leaves what was noted before.
public interface LogMemory {
  /// What is remembered of a tenant's log and of one request.
  ///
  /// @param hasEnded whether the request was over
  /// @param isOld whether the head was noted more than five minutes ago
  record RememberedLog(Optional<LogHead> head, boolean hasEnded, boolean isOld) {}

  /// A refused history of which the customer has not been told yet.
  record StoredAlarm(TenantId tenant, RequestId request, String problem, Instant raised) {}

  /// The memory can be neither read nor written now: nobody may be let in.
  final class Unavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Unavailable(String why, Throwable cause) {
      super("what gateways saw of the log is not known: " + why, cause);
    }
  }

  RememberedLog of(TenantId tenant, RequestId request);

  /// Notes `now`, if what is remembered is still `before`. False: another gateway was faster, look
  /// again.
  boolean note(TenantId tenant, Optional<LogHead> before, LogHead now);

  /// Notes that a request is over, until its grant would have ended by itself.
  void noteEnd(TenantId tenant, RequestId request, Instant until);

  /// Keeps an alarm until [#delivered]; the first one of each tenant.
  void raise(TenantId tenant, RequestId request, String problem);

  /// Forgets the alarm, because everybody was told.
  void delivered(StoredAlarm alarm);

  /// The alarms that nobody has delivered yet.
  List<StoredAlarm> alarms();
}
