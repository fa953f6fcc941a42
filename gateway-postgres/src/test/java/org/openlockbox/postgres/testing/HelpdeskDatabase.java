package org.openlockbox.postgres.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.openlockbox.postgres.catalogue.Catalogue;
import org.openlockbox.postgres.fence.FencePlan;
import org.openlockbox.postgres.schema.DatabaseSchema;

/// The demo's helpdesk, twice in one server: `helpdesk` behind its fence, and `control` without
/// one, where `support_read` and `support_write` may do what vendors let their support people do
/// today: read, or also change, the application's tables.
public final class HelpdeskDatabase {
  public static final String PASSWORD = "support-0123456789";

  /// What applications often have besides, and sessions must not reach; in `public`, as usual.
  public static final String EXTENSIONS =
      "create extension dblink; create extension postgres_fdw; create extension pg_stat_statements";

  private static final Path DEMO = Path.of("../demo/src/main/resources/demo");
  private static final Path MARKED = Path.of("src/test/resources/attacks/marked.sql");

  private final int port;

  private HelpdeskDatabase(int port) {
    this.port = port;
  }

  public static HelpdeskDatabase in(ProtectedDatabase server) {
    var helpdesk = new HelpdeskDatabase(server.port());
    try {
      helpdesk.prepare();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return helpdesk;
  }

  private void prepare() throws SQLException {
    execute("postgres", "create database control");
    execute(
        "control", demo("helpdesk-schema.sql").replace("create role lockbox_gateway login;", ""));
    execute("control", demo("helpdesk-rows.sql"));
    execute("control", EXTENSIONS);
    execute("postgres", "create database helpdesk template control strategy file_copy");
    execute(
        "control",
        """
        create role support_read login password '%1$s';
        create role support_write login password '%1$s';
        grant usage on schema helpdesk to support_read, support_write;
        grant select on all tables in schema helpdesk to support_read;
        grant select, insert, update, delete on all tables in schema helpdesk to support_write;
        alter role support_read set search_path = helpdesk;
        alter role support_write set search_path = helpdesk;
        alter role support_read set default_transaction_read_only = on;
        """
            .formatted(PASSWORD));
    fence("helpdesk");
  }

  /// Makes one more database with the same tables and the few rows of `marked.sql`, and what
  /// `support_read` may do in `control`.
  public void mark(String database) {
    try {
      execute("postgres", "create database " + database);
      execute(database, demo("helpdesk-schema.sql").replaceAll("(?m)^create role .*;$", ""));
      execute(database, Files.readString(MARKED));
      execute(
          database,
          """
          grant usage on schema helpdesk to support_read;
          grant select on all tables in schema helpdesk to support_read;
          """);
    } catch (SQLException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The same behind its fence.
  public Catalogue markAndFence(String database) {
    mark(database);
    try {
      fence(database);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return catalogue(database);
  }

  /// Puts the demo's fence around one of these databases.
  public void fence(String database) throws SQLException {
    var spec = catalogue(database).resources().getFirst();
    try (Connection connection = superuser(database);
        var statement = connection.createStatement()) {
      switch (FencePlan.of(spec, DatabaseSchema.read(connection, spec))) {
        case FencePlan.Applicable ready -> statement.execute(ready.sql());
        case FencePlan.Impossible refused -> throw new AssertionError(refused.why());
      }
    }
  }

  /// Makes a table that anybody may copy into, because PostgreSQL does not copy into views. It lies
  /// where only PostgreSQL's own things do, so it is no part of the fence and breaks none.
  public void openInbox(String database) throws SQLException {
    execute(
        database,
        """
        create table information_schema.letters (line text);
        grant insert, select on information_schema.letters to public;
        """);
  }

  public void closeInbox(String database) throws SQLException {
    execute(database, "drop table information_schema.letters");
  }

  private void execute(String database, String sql) throws SQLException {
    try (Connection connection = superuser(database);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  public Connection superuser(String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/" + database, "postgres", "");
  }

  public int port() {
    return port;
  }

  /// The demo's catalogue, for this database.
  public Catalogue catalogue() {
    return catalogue("helpdesk");
  }

  /// The same for another of these databases.
  public Catalogue catalogue(String database) {
    return catalogue(database, port);
  }

  /// The same for whoever stands at this port before it. Two of its tables are joined with their
  /// parents and one is not, so that whatever runs on it meets both.
  public Catalogue catalogue(String database, int before) {
    return Catalogue.parse(
        "resources.yaml",
        demo("resources.yaml")
                .replace("${port}", Integer.toString(before))
                .replace("database: helpdesk", "database: " + database)
                .replace("tls: verify-full", "tls: disable")
                .replace("ca: ${ca}", "ca: none.pem")
                .replace("from ticket_messages)\",", "from ticket_messages)\", joinParent: true,")
                .replace("from invoices)\"", "from invoices)\", joinParent: true")
            + "    extensions: [dblink, postgres_fdw, pg_stat_statements]\n");
  }

  /// A file of the demo. Of its catalogue the part that describes the database.
  public static String demo(String file) {
    try {
      return Majors.fit(
          Files.readString(DEMO.resolve(file)).replaceFirst("(?s)\n  - id: helpdesk-api.*", ""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
