package org.openlockbox.postgres.statement;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.openlockbox.postgres.testing.ProtectedDatabase;

/// The lists of the guarded profile, held against a real server.
class GuardedListsTest {
  private static final ProtectedDatabase DATABASE = ProtectedDatabase.start();

  /// The names of a list by the reason that stands above them.
  private static Map<String, List<String>> listed(String file) throws IOException {
    try (var in = GuardedListsTest.class.getResourceAsStream(file)) {
      var listed = new HashMap<String, List<String>>();
      var reason = "";
      boolean inReason = false;
      for (var line : new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
        if (line.startsWith("#")) {
          reason = inReason ? reason + line.substring(1) : line.substring(1).strip();
        } else if (!line.isBlank() && !line.startsWith("@")) {
          listed.computeIfAbsent(reason, _ -> new ArrayList<>()).addAll(List.of(line.split(" +")));
        }
        inReason = line.startsWith("#");
      }
      return listed;
    }
  }

  private static List<String> query(String sql) throws SQLException {
    try (var connection = DATABASE.superuser();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      var all = new ArrayList<String>();
      while (rows.next()) {
        all.add(rows.getString(1));
      }
      return all;
    }
  }

  @Test
  void everyFunctionIsThereAndHarmlessAsItsReasonSays() throws Exception {
    var there =
        query(
            """
            select distinct case when nspname = 'pg_catalog' then proname else nspname || '.' || proname end
              from pg_proc join pg_namespace n on n.oid = pronamespace
            """);
    var dangerous =
        query(
            """
            select distinct proname from pg_proc
             where pronamespace = 'pg_catalog'::regnamespace
               and (prosecdef or 'internal'::regtype = any (proargtypes) or prorettype = 'internal'::regtype
                    or proname ~ '_to_xml')
            """);
    var volatiles =
        query(
            """
            select distinct proname from pg_proc
             where pronamespace = 'pg_catalog'::regnamespace and provolatile = 'v'
            """);
    var listed = listed("guarded-functions.txt");
    assertThat(listed.size()).isGreaterThan(10);
    listed.forEach(
        (reason, names) -> {
          assertThat(there).as(reason).containsAll(names);
          assertThat(names).as(reason).doesNotContainAnyElementsOf(dangerous);
          if (!reason.startsWith("volatile")) {
            assertThat(names).as(reason).doesNotContainAnyElementsOf(volatiles);
          }
        });
  }

  @Test
  void everySettingIsThereAndThoseThatTheFenceNeedsAreNot() throws Exception {
    var names = new TreeSet<String>();
    listed("guarded-settings.txt").values().forEach(lines -> lines.forEach(names::add));
    var there = new TreeSet<>(query("select lower(name) from pg_settings"));
    var words = new TreeSet<>(List.of("utf8", "utf-8", "unicode", "on", "true", "1"));
    assertThat(there).containsAll(names.stream().filter(n -> !words.contains(n)).toList());
    assertThat(names)
        .doesNotContain(
            "search_path",
            "role",
            "session_authorization",
            "row_security",
            "session_replication_role",
            "client_connection_check_interval");
    var superuser = query("select lower(name) from pg_settings where context in ('superuser')");
    assertThat(names).doesNotContainAnyElementsOf(superuser);
  }
}
