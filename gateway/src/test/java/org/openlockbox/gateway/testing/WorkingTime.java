package org.openlockbox.gateway.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// How long something takes, without the time for which threads of this JVM waited for a core. On
/// an idle machine this is the time of the clock; a machine that is busy with other things does not
/// make it longer. The waiting is what Linux counts of each thread (`schedstat`); elsewhere nothing
/// is left out.
public final class WorkingTime {
  private static final Path THREADS = Path.of("/proc/self/task");

  private final Set<String> others;
  private final Map<String, Long> waitedBefore;
  private final long begun;

  private WorkingTime(Set<String> others) {
    this.others = others;
    this.waitedBefore = waited();
    this.begun = System.nanoTime();
  }

  /// Begins now. The threads of these names compete with what is measured: that they wait for a
  /// core explains nothing.
  public static WorkingTime start(String... others) {
    return new WorkingTime(Set.of(others));
  }

  public Duration soFar() {
    long elapsed = System.nanoTime() - begun;
    long waited =
        waited().entrySet().stream()
            .mapToLong(now -> now.getValue() - waitedBefore.getOrDefault(now.getKey(), 0L))
            .sum();
    return Duration.ofNanos(Math.max(0, elapsed - waited));
  }

  /// For how many nanoseconds each thread could have run and did not.
  private Map<String, Long> waited() {
    var waited = new HashMap<String, Long>();
    if (!Files.isDirectory(THREADS)) {
      return waited;
    }
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(THREADS)) {
      for (Path thread : threads) {
        count(thread, waited);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return waited;
  }

  private void count(Path thread, Map<String, Long> waited) throws IOException {
    try {
      if (!others.contains(Files.readString(thread.resolve("comm")).strip())) {
        String[] counts = Files.readString(thread.resolve("schedstat")).strip().split(" ", -1);
        waited.put(thread.toString(), Long.parseLong(counts[1]));
      }
    } catch (NoSuchFileException e) {
      // it has ended
    } catch (IOException e) {
      if (Files.exists(thread)) {
        throw e;
      }
    }
  }
}
