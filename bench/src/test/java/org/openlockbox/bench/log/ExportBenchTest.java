package org.openlockbox.bench.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/// The benchmark of exports at its smallest.
final class ExportBenchTest {
  @Test
  void everyWayIsTimed() throws Exception {
    var out = new ByteArrayOutputStream();
    new ExportBench(600, 1, new PrintStream(out, true, StandardCharsets.UTF_8)).run();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("| fetched as OCSF |", "| fetched as JSONL |", "| fetched as CSV |")
        .contains("| syslog over TLS |", "| Splunk HEC, gzip |")
        .doesNotContain("NaN", "Infinity");
  }
}
