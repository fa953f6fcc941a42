package org.openlockbox.e2e.crash;

import org.junit.jupiter.api.Test;
import org.openlockbox.e2e.harness.Demo;

/// The promise of ARCHITECTURE.md's crash table, put to the test: six kills in every build, two
/// hundred with `-Dlockbox.long=true`, another number with `-Dlockbox.kills=N`.
class CrashCampaignTest {
  private static final boolean LONG = Boolean.getBoolean("lockbox.long");
  private static final int KILLS = Integer.getInteger("lockbox.kills", LONG ? 200 : 6);
  private static final long SEED = Long.getLong("lockbox.seed", 20_261_124L);

  @Test
  void afterAKillNothingReleasedIsUnrecordedAndNothingAcknowledgedIsLost() throws Exception {
    try (Demo demo = Demo.start("crash")) {
      new Campaign(demo, SEED, new Tally(SEED, KILLS)).run(KILLS);
    }
  }
}
