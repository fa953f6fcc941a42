package org.openlockbox.net;

import org.openlockbox.gateway.gate.Clearance;

/// A clearance for tests.
public enum TestClearance implements Clearance {
  OPEN;

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public boolean isLate() {
    return false;
  }
}
