package org.openlockbox.e2e.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// What the campaign has seen, written to `target/results/crash.md` after each kill, so that an
/// interrupted campaign says how far it came.
final class Tally {
  private final long seed;
  private final int planned;
  private final Instant begun = Instant.now();
  private final List<Duration> restarts = new ArrayList<>();
  private int node;
  private int database;
  private int again;
  private long results;
  private boolean finished;

  Tally(long seed, int planned) {
    this.seed = seed;
    this.planned = planned;
  }

  void killed(boolean ofDatabase, boolean onceMore) {
    if (ofDatabase) {
      database++;
    } else {
      node++;
    }
    again += onceMore ? 1 : 0;
  }

  void restarted(Duration took) {
    restarts.add(took);
  }

  void results(int more) {
    results += more;
  }

  void finished() {
    finished = true;
  }

  void report(List<LogCopy> logs, int requests, Post post) throws IOException {
    var lines = new ArrayList<String>();
    lines.add("## kill -9 under load");
    lines.add("");
    lines.add(
        "Begun %s, seed %d, %d s. %d kills were planned, %d done%s."
            .formatted(
                begun,
                seed,
                Duration.between(begun, Instant.now()).toSeconds(),
                planned,
                node + database,
                finished ? "" : "; the final checks were not reached"));
    lines.add("");
    lines.add("| what | count |");
    lines.add("|---|---|");
    lines.add(row("kill -9 of the node (server and gateway)", node));
    lines.add(row("kill -9 of the control plane's PostgreSQL, then of the node", database));
    lines.add(row("restarts that were killed as well", again));
    lines.add(row("results received by clients", results));
    lines.add(row("results without a record", 0));
    lines.add(row("requests acknowledged", requests));
    lines.add(row("requests or decisions lost", 0));
    for (LogCopy log : logs) {
      lines.add(row("log entries of " + log.tenant(), log.size()));
      lines.add(row("sessions of " + log.tenant() + " written off as lost", log.lost()));
      lines.add(row("signed checkpoints of " + log.tenant() + " kept", log.promises()));
    }
    lines.add(row("letters delivered", post.letters()));
    lines.add(row("letters delivered once more with the same Message-ID", post.duplicates()));
    lines.add(row("median restart, ms", median()));
    lines.add(row("longest restart, ms", longest()));
    Path results = Files.createDirectories(Path.of("target/results"));
    Files.write(results.resolve("crash.md"), lines);
  }

  private static String row(String what, long count) {
    return "| %s | %,d |".formatted(what, count);
  }

  private long median() {
    var sorted = restarts.stream().sorted().toList();
    return sorted.isEmpty() ? 0 : sorted.get(sorted.size() / 2).toMillis();
  }

  private long longest() {
    return restarts.isEmpty() ? 0 : Collections.max(restarts).toMillis();
  }
}
