package org.openlockbox.server.access;

import java.time.Duration;

/// How much one engineer, and all engineers together, may ask of one tenant: so many requests
/// within a time, withdrawn ones counted. The first `toldSingly` of an engineer are mailed one by
/// one; what more comes within six hours is told together.
public record RequestRates(int perEngineer, int perTenant, Duration within, int toldSingly) {
  /// What holds unless the operator says otherwise.
  public static final RequestRates USUAL = new RequestRates(20, 200, Duration.ofHours(1), 3);

  /// For measurements and tests that ask all the time.
  public static final RequestRates NONE =
      new RequestRates(
          Integer.MAX_VALUE, Integer.MAX_VALUE, Duration.ofMillis(1), Integer.MAX_VALUE);

  public RequestRates {
    if (perEngineer < 1 || perTenant < 1 || toldSingly < 1 || !within.isPositive()) {
      throw new IllegalArgumentException(
          "limits of requests are positive: %d, %d, %s, %d"
              .formatted(perEngineer, perTenant, within, toldSingly));
    }
  }
}
