package org.openlockbox.bench.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The benchmark of exports at its smallest.
@Tag("slow")
final class ExportBenchTest {
  @Test
  void everyWayIsTimed(@TempDir Path charts) throws Exception {
    var out = new ByteArrayOutputStream();
    new ExportBench(600, 1, charts, new PrintStream(out, true, StandardCharsets.UTF_8)).run();
    assertThat(charts.resolve("export.svg")).content().contains("Splunk HEC, gzip", "<rect");
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("| fetched as OCSF |", "| fetched as JSONL |", "| fetched as CSV |")
        .contains("| syslog over TLS |", "| Splunk HEC, gzip |")
        .doesNotContain("NaN", "Infinity");
  }
}
