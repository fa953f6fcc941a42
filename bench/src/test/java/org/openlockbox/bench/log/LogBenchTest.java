package org.openlockbox.bench.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The whole benchmark at its smallest.
@Tag("slow")
final class LogBenchTest {
  @Test
  void everyFigureIsMeasuredAndDrawn(@TempDir Path charts) throws Exception {
    var size =
        new LogBench.Size(
            List.of(5, 10),
            200,
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            List.of(300L, 1_000L),
            2,
            20,
            1);
    var out = new ByteArrayOutputStream();
    new LogBench(size, charts, new PrintStream(out, true, StandardCharsets.UTF_8)).run();
    var printed = out.toString(StandardCharsets.UTF_8);
    assertThat(printed).contains("| 5 | uniform |", "| 10 | Zipf |", "| 1,000 |");
    assertThat(printed).doesNotContain("NaN");
    try (var files = Files.list(charts)) {
      for (var chart : files.toList()) {
        assertThat(Files.readString(chart)).contains("<polyline").doesNotContain("NaN");
      }
    }
    assertThat(charts).isDirectoryContaining("glob:**log-proof.svg");
  }
}
