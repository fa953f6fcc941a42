package org.openlockbox.e2e.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What the campaign has seen, written to `target/results/crash.md` after each kill, so that an
/// interrupted campaign says how far it came.
final class Tally {
  private final long seed;
  private final int planned;
  private final Instant begun = Instant.now();
  private final Map<String, Long> counts = new LinkedHashMap<>();
  private final Map<String, List<Duration>> times = new LinkedHashMap<>();
  private int done;
  private boolean finished;

  Tally(long seed, int planned) {
    this.seed = seed;
    this.planned = planned;
  }

  /// So many more of this were seen.
  void add(String what, long more) {
    counts.merge(what, more, Long::sum);
  }

  /// So many of this there are in all by now.
  void set(String what, long now) {
    counts.put(what, now);
  }

  /// This took from then until now.
  void took(String what, Instant since) {
    times.computeIfAbsent(what, _ -> new ArrayList<>()).add(Duration.between(since, Instant.now()));
  }

  void killed() {
    done++;
  }

  void finished() {
    finished = true;
  }

  void write() throws IOException {
    var lines = new ArrayList<String>();
    lines.add("## kill -9 under load");
    lines.add("");
    lines.add(
        "Begun %s, seed %d, %,d s. %d kills were planned, %d done%s."
            .formatted(
                begun.truncatedTo(ChronoUnit.SECONDS),
                seed,
                Duration.between(begun, Instant.now()).toSeconds(),
                planned,
                done,
                finished ? "" : "; the last checks were not reached"));
    lines.add("A killed process leaves what it wrote to the system: this is no loss of power.");
    lines.add("");
    lines.add("| what | count |");
    lines.add("|---|---|");
    counts.forEach((what, count) -> lines.add("| %s | %,d |".formatted(what, count)));
    lines.add("");
    lines.add("| how long, ms | times | median | longest |");
    lines.add("|---|---|---|---|");
    times.forEach((what, taken) -> lines.add(row(what, taken)));
    Files.write(Files.createDirectories(Path.of("target/results")).resolve("crash.md"), lines);
  }

  private static String row(String what, List<Duration> taken) {
    var sorted = taken.stream().sorted().toList();
    return "| %s | %,d | %,d | %,d |"
        .formatted(
            what,
            sorted.size(),
            sorted.get(sorted.size() / 2).toMillis(),
            sorted.getLast().toMillis());
  }
}
