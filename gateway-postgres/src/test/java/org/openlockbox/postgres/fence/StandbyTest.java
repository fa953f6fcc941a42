package org.openlockbox.postgres.fence;

import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardOpenOption.APPEND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.openlockbox.postgres.fence.Helpdesk.answer;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.core.access.Level;
import org.openlockbox.postgres.database.SessionRoles;

/// A streaming standby that has stopped replaying, so that it knows nothing of an end: a session's
/// role still logs in there with a password that somebody set past the gateway, and reads no row.
class StandbyTest {
  private static final Set<String> NOT_COPIED = Set.of("postmaster.pid", "postmaster.opts");

  private static final String SCHEMA =
      """
      create role lockbox_gateway login;
      create schema shop;
      create table shop.customers (id serial primary key, tenant_id int not null, email text not null);
      create table shop.plans (code text primary key);
      alter table shop.customers enable row level security;
      insert into shop.customers (tenant_id, email) values (1, 'acme-canary'), (2, 'globex-canary');
      insert into shop.plans values ('plan-canary');
      """;

  private static final String YAML =
      """
      resources:
        - id: shop
          name: Shop
          postgres: {host: 127.0.0.1, port: ${port}, database: standby, tls: disable, minimumVersion: 18.6}
          schema: shop
          tenancy: {column: tenant_id, values: {acme: 1, globex: 2}}
          levels: [metadata, masked, read, write]
          tables:
            customers: {mask: {email: email}}
            plans: {shared: true}
      """;

  @TempDir Path directory;

  @Test
  void aStandbyThatLagsServesNoSession() throws Exception {
    try (var primary = server("primary").start();
        var database = new FencedDatabase(primary.getPort(), SCHEMA, YAML, "acme")) {
      database.applyPlan();
      try (var standby = standby(primary);
          var above = connect(standby, "postgres", "")) {
        for (Level level : Level.values()) {
          revokedWhileTheStandbyLags(database, standby, above, level);
        }
        try (var gateway = connect(standby, "lockbox_gateway", "")) {
          var report = FenceCheck.report(gateway, database.spec());
          assertThat(report.stands()).isFalse();
          assertThat(report.text()).contains("DEVIATION [standby] This server is a standby");
        }
        assertThat(database.check().stands()).isTrue();
      }
    }
  }

  private static void revokedWhileTheStandbyLags(
      FencedDatabase database, EmbeddedPostgres standby, Connection above, Level level)
      throws SQLException {
    answer(above, "select pg_wal_replay_resume()");
    var opened = database.role("acme", level);
    var role =
        assertThat(opened)
            .asInstanceOf(type(SessionRoles.OpenResult.RoleReady.class))
            .actual()
            .role();
    try (var session = database.login(role, "standby")) {
      answer(session, "set session characteristics as transaction read write");
      assertThat(answer(session, "alter role current_user password 'known'")).isEqualTo("0 rows");
      if (level != Level.METADATA) {
        assertThat(answer(session, "select count(*) from customers")).isEqualTo("1");
      }
    }
    replay(database, above);
    answer(above, "select pg_wal_replay_pause()");
    database.asSuperuser("select pg_switch_wal()");
    await(above, "select pg_get_wal_replay_pause_state() = 'paused'");
    database.asSuperuser("select lb.close_session('" + role.name() + "')");
    assertThat(answer(above, "select count(*) from lb.binding"))
        .as("not heard of it")
        .isEqualTo("1");
    try (var past = connect(standby, role.name(), "known")) {
      assertThat(answer(past, "select own_rows from lb_metadata.row_counts"))
          .isEqualTo("refused 42501");
      if (level != Level.METADATA) {
        assertThat(answer(past, "select * from customers")).isEqualTo("refused 42501");
        assertThat(answer(past, "select * from plans")).isEqualTo("refused 42501");
      }
      assertThat(answer(past, "select * from shop.customers")).isEqualTo("refused 42501");
      assertThat(answer(past, "select count(*) from lb_catalog.pg_class")).isEqualTo("0");
    }
  }

  /// Waits until the standby has replayed what the primary has written.
  private static void replay(FencedDatabase database, Connection above) throws SQLException {
    String written;
    try (var primary = database.superuser()) {
      written = answer(primary, "select pg_current_wal_flush_lsn()");
    }
    await(above, "select pg_last_wal_replay_lsn() >= '" + written + "'::pg_lsn");
  }

  private static void await(Connection above, String condition) {
    Instant deadline = Instant.now().plusSeconds(30);
    while (!answer(above, condition).equals("t")) {
      assertThat(Instant.now()).as(condition).isBefore(deadline);
      answer(above, "select pg_sleep(0.02)");
    }
  }

  private EmbeddedPostgres.Builder server(String name) {
    return EmbeddedPostgres.builder()
        .setDataDirectory(directory.resolve(name))
        .setCleanDataDirectory(false)
        .setServerConfig("fsync", "off")
        .setServerConfig("synchronous_commit", "local")
        .setPGStartupWait(Duration.ofMinutes(2));
  }

  /// A base backup of the primary, which then follows it.
  private EmbeddedPostgres standby(EmbeddedPostgres primary) throws IOException, SQLException {
    Path copy = directory.resolve("standby");
    try (var connection = connect(primary, "postgres", "")) {
      answer(connection, "select pg_backup_start('standby', true)");
      copy(directory.resolve("primary"), copy);
      Files.writeString(
          copy.resolve("backup_label"),
          answer(connection, "select labelfile from pg_backup_stop()"));
    }
    Files.createFile(copy.resolve("standby.signal"));
    Files.writeString(
        copy.resolve("postgresql.auto.conf"),
        "primary_conninfo = 'host=127.0.0.1 user=postgres port=%d'\n".formatted(primary.getPort()),
        APPEND);
    return server("standby").start();
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        if (!NOT_COPIED.contains(file.getFileName().toString())) {
          Files.copy(file, to.resolve(from.relativize(file)), COPY_ATTRIBUTES);
        }
      }
    }
  }

  private static Connection connect(EmbeddedPostgres server, String role, String password)
      throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:%d/standby".formatted(server.getPort()), role, password);
  }
}
