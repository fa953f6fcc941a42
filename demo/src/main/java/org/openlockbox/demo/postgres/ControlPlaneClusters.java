package org.openlockbox.demo.postgres;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Objects;
import java.util.Optional;
import org.openlockbox.node.config.NodeConfig.DatabaseSettings;
import org.openlockbox.node.database.EmbeddedDatabase;
import org.openlockbox.node.database.EmbeddedDatabases;

/// The control plane's database in an [EmbeddedCluster]; its programs are unpacked beside the
/// cluster's directory.
public final class ControlPlaneClusters implements EmbeddedDatabases {
  private static final String DATABASE = "lockbox";

  /// For `ServiceLoader`.
  public ControlPlaneClusters() {}

  @Override
  public EmbeddedDatabase start(DatabaseSettings.Embedded where, SecureRandom random) {
    return opened(EmbeddedCluster.start(settings(where), binaries(where.directory()), random));
  }

  @Override
  public EmbeddedDatabase attachOrStart(DatabaseSettings.Embedded where, SecureRandom random) {
    return opened(
        EmbeddedCluster.attachOrStart(settings(where), binaries(where.directory()), random));
  }

  private static EmbeddedDatabase opened(EmbeddedCluster cluster) {
    try {
      cluster.ensureDatabase(DATABASE);
      return new ClusterDatabase(cluster);
    } catch (RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  private static EmbeddedCluster.ClusterSettings settings(DatabaseSettings.Embedded where) {
    return new EmbeddedCluster.ClusterSettings(
        "the control plane's PostgreSQL", where.directory(), where.port(), Optional.empty());
  }

  private static PostgresBinaries binaries(Path directory) {
    return PostgresBinaries.under(
        Objects.requireNonNull(directory.toAbsolutePath().getParent(), "a directory"));
  }

  private record ClusterDatabase(EmbeddedCluster cluster) implements EmbeddedDatabase {
    @Override
    public String jdbcUrl() {
      return cluster.jdbcUrl(DATABASE);
    }

    @Override
    public String user() {
      return cluster.superuser();
    }

    @Override
    public String password() {
      return cluster.password();
    }

    @Override
    public void close() {
      cluster.close();
    }
  }
}
