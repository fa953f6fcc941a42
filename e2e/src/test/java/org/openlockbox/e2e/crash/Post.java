package org.openlockbox.e2e.crash;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.stream.Stream;
import org.openlockbox.e2e.harness.Demo;
import org.openlockbox.e2e.harness.Pause;

/// The outbox against what the mail server took: no letter that counts as sent is missing, each is
/// sent in the end; those that went out twice, with the same Message-ID, are counted.
final class Post {
  private static final String HEADER = "message-id:";

  private final Demo demo;
  private final Set<String> files = new HashSet<>();
  private final Map<String, Integer> delivered = new HashMap<>();

  Post(Demo demo) {
    this.demo = demo;
  }

  void checkSent() throws IOException, SQLException {
    List<String> sent = ids("select message_id from outbox where sent_at is not null");
    read();
    assertThat(delivered.keySet()).as("letters marked as sent").containsAll(sent);
  }

  /// Waits until everything has gone out; each of these requests must have had letters.
  void checkAllSent(Set<String> requests) throws IOException, SQLException {
    Pause.until(
        "the outbox is empty",
        Duration.ofMinutes(2),
        () -> ids("select message_id from outbox where sent_at is null").isEmpty());
    checkSent();
    var all = String.join("\n", ids("select message_id from outbox"));
    assertThat(requests).allSatisfy(id -> assertThat(all).contains(id));
  }

  private List<String> ids(String sql) throws SQLException {
    try (var connection = demo.control();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      var ids = new ArrayList<String>();
      while (rows.next()) {
        ids.add(rows.getString(1));
      }
      return ids;
    }
  }

  private void read() throws IOException {
    try (Stream<Path> found = Files.list(demo.state().resolve("mail"))) {
      for (Path file : found.toList()) {
        String name = file.getFileName().toString();
        if (!name.startsWith(".") && files.add(name)) {
          delivered.merge(messageId(file), 1, Integer::sum);
        }
      }
    }
  }

  private static String messageId(Path file) throws IOException {
    String unfolded = Files.readString(file).replaceAll("\r?\n[ \t]+", " ");
    return unfolded
        .lines()
        .filter(line -> line.regionMatches(true, 0, HEADER, 0, HEADER.length()))
        .map(line -> line.substring(HEADER.length()).strip())
        .findFirst()
        .orElseThrow(() -> new AssertionError(file + " has no Message-ID"));
  }

  int letters() {
    return delivered.size();
  }

  /// How often a letter went out once more.
  int duplicates() {
    return delivered.values().stream().mapToInt(count -> count - 1).sum();
  }
}
