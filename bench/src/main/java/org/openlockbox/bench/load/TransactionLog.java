package org.openlockbox.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/// What pgbench wrote down of each transaction of a run: whose it was, and how long it took.
final class TransactionLog {
  private final int[] done;
  private final double[] latencies;

  private TransactionLog(int[] done, double[] latencies) {
    this.done = done;
    this.latencies = latencies;
  }

  /// Reads the files that `-l` made in this directory: the first column is the client's number, the
  /// third a transaction's time in microseconds.
  static TransactionLog read(Path directory, int clients) throws IOException {
    var done = new int[clients];
    try (Stream<Path> files = Files.list(directory)) {
      return new TransactionLog(
          done, files.flatMapToDouble(file -> milliseconds(file, done)).sorted().toArray());
    }
  }

  private static DoubleStream milliseconds(Path file, int[] done) {
    try (Stream<String> lines = Files.lines(file)) {
      return DoubleStream.of(
          lines
              .map(line -> line.split(" ", 4))
              .peek(columns -> done[Integer.parseInt(columns[0])]++)
              .mapToDouble(columns -> Double.parseDouble(columns[2]) / 1000)
              .toArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Milliseconds of each transaction, ascending.
  double[] latencies() {
    return latencies.clone();
  }

  /// What the client that was served least got, as a share of the average client's. Far below one,
  /// the others' turns were taken at its cost, and the rate is that of the few.
  double least() {
    int least = Integer.MAX_VALUE;
    for (int each : done) {
      least = Math.min(least, each);
    }
    return latencies.length == 0 ? Double.NaN : (double) least * done.length / latencies.length;
  }
}
