package org.openlockbox.e2e.failover;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What the campaign has seen, written to `target/results/failover.md` after each strike.
final class Pauses {
  private final int planned;
  private final Map<Strike, List<Duration>> longest = new EnumMap<>(Strike.class);
  private final Map<Strike, Integer> ended = new EnumMap<>(Strike.class);
  private final Map<String, Integer> reasons = new TreeMap<>();
  private int acknowledged;
  private int refused;
  private int received;
  private int missing;
  private boolean finished;

  Pauses(int planned) {
    this.planned = planned;
  }

  /// The longest wait of one session at this strike, and with what it and logins after it ended.
  void add(Strike strike, Duration wait, List<String> ends) {
    longest.computeIfAbsent(strike, _ -> new ArrayList<>()).add(wait);
    ended.merge(strike, ends.isEmpty() ? 0 : 1, Integer::sum);
    ends.forEach(why -> reasons.merge(why.lines().findFirst().orElse(""), 1, Integer::sum));
  }

  synchronized void acknowledged() {
    acknowledged++;
  }

  synchronized void refused() {
    refused++;
  }

  void received(int results) {
    received += results;
  }

  void missing(int results) {
    missing += results;
  }

  void finished() throws IOException {
    finished = true;
    write();
  }

  synchronized void write() throws IOException {
    var lines = new ArrayList<String>();
    lines.add("## One part after the other is lost");
    lines.add("");
    lines.add(
        "%d strikes were planned%s."
            .formatted(planned, finished ? ", and all done" : "; not all are done"));
    lines.add("");
    lines.add(
        "| strike | sessions | longest wait p50, s | p99, s | the longest, s | sessions that ended |");
    lines.add("|---|---|---|---|---|---|");
    longest.forEach((strike, waits) -> lines.add(row(strike, waits)));
    lines.add("");
    lines.add("| what | count |");
    lines.add("|---|---|");
    lines.add("| results received | %,d |".formatted(received));
    lines.add("| of them without a record | %,d |".formatted(missing));
    lines.add("| requests with an approval, both acknowledged | %,d |".formatted(acknowledged));
    lines.add("| steps that were refused while something was lost | %,d |".formatted(refused));
    lines.add("");
    lines.add("| with what a session or a login ended | times |");
    lines.add("|---|---|");
    reasons.forEach((why, times) -> lines.add("| %s | %d |".formatted(why, times)));
    Files.write(Files.createDirectories(Path.of("target/results")).resolve("failover.md"), lines);
  }

  private String row(Strike strike, List<Duration> waits) {
    var sorted = waits.stream().sorted().toList();
    return "| %s | %d | %.1f | %.1f | %.1f | %d |"
        .formatted(
            strike.words,
            sorted.size(),
            seconds(sorted.get(sorted.size() / 2)),
            seconds(sorted.get(Math.min(sorted.size() - 1, sorted.size() * 99 / 100))),
            seconds(sorted.getLast()),
            ended.getOrDefault(strike, 0));
  }

  private static double seconds(Duration wait) {
    return wait.toMillis() / 1000.0;
  }
}
