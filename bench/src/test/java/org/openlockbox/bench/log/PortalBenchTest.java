package org.openlockbox.bench.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The benchmark of the portal runs to its end, on a small tenant.
@Tag("slow")
class PortalBenchTest {
  @Test
  void everyPageIsMeasured(@TempDir Path charts) throws Exception {
    var out = new ByteArrayOutputStream();
    var size = new PortalBench.PortalSize(200, 2_000, 60, 2, 1);
    new PortalBench(size, charts, new PrintStream(out, true, StandardCharsets.UTF_8)).run();
    assertThat(charts.resolve("portal.svg")).content().contains("audit, to print", "<rect");
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("| inbox |", "| a request |", "| audit, to print |", "| operation |")
        .doesNotContain("NaN");
  }
}
