package org.openlockbox.e2e.crash;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openlockbox.e2e.harness.Demo;

/// The promise of ARCHITECTURE.md's crash table, put to the test: four kills, two hundred with
/// `./lockbox test --long`, another number or order with `-Dlockbox.kills=N -Dlockbox.seed=N`.
@Tag("slow")
class CrashCampaignTest {
  private static final int KILLS =
      Integer.getInteger("lockbox.kills", Boolean.getBoolean("lockbox.long") ? 200 : 4);
  private static final long SEED = Long.getLong("lockbox.seed", 20_261_124L);

  @Test
  void afterAKillNothingReleasedIsUnrecordedAndNothingAcknowledgedIsLost() throws Exception {
    try (Demo demo = Demo.start("crash")) {
      new Campaign(demo, SEED, new Tally(SEED, KILLS)).run(KILLS);
    }
  }
}
