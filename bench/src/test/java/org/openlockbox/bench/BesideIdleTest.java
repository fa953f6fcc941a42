package org.openlockbox.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.bench.load.LoadResult;
import org.openlockbox.bench.load.PgBench;
import org.openlockbox.bench.peer.Peers;

/// What is printed of busy clients beside idle sessions is what was measured.
final class BesideIdleTest {
  @TempDir private Path charts;

  private static LoadResult load(double perSecond, double p50, double p99, double cpu) {
    return new LoadResult(perSecond, p50, p50, p99, 100, 1, cpu);
  }

  @Test
  void aRowSaysWhatIsLeft() {
    var without = LoadResult.mean(List.of(load(4_000, 2.0, 5.0, 10), load(6_000, 3.0, 7.0, 11)));
    var out = new ByteArrayOutputStream();
    var printed = new PrintStream(out, true, StandardCharsets.UTF_8);
    new BesideIdle(new PgBench("pgbench", charts), 2, 1, charts, printed)
        .print(
            List.of(
                new BesideIdle.Row(
                    Peers.DIRECT, load(9_000, 1.0, 2.0, 0), load(9_000, 1.0, 2.0, 0)),
                new BesideIdle.Row(Peers.RECORDED, without, load(4_750, 2.25, 6.5, 12))),
            61.5);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("| direct | 9000 | 1.00 / 2.00 | - | 9000 | 1.00 / 2.00 | - | 1.00 |")
        .contains(
            "| gateway, recorded | 5000 | 2.50 / 6.00 | 10.5 | 4750 | 2.25 / 6.50 | 12.0 | 0.95 |")
        .contains("each idle session: 61.5 kB");
    assertThat(charts.resolve("gateway-beside-idle.svg"))
        .content()
        .contains("gateway, recorded, beside", "10 clients beside 990 idle sessions");
  }
}
