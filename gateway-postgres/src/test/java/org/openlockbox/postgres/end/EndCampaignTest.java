package org.openlockbox.postgres.end;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openlockbox.gateway.testing.end.EndRounds;
import org.openlockbox.gateway.testing.end.EndTally;

/// What arrives at clients more than a second after a revocation: while the gateway's process is
/// stopped (SIGSTOP) and goes on, while it is cut off from the control plane, and when it is
/// killed. A few rounds; 1,000 of the first two each with `-Dlockbox.long=true`, on several
/// gateways at once (`-Dlockbox.lanes=2`). What was seen lies in `target/results/end.md`.
@Tag("slow")
class EndCampaignTest {
  private static final boolean LONG = Boolean.getBoolean("lockbox.long");
  private static final int LANES = Integer.getInteger("lockbox.lanes", LONG ? 4 : 1);
  private static final int ROUNDS =
      Math.ceilDiv(Integer.getInteger("lockbox.ends", LONG ? 1_000 : 2), LANES);
  private static final Logger DRIVER = Logger.getLogger("org.postgresql");
  private static final long SEED = Long.getLong("lockbox.seed", System.nanoTime());

  @Test
  void nothingBeyondTheBoundArrivesASecondAfterTheRevocation() throws Exception {
    System.out.println("-Dlockbox.seed=" + SEED);
    DRIVER.setLevel(Level.OFF); // it would close in its own way what is closed already
    EndTally tally = new EndTally();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Void>> lanes = new ArrayList<>();
      for (int i = 0; i < LANES; i++) {
        lanes.add(threads.submit(lane(SEED + i, tally)));
      }
      for (Future<Void> lane : lanes) {
        lane.get();
      }
    }
    System.out.println(tally);
    assertThat(tally.faults()).isEmpty();
  }

  private static Callable<Void> lane(long seed, EndTally tally) {
    return () -> {
      try (EndRounds rounds =
          new EndRounds(GatewayProgram.class, new StreamingSessions(), seed, tally)) {
        for (int round = 0; round < ROUNDS; round++) {
          rounds.stopped();
          rounds.cutOff();
        }
        rounds.killed();
      }
      return null;
    };
  }
}
