package org.openlockbox.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import org.openlockbox.demo.postgres.DirectoryTrees;
import org.openlockbox.demo.postgres.EmbeddedCluster;
import org.openlockbox.demo.postgres.PostgresBinaries;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.process.NodeFailure.Code;
import org.openlockbox.postgres.catalogue.ResourceSpec;
import org.openlockbox.postgres.fence.FencePlan;
import org.openlockbox.postgres.schema.DatabaseSchema;

/// The demo's protected database: a PostgreSQL cluster of its own, filled once from a fixed seed
/// and fenced with the very plan that `lockbox resource plan` prints.
///
/// A crash while it is filled leaves a cluster without its mark; the next start makes it anew.
final class HelpdeskDatabase {
  static final String DATABASE = "helpdesk";

  private final DemoLayout layout;
  private final PostgresBinaries binaries;
  private final SecureRandom random;

  HelpdeskDatabase(DemoLayout layout, PostgresBinaries binaries, SecureRandom random) {
    this.layout = layout;
    this.binaries = binaries;
    this.random = random;
  }

  EmbeddedCluster start(int port, DemoCertificates certificates) throws IOException {
    if (!Files.exists(layout.helpdeskLoaded())) {
      DirectoryTrees.delete(layout.helpdesk());
    }
    var tls = new EmbeddedCluster.ClusterTls(certificates.certificate(), certificates.key());
    return EmbeddedCluster.start(
        new EmbeddedCluster.ClusterSettings(
            "the helpdesk's PostgreSQL", layout.helpdesk(), port, Optional.of(tls)),
        binaries,
        random);
  }

  /// Fills and fences the database unless that is done; `gatewayPassword` becomes the password of
  /// the gateway's login.
  void fill(EmbeddedCluster cluster, ResourceSpec spec, String gatewayPassword) throws IOException {
    if (Files.exists(layout.helpdeskLoaded())) {
      return;
    }
    cluster.ensureDatabase(DATABASE);
    try (var connection =
        DriverManager.getConnection(
            cluster.jdbcUrl(DATABASE), cluster.superuser(), cluster.password())) {
      run(connection, resource("helpdesk-schema.sql"));
      run(connection, resource("helpdesk-rows.sql"));
      run(connection, "reset role; reset search_path;");
      run(connection, plan(connection, spec));
      run(
          connection,
          "alter role %s password '%s'".formatted(spec.address().gatewayRole(), gatewayPassword));
    } catch (SQLException e) {
      throw new NodeFailure(Code.FAILURE, "the helpdesk database could not be made: " + e, e);
    }
    Files.writeString(layout.helpdeskLoaded(), "complete\n");
  }

  private static String plan(Connection connection, ResourceSpec spec) throws SQLException {
    return switch (FencePlan.of(spec, DatabaseSchema.read(connection, spec))) {
      case FencePlan.Applicable ready -> ready.sql();
      case FencePlan.Impossible refused ->
          throw new NodeFailure(Code.FAILURE, "the demo cannot be fenced: " + refused.why());
    };
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  static String resource(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(HelpdeskDatabase.class.getResourceAsStream("/demo/" + name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
