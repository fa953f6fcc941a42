package org.openlockbox.gateway.testing.end;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What the campaign has seen, written to `target/results/end.md` after each round.
public final class EndTally {
  /// Last words of the gateway's own: an error message and the goodbye of TLS.
  private static final long WORDS = 1_024;

  /// One write, as large as they come.
  private static final long PIECE = 33 * 1_024;

  /// What the kernel holds for a slow client while the process is stopped, and one write.
  private static final long QUEUE = 192 * 1_024 + PIECE;

  private static final class Seen {
    private int sessions;
    private long least = Long.MAX_VALUE;
    private int words;
    private int more;
    private long most;
    private int beyond;
    private int left;
  }

  private final Map<String, Seen> all = new TreeMap<>();
  private final Map<String, Integer> rounds = new TreeMap<>();
  private final Map<String, Long> lived = new TreeMap<>();
  private final List<String> faults = new ArrayList<>();

  public synchronized void late(String what, String kind, ByteRecorder.Track track, long bytes) {
    Seen seen = all.computeIfAbsent(what + " | " + kind, _ -> new Seen());
    seen.sessions++;
    seen.least = Math.min(seen.least, track.received());
    seen.most = Math.max(seen.most, bytes);
    seen.words += bytes > 0 && bytes <= WORDS ? 1 : 0;
    seen.more += bytes > WORDS ? 1 : 0;
    if (bytes > bound(what, kind)) {
      seen.beyond++;
      faults.add("%s, %s: %d bytes".formatted(what, kind, bytes));
    }
    if (!track.isGone()) {
      seen.left++;
      faults.add("%s, %s: still connected".formatted(what, kind));
    }
  }

  private static long bound(String what, String kind) {
    if (!what.equals("stopped") && !what.endsWith("no processor")) {
      return WORDS;
    }
    return kind.equals("fast") || kind.equals("steady") ? PIECE : QUEUE;
  }

  public synchronized void lived(String what, long sessions) {
    rounds.merge(what, 1, Integer::sum);
    lived.merge(what, sessions, Long::sum);
    write();
  }

  public synchronized List<String> faults() {
    return List.copyOf(faults);
  }

  private void write() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "| what | client | revoked sessions | least bytes before | last words only | more | most"
            + " bytes | beyond the bound | not ended |");
    lines.add("|---|---|---|---|---|---|---|---|---|");
    all.forEach(
        (name, seen) ->
            lines.add(
                "| %s | %d | %d | %d | %d | %d | %d | %d |"
                    .formatted(
                        name,
                        seen.sessions,
                        seen.least,
                        seen.words,
                        seen.more,
                        seen.most,
                        seen.beyond,
                        seen.left)));
    lines.add("");
    rounds.forEach(
        (what, count) ->
            lines.add(
                "%s: %d rounds; %d of %d sessions that nobody revoked went on."
                    .formatted(what, count, lived.get(what), 3 * count)));
    try {
      Files.write(Files.createDirectories(Path.of("target/results")).resolve("end.md"), lines);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public synchronized String toString() {
    try {
      return Files.readString(Path.of("target/results/end.md"));
    } catch (IOException e) {
      return e.toString();
    }
  }
}
