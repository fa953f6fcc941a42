package org.openlockbox.node.backup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.openlockbox.node.config.NodeConfig.DatabaseSettings.External;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.process.NodeFailure.Code;
import org.postgresql.Driver;

/// PostgreSQL's own `pg_dump` and `pg_restore`, with the database and the role that the server
/// uses. The password reaches them in their environment alone.
final class PostgresTools {
  private static final long PATIENCE_HOURS = 48;
  private static final String EMPTY =
      """
      select not exists (
        select from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where n.nspname <> 'information_schema' and n.nspname not like 'pg\\_%')
      """;

  /// What a URL for the JDBC driver and one for libpq call alike.
  private static final List<String> SAME = List.of("sslmode", "sslrootcert", "sslcert");

  private final External settings;

  PostgresTools(External settings) {
    this.settings = settings;
  }

  /// Writes the database as this snapshot shows it.
  void dump(Path file, String snapshot) {
    run(
        "pg_dump",
        List.of(
            "--format=custom",
            "--no-password",
            "--snapshot=" + snapshot,
            "--file=" + file,
            "--dbname=" + connection()));
    run("pg_restore", List.of("--list", "--file=/dev/null", file.toString()));
  }

  /// Fills the empty database: all of it, or nothing.
  ///
  /// `pg_restore` writes the script and `psql` types it, because a `pg_restore` that is newer than
  /// the database sets what that does not know yet ([RestoreScript]).
  void restore(Path file) throws SQLException {
    boolean knows = version() >= RestoreScript.KNOWS_TRANSACTION_TIMEOUT;
    var script = builder("pg_restore", List.of("--no-owner", "--file=-", file.toString()));
    var filling =
        builder(
            "psql",
            List.of(
                "--no-psqlrc",
                "--quiet",
                "--no-password",
                "--single-transaction",
                "--set=ON_ERROR_STOP=1",
                "--output=/dev/null",
                "--dbname=" + connection()));
    new RestoreScript(script, filling, knows).type();
  }

  /// Whether the database holds no table of anybody.
  boolean isEmpty() throws SQLException {
    try (var connection = connect();
        var statement = connection.prepareStatement(EMPTY);
        var row = statement.executeQuery()) {
      row.next();
      return row.getBoolean(1);
    }
  }

  /// The major version of the database.
  private int version() throws SQLException {
    try (var connection = connect()) {
      return connection.getMetaData().getDatabaseMajorVersion();
    }
  }

  private Connection connect() throws SQLException {
    var properties = new Properties();
    properties.setProperty("user", settings.user());
    properties.setProperty("password", settings.password().get());
    properties.setProperty("connectTimeout", "10");
    return DriverManager.getConnection(settings.url(), properties);
  }

  /// The database as libpq names it, without the password.
  String connection() {
    var parsed =
        Objects.requireNonNull(
            Driver.parseURL(settings.url(), new Properties()), "server.database.url");
    Map<String, String> words = new TreeMap<>();
    words.put("host", parsed.getProperty("PGHOST"));
    words.put("port", parsed.getProperty("PGPORT"));
    words.put("dbname", parsed.getProperty("PGDBNAME"));
    words.put("user", settings.user());
    words.put("connect_timeout", "10");
    if (parsed.getProperty("targetServerType", "any").equals("primary")) {
      words.put("target_session_attrs", "read-write");
    }
    SAME.forEach(
        name -> {
          String value = parsed.getProperty(name);
          if (value != null) {
            words.put(name, value);
          }
        });
    return words.entrySet().stream()
        .map(word -> word.getKey() + "='" + quoted(word.getValue()) + "'")
        .collect(Collectors.joining(" "));
  }

  private static String quoted(String value) {
    return value.replace("\\", "\\\\").replace("'", "\\'");
  }

  private ProcessBuilder builder(String program, List<String> arguments) {
    var command = new ArrayList<String>();
    command.add(program);
    command.addAll(arguments);
    var builder = new ProcessBuilder(command);
    builder.environment().put("PGPASSWORD", settings.password().get());
    builder.environment().put("PGAPPNAME", "lockbox backup");
    return builder;
  }

  private void run(String program, List<String> arguments) {
    try {
      var process = builder(program, arguments).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(PATIENCE_HOURS, TimeUnit.HOURS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new NodeFailure(Code.FAILURE, "%s says: %s".formatted(program, said.strip()));
      }
    } catch (IOException e) {
      throw missing(program, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NodeFailure(Code.FAILURE, program + " was interrupted", e);
    }
  }

  static NodeFailure missing(String program, IOException why) {
    return new NodeFailure(
        Code.TOOL_MISSING,
        program + " is needed, of the database's version or newer; install postgresql-client",
        why);
  }
}
