package org.openlockbox.e2e.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.openlockbox.e2e.harness.Demo;
import org.openlockbox.e2e.harness.Pause;

/// What the mail server took. Each step of a request is one letter to each address of its tenant,
/// and its decision or lapse one to the engineer, each with a Message-ID of its own; a letter may
/// come twice only if a server was killed between sending and marking it.
final class Post {
  private static final Pattern MESSAGE_ID =
      Pattern.compile("(?im)^Message-ID:\\s+<((?:\\w+\\.)?R-\\w+)\\.([\\w-]+)\\.(\\w+)@");

  private static final Set<String> STEPS =
      Set.of("request", "review", "decision", "withdraw", "lapse", "revoke");

  /// What the engineer is told of: the provider's own mail, so without a tenant in its Message-ID.
  private static final Set<String> ANSWERS = Set.of("decision", "lapse", "revoke");

  /// A claim of a killed server lasts a minute.
  private static final Duration ALL_SENT_WITHIN = Duration.ofMinutes(3);

  private final Demo demo;
  private final Set<String> files = new HashSet<>();
  private final Map<Letter, Integer> delivered = new HashMap<>();

  private record Letter(String request, String step, String recipient) {}

  Post(Demo demo) {
    this.demo = demo;
  }

  /// Waits until nothing is left in the outbox, and no closing record is due.
  void awaitAllSent() {
    Pause.until("the outbox is empty", ALL_SENT_WITHIN, () -> waiting() == 0);
  }

  private long waiting() throws SQLException {
    return number("select count(*) from closing_due")
        + number("select count(*) from outbox where sent_at is null");
  }

  private long number(String sql) throws SQLException {
    try (var connection = demo.control();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  /// Collects what has arrived since the last time.
  void collect() throws IOException {
    try (Stream<Path> found = Files.list(demo.state().resolve("mail"))) {
      for (Path file : found.toList()) {
        String name = file.getFileName().toString();
        if (!name.startsWith(".") && files.add(name)) {
          delivered.merge(letter(file), 1, Integer::sum);
        }
      }
    }
  }

  private static Letter letter(Path file) throws IOException {
    Matcher id = MESSAGE_ID.matcher(Files.readString(file));
    if (!id.find()) {
      throw new AssertionError(file + " has no Message-ID");
    }
    return new Letter(id.group(1), id.group(2), id.group(3));
  }

  /// Requests in this log that did not have a letter for each step and address, the closing record
  /// for each address if access ended (which is all that is mailed of a completion), and one to the
  /// engineer for the answer and one for a stop.
  List<String> incomplete(LogCopy log) throws SQLException {
    long addresses =
        number("select count(*) from contact where tenant_id = '" + log.tenant() + "'");
    var incomplete = new ArrayList<String>();
    log.entriesOfRequests()
        .forEach(
            (request, entries) -> {
              long steps = entries.stream().filter(STEPS::contains).count();
              boolean ended = entries.contains("revoke") || entries.contains("end");
              long wanted = (steps + (ended ? 1 : 0)) * addresses; // and the closing record
              long letters = letters(log.tenant() + "." + request);
              long answers = entries.stream().filter(ANSWERS::contains).count();
              long told = letters(request);
              if (letters != wanted || told != answers) {
                incomplete.add(
                    "%s: %d steps, %d addresses, %d letters; %d answers, %d told to the engineer"
                        .formatted(request, steps, addresses, letters, answers, told));
              }
            });
    return incomplete;
  }

  private long letters(String request) {
    return delivered.keySet().stream().filter(letter -> letter.request().equals(request)).count();
  }

  int letters() {
    return delivered.size();
  }

  /// How often a letter came once more.
  int repeats() {
    return delivered.values().stream().mapToInt(count -> count - 1).sum();
  }
}
