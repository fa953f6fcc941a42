package org.openlockbox.e2e.operation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openlockbox.e2e.harness.Distribution;
import org.openlockbox.e2e.harness.EmptyHost;
import org.openlockbox.e2e.harness.Terminal;

/// Java itself says which garbage collector the launcher gave it, and whether that is the one for
/// its heap.
class CollectorTest {
  @TempDir private Path directory;

  private Terminal with(String options) {
    var distribution = Distribution.get().directory();
    return EmptyHost.shell(
        Map.of(
            "PATH", distribution.resolve("bin") + ":" + System.getenv("PATH"),
            "HOME", directory.toString(),
            "JAVA_HOME", System.getProperty("java.home", ""),
            "LOCKBOX_DIST", distribution.toString(),
            "LOCKBOX_STATE", directory.toString(),
            "LOCKBOX_JAVA_OPTS", "-XX:+PrintCommandLineFlags " + options),
        directory);
  }

  @ParameterizedTest
  @CsvSource({
    "'', UseSerialGC",
    "-Xmx2g, UseSerialGC",
    "-Xmx3g, UseG1GC",
    "-XX:MaxRAM=16g -XX:MaxRAMPercentage=50, UseG1GC",
    "-XX:+UseParallelGC -Xmx3g, UseParallelGC"
  })
  void theCollectorFitsTheHeap(String options, String collector) {
    var answer = with(options).types("lockbox up --config none.yaml").ends(2);
    assertThat(answer.out()).contains("-XX:+" + collector).containsPattern("Use\\w+GC");
  }

  @Test
  void theClientTakesOneAsWell() {
    var answer = with("-XX:+UseG1GC").types("lockbox version").ends(0);
    assertThat(answer.out()).contains("-XX:+UseG1GC").doesNotContain("UseSerialGC");
  }
}
