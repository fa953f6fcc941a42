package org.openlockbox.bench.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/// The benchmark of the portal runs to its end, on a small tenant.
class PortalBenchTest {
  @Test
  void everyPageIsMeasured() throws Exception {
    var out = new ByteArrayOutputStream();
    new PortalBench(200, 2_000, 2, 1, new PrintStream(out, true, StandardCharsets.UTF_8)).run();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("| inbox |", "| a request |", "| audit, to print |", "| operation |")
        .doesNotContain("NaN");
  }
}
