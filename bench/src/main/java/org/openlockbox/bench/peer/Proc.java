package org.openlockbox.bench.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// What Linux tells of processes and their threads, in `/proc`.
public final class Proc {
  /// A tick of the processor time of threads, the same on every Linux.
  private static final Duration TICK = Duration.ofMillis(10);

  private static final int USER_TIME = 11;

  private Proc() {}

  /// A server and all that it has started.
  public static Stream<ProcessHandle> tree(ProcessHandle root) {
    return Stream.concat(Stream.of(root), root.descendants());
  }

  /// Processor time that these have used so far.
  public static Duration used(Stream<ProcessHandle> processes) {
    return processes
        .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
        .reduce(Duration.ZERO, Duration::plus);
  }

  /// Processor time of those threads of a process whose names begin so.
  public static Duration used(ProcessHandle process, String threads) {
    try (Stream<Path> tasks = Files.list(Path.of("/proc/" + process.pid() + "/task"))) {
      return tasks.map(task -> used(task, threads)).reduce(Duration.ZERO, Duration::plus);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Duration used(Path task, String threads) {
    try {
      if (!Files.readString(task.resolve("comm")).startsWith(threads)) {
        return Duration.ZERO;
      }
      String stat = Files.readString(task.resolve("stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return TICK.multipliedBy(
          Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[USER_TIME + 1]));
    } catch (NoSuchFileException e) {
      return Duration.ZERO; // ended meanwhile
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// How many threads these processes have.
  public static long threads(Stream<ProcessHandle> processes) {
    return processes.mapToLong(Proc::threads).sum();
  }

  private static long threads(ProcessHandle process) {
    try (Stream<Path> tasks = Files.list(Path.of("/proc/" + process.pid() + "/task"))) {
      return tasks.count();
    } catch (IOException e) {
      return 0; // ended meanwhile
    }
  }

  /// Kilobytes that these processes have in memory; what several share counts once.
  public static long memory(Stream<ProcessHandle> processes) {
    return processes.mapToLong(Proc::memory).sum();
  }

  private static long memory(ProcessHandle process) {
    try {
      List<String> lines = Files.readAllLines(Path.of("/proc/" + process.pid() + "/smaps_rollup"));
      return lines.stream()
          .filter(line -> line.startsWith("Pss:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
          .sum();
    } catch (IOException e) {
      return 0; // ended meanwhile
    }
  }
}
