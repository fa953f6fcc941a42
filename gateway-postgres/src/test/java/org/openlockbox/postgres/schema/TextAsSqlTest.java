package org.openlockbox.postgres.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.postgres.fence.Deviation;
import org.openlockbox.postgres.fence.FencedDatabase;
import org.openlockbox.postgres.schema.TextAsSql.FenceAction;
import org.openlockbox.postgres.testing.Majors;

/// `text-as-sql.txt` against a server of each major version: the list comes from PostgreSQL's
/// sources, and here each function that takes a text is called with one that leaves a trace when it
/// runs as SQL. A function that is new and takes a text fails this until somebody has looked at it:
/// run `build/text-as-sql.py` on the new sources, then add it to `functions-with-text.txt`.
class TextAsSqlTest {
  private static final TextAsSql LIST = TextAsSql.load();

  /// A sequence keeps its step, whatever becomes of the statement.
  private static final String TRACE = "'select nextval(''public.trace'')::text'";

  private static final Pattern RUN =
      Pattern.compile("query_to_xml|query_to_xml_and_xmlschema|ts_stat|ts_rewrite");

  private static final String SCHEMA =
      """
      do $$ begin
        if not exists (select from pg_roles where rolname = 'lockbox_gateway') then
          create role lockbox_gateway login;
        end if;
      end $$;
      create sequence trace;
      create table notes (tenant_id int not null, note text);
      insert into notes values (1, 'own'), (2, 'foreign');
      """;

  private static final String YAML =
      """
      resources:
        - id: notes
          name: Notes
          postgres: {host: 127.0.0.1, port: ${port}, database: text_as_sql, tls: disable, minimumVersion: VERSION}
          tenancy: {column: tenant_id, values: {acme: 1, globex: 2}}
          levels: [metadata, masked, read, write]
          tables:
            notes: {}
      """;

  /// PostgreSQL evaluates XPath without looking whether it is to stop (S7).
  private static final List<String> XPATH =
      List.of(
          "xpath(text, xml)",
          "xpath(text, xml, text[])",
          "xpath_exists(text, xml)",
          "xpath_exists(text, xml, text[])",
          "xmlexists(text, xml)");

  private record Call(String signature, String sql) {}

  @ParameterizedTest
  @ValueSource(ints = {16, 17, 18})
  void noFunctionThatASessionReachesRunsATextOn(int major) throws Exception {
    try (var server = server(major);
        var database =
            new FencedDatabase(server.getPort(), SCHEMA, yaml(server), "acme").applyPlan()) {
      List<Call> calls = calls(database);
      assertThat(named(calls)).as("look at each new one").isEqualTo(looked(major));
      assertThat(there(database)).containsAll(listed(major));
      assertThat(ranAsSuperuser(database, calls)).as("the list is true").isEqualTo(runners());
      // so that a text that ran in a session would leave its trace too
      database.asSuperuser(
          "grant usage on schema public to public; grant usage on sequence trace to public");
      for (Level level : Level.values()) {
        assertThat(steps(database.session("acme", level), database, calls))
            .as(level.word())
            .isZero();
      }
      isClosed(database, major);
      database.asSuperuser("grant execute on function ts_rewrite(tsquery, text) to public");
      assertThat(database.check().deviations())
          .extracting(Deviation::kind, Deviation::subject)
          .contains(Tuple.tuple("public-right", "ts_rewrite(tsquery,text)"));
    }
  }

  private static EmbeddedPostgres server(int major) throws IOException {
    return Majors.of(major)
        .setServerConfig("fsync", "off")
        .setPGStartupWait(Duration.ofMinutes(2))
        .start();
  }

  private static String yaml(EmbeddedPostgres server) throws SQLException {
    try (var connection = server.getPostgresDatabase().getConnection()) {
      return YAML.replace("VERSION", CatalogSnapshot.version(connection).toString());
    }
  }

  private static List<Call> calls(FencedDatabase database) throws SQLException {
    String sql = resource("calls-with-text.sql").replace("${text}", TRACE.replace("'", "''"));
    try (var connection = database.superuser();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      var calls = new ArrayList<Call>();
      while (rows.next()) {
        calls.add(new Call(rows.getString("signature"), rows.getString("call")));
      }
      return calls;
    }
  }

  private static String resource(String name) {
    try (var in = TextAsSqlTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static SortedSet<String> named(List<Call> calls) {
    return calls.stream().map(Call::signature).collect(Collectors.toCollection(TreeSet::new));
  }

  /// What somebody has looked at: `functions-with-text.txt`, each with the majors that have it.
  private static SortedSet<String> looked(int major) {
    var looked = new TreeSet<String>();
    for (String line : resource("functions-with-text.txt").lines().toList()) {
      int end = line.lastIndexOf(')') + 1;
      if (end > 0 && !line.startsWith("#")) {
        var majors = List.of(line.substring(end).strip().split(" "));
        if (majors.equals(List.of("")) || majors.contains(String.valueOf(major))) {
          looked.add(line.substring(0, end));
        }
      }
    }
    return looked;
  }

  private static Set<String> listed(int major) {
    return LIST.functions().stream()
        .filter(function -> function.isOfCatalog() && function.since() <= major)
        .map(TextAsSql.Function::signature)
        .collect(Collectors.toSet());
  }

  private static List<String> there(FencedDatabase database) throws SQLException {
    try (var connection = database.superuser()) {
      return strings(
          connection,
          "select format('%s(%s)', proname, oidvectortypes(proargtypes)) from pg_proc"
              + " where pronamespace = 'pg_catalog'::regnamespace");
    }
  }

  /// Those of the list that run a text that they are given; the others plan one, or read tables by
  /// their names.
  private static SortedSet<String> runners() {
    return LIST.functions().stream()
        .filter(function -> function.verdict() == FenceAction.CLOSED && function.isOfCatalog())
        .filter(function -> RUN.matcher(function.name()).matches())
        .map(TextAsSql.Function::signature)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static SortedSet<String> ranAsSuperuser(FencedDatabase database, List<Call> calls)
      throws SQLException {
    var ran = new TreeSet<String>();
    try (var connection = database.superuser();
        var watching = database.superuser()) {
      for (Call call : calls) {
        long before = trace(watching);
        send(connection, List.of(call));
        if (trace(watching) != before) {
          ran.add(call.signature());
        }
      }
    }
    return ran;
  }

  private static long steps(Connection session, FencedDatabase database, List<Call> calls)
      throws SQLException {
    try (var watching = database.superuser()) {
      long before = trace(watching);
      send(session, calls);
      return trace(watching) - before;
    }
  }

  private static void send(Connection session, List<Call> calls) throws SQLException {
    try (var statement = session.createStatement()) {
      for (Call call : calls) {
        try {
          statement.execute(call.sql());
        } catch (SQLException e) {
          // most of them: the text is no name, number or document
          if (session.isClosed()) {
            throw e;
          }
        }
      }
    }
  }

  private static long trace(Connection superuser) throws SQLException {
    return Long.parseLong(
        strings(superuser, "select last_value + is_called::int from public.trace").getFirst());
  }

  private static void isClosed(FencedDatabase database, int major) throws SQLException {
    var listed =
        LIST.functions().stream()
            .filter(function -> function.isOfCatalog() && function.since() <= major)
            .filter(function -> function.verdict() != FenceAction.OPEN)
            .map(TextAsSql.Function::signature);
    var closed = Stream.concat(listed, XPATH.stream()).map("pg_catalog."::concat).toList();
    for (Level level : Level.values()) {
      var session = database.session("acme", level);
      for (String function : closed) {
        try (var asked =
            session.prepareStatement("select has_function_privilege(?::regprocedure, 'execute')")) {
          asked.setString(1, function);
          try (var rows = asked.executeQuery()) {
            rows.next();
            assertThat(rows.getBoolean(1)).as(level + " " + function).isFalse();
          }
        }
      }
    }
  }

  private static List<String> strings(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      var all = new ArrayList<String>();
      while (rows.next()) {
        all.add(rows.getString(1));
      }
      return all;
    }
  }
}
