package org.openlockbox.http.end;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openlockbox.gateway.testing.end.EndRounds;
import org.openlockbox.gateway.testing.end.EndTally;

/// What arrives at clients of HTTP more than a second after a revocation: while the gateway's
/// process is stopped (SIGSTOP) and goes on, while it is cut off from the control plane, and when
/// it is killed. A few rounds; 1,000 of the first two each with `-Dlockbox.long=true`. What was
/// seen lies in `target/results/end.md`.
@Tag("slow")
class HttpEndCampaignTest {
  private static final boolean LONG = Boolean.getBoolean("lockbox.long");
  private static final int ROUNDS = Integer.getInteger("lockbox.ends", LONG ? 1_000 : 4);

  /// The control plane in the same process keeps each entry: fast streams fill its memory.
  private static final int OF_A_PROCESS = 20;

  private static final long SEED = Long.getLong("lockbox.seed", System.nanoTime());

  @Test
  void nothingBeyondTheBoundArrivesASecondAfterTheRevocation() throws Exception {
    System.out.println("-Dlockbox.seed=" + SEED);
    EndTally tally = new EndTally();
    for (int left = ROUNDS; left > 0; left -= OF_A_PROCESS) {
      try (EndRounds rounds =
          new EndRounds(HttpGatewayProgram.class, new StreamingAnswers(), SEED + left, tally)) {
        for (int round = 0; round < Math.min(left, OF_A_PROCESS); round++) {
          rounds.stopped();
          rounds.cutOff();
        }
        rounds.killed();
      }
    }
    System.out.println(tally);
    assertThat(tally.faults()).isEmpty();
  }
}
