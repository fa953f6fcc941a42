package org.openlockbox.gateway.session;

import org.openlockbox.gateway.admission.Permit;
import org.openlockbox.gateway.budget.MemoryShares;
import org.openlockbox.gateway.gate.Gate;
import org.openlockbox.gateway.notice.ClientNotice;
import org.openlockbox.gateway.notice.EndReason;

/// What a protocol is given for one session.
///
/// @param gate asked before each system call that sends something
/// @param record where each operation is recorded before it has an effect
/// @param memory what the session fills of the gateway's memory
/// @param end how the protocol ends the session
public record SessionParts(
    Permit permit,
    Gate gate,
    SessionRecord record,
    MemoryShares.MemoryShare memory,
    EndSignal end) {
  /// The way out of a session, for the protocol that found a reason. Never waits; of several
  /// reasons the first counts.
  public interface EndSignal {
    void end(EndReason reason, ClientNotice words);

    /// Something went wrong that nobody expected.
    void failed(Throwable why);
  }
}
