package org.openlockbox.check.session;

import java.time.Instant;
import java.time.InstantSource;
import org.openlockbox.gateway.gate.Clearance;
import org.openlockbox.gateway.gate.Gate;

/// Says whether a yes may still leave: while its session may show something, and before the time
/// that the answer itself names. Both are looked at anew at the socket, as between the decision and
/// the system call the machine may have stood still.
///
/// @param until how long the caller may go by the answer
public record AnswerClearance(Gate gate, InstantSource clock, Instant until) implements Clearance {
  @Override
  public boolean isOpen() {
    return gate.in().isOpen() && clock.instant().isBefore(until);
  }

  @Override
  public boolean isLate() {
    return gate.isOver() || !clock.instant().isBefore(until);
  }
}
