package org.openlockbox.postgres.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.openlockbox.net.TestCertificate;
import org.openlockbox.postgres.catalogue.Catalogue;
import org.openlockbox.postgres.fence.FencePlan;
import org.openlockbox.postgres.schema.DatabaseSchema;

/// A real PostgreSQL with a fenced table of customers, which asks session roles for their password.
public final class ProtectedDatabase implements AutoCloseable {
  /// What the database shows to those who ask for TLS.
  public static final TestCertificate CERTIFICATE = TestCertificate.make();

  /// What the gateway shows the database where the catalogue says so.
  public static final TestCertificate GATEWAY = TestCertificate.make();

  private final EmbeddedPostgres server;
  private final int port;
  private final String version;

  /// The superuser's connection that counts: whoever waits for a count asks often.
  private @Nullable Connection counting;

  private ProtectedDatabase(EmbeddedPostgres server) throws SQLException {
    this.server = server;
    this.port = server.getPort();
    try (Connection connection = superuser()) {
      this.version = connection.getMetaData().getDatabaseProductVersion();
    }
  }

  public static ProtectedDatabase start() {
    return start(Majors.chosen());
  }

  /// On a server of this major.
  public static ProtectedDatabase start(int major) {
    return start(Majors.of(major));
  }

  /// On a server that has this setting besides.
  public static ProtectedDatabase startWith(String setting, String value) {
    return start(Majors.chosen().setServerConfig(setting, value));
  }

  private static ProtectedDatabase start(EmbeddedPostgres.Builder server) {
    try {
      Path tls = Files.createTempDirectory("database-tls");
      Path certificate = Files.writeString(tls.resolve("server.crt"), CERTIFICATE.certificatePem());
      Path key = Files.writeString(tls.resolve("server.key"), CERTIFICATE.keyPem());
      Path authority = Files.writeString(tls.resolve("gateways.crt"), GATEWAY.certificatePem());
      Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
      var postgres =
          server
              .setServerConfig("ssl", "on")
              .setServerConfig("ssl_cert_file", certificate.toString())
              .setServerConfig("ssl_key_file", key.toString())
              .setServerConfig("ssl_ca_file", authority.toString())
              .setServerConfig("fsync", "off")
              .setServerConfig("max_connections", "1200")
              .setServerConfig("password_encryption", "scram-sha-256")
              .setServerConfig("shared_preload_libraries", "pg_stat_statements")
              .setPGStartupWait(Duration.ofMinutes(2))
              .start();
      var database = new ProtectedDatabase(postgres);
      database.prepare();
      return database;
    } catch (IOException | SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private void prepare() throws SQLException {
    try (Connection connection = superuser();
        var statement = connection.createStatement()) {
      statement.execute(
          """
          create table customers (
            id bigint primary key, tenant_id int not null, email text not null, name text not null);
          insert into customers
            select n, 1 + n % 2, 'c' || n || '@example.com', 'Customer ' || n
              from generate_series(1, 20000) n;
          """);
    }
    fence(catalogue());
    hba("");
  }

  /// Puts the fence of this catalogue around the database.
  public void fence(Catalogue catalogue) {
    var spec = catalogue.resources().getFirst();
    try (Connection connection = superuser();
        var statement = connection.createStatement()) {
      switch (FencePlan.of(spec, DatabaseSchema.read(connection, spec))) {
        case FencePlan.Applicable ready -> statement.execute(ready.sql());
        case FencePlan.Impossible refused -> throw new AssertionError(refused.why());
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Puts lines into pg_hba.conf, below which all others are let in by their passwords.
  public void hba(String first) {
    hbaAlone(first + "host all all 127.0.0.1/32 scram-sha-256\n");
  }

  /// Makes these lines all that pg_hba.conf says of others than a superuser and the gateway.
  public void hbaAlone(String lines) {
    try (Connection connection = superuser();
        var statement = connection.createStatement()) {
      try (var row = statement.executeQuery("show hba_file")) {
        row.next();
        Files.writeString(
            Path.of(row.getString(1)),
            """
            host all postgres        127.0.0.1/32 trust
            host all lockbox_gateway 127.0.0.1/32 trust
            """
                + lines);
      }
      statement.execute("select pg_reload_conf()");
    } catch (SQLException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Gives a session's role a password, which only a superuser can: it has keys that its gateway
  /// alone knows.
  public String passwordFor(String role) {
    try (Connection connection = superuser();
        var statement = connection.createStatement()) {
      statement.execute("alter role %s password 'given'".formatted(role));
      return "given";
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Forgets what gateways saw of tenants' logs, as its owner may.
  public void forgetLogs() {
    try (Connection connection = superuser();
        var statement = connection.createStatement()) {
      statement.execute("truncate lb.log_head, lb.ended_request, lb.history_alarm");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  public int port() {
    return port;
  }

  public Catalogue catalogue() {
    return catalogue(port);
  }

  /// The catalogue that demands TLS with a certificate by this authority.
  public Catalogue encrypted(TestCertificate authority) {
    try {
      Path file = Files.createTempFile("authority", ".pem");
      Files.writeString(file, authority.certificatePem());
      return catalogue(port, "verify-full\n      ca: " + file);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The catalogue by which the gateway shows this certificate.
  public Catalogue showing(TestCertificate certificate) {
    try {
      Path folder = Files.createTempDirectory("gateway-certificate");
      Path authority = Files.writeString(folder.resolve("ca.pem"), CERTIFICATE.certificatePem());
      Path shown = Files.writeString(folder.resolve("gateway.pem"), certificate.certificatePem());
      Path key = Files.writeString(folder.resolve("gateway.key"), certificate.keyPem());
      return catalogue(
          port,
          "verify-full\n      ca: %s\n      clientCertificate: {certificate: %s, key: %s}"
              .formatted(authority, shown, key));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The catalogue that knows the database at this port.
  public Catalogue catalogue(int at) {
    return catalogue(at, "disable");
  }

  /// The catalogue with these tables besides, as lines of it.
  public Catalogue with(String tables) {
    return catalogue(port, "disable", tables);
  }

  private Catalogue catalogue(int at, String tls) {
    return catalogue(at, tls, "");
  }

  private Catalogue catalogue(int at, String tls, String more) {
    return Catalogue.parse(
        "resources.yaml",
        """
        resources:
          - id: helpdesk
            name: Helpdesk
            postgres:
              host: 127.0.0.1
              port: %d
              database: postgres
              tls: %s
              minimumVersion: %s
            tenancy: {column: tenant_id, values: {acme: 1, globex: 2}}
            levels: [metadata, masked, read, write]
            tables:
              customers: {mask: {email: email}}
        """
                .formatted(at, tls, version)
            + more);
  }

  public String url() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
  }

  public Connection superuser() throws SQLException {
    return DriverManager.getConnection(url(), "postgres", "");
  }

  /// A count, as the superuser.
  public synchronized long count(String sql) {
    try {
      if (counting == null || !counting.isValid(5)) {
        counting = superuser();
      }
      try (var statement = counting.createStatement();
          var row = statement.executeQuery(sql)) {
        row.next();
        return row.getLong(1);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
