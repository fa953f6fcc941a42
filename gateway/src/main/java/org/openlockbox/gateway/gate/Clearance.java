package org.openlockbox.gateway.gate;

/// Says whether bytes may leave by one line. A line that an event loop serves asks before each
/// system call that sends, and again after it: between the two the process or the machine may have
/// stood still.
public interface Clearance {
  /// Whether bytes may leave now.
  boolean isOpen();

  /// Whether bytes that have just left may have done so too late.
  boolean isLate();
}
