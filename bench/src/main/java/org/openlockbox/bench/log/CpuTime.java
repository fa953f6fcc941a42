package org.openlockbox.bench.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/// Processor time used so far: by this program (server and load), and by a PostgreSQL. Unlike a
/// rate it says little about what else the machine does.
record CpuTime(Duration program, Duration database) {
  /// @param pgdata where the PostgreSQL's `postmaster.pid` lies
  static CpuTime now(Path pgdata) {
    try (var lines = Files.lines(pgdata.resolve("postmaster.pid"))) {
      long pid = Long.parseLong(lines.findFirst().orElseThrow().strip());
      var postgres = ProcessHandle.of(pid).orElseThrow();
      return new CpuTime(
          used(Stream.of(ProcessHandle.current())),
          used(Stream.concat(Stream.of(postgres), postgres.descendants())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Duration used(Stream<ProcessHandle> processes) {
    return processes
        .flatMap(process -> process.info().totalCpuDuration().stream())
        .reduce(Duration.ZERO, Duration::plus);
  }

  CpuTime minus(CpuTime before) {
    return new CpuTime(program.minus(before.program), database.minus(before.database));
  }

  /// Seconds for 100,000 of what was done so often.
  CpuTime perHundredThousand(long done) {
    return new CpuTime(
        program.multipliedBy(100_000).dividedBy(done),
        database.multipliedBy(100_000).dividedBy(done));
  }
}
