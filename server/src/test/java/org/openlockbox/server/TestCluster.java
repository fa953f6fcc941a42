package org.openlockbox.server;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.zip.ZipFile;

/// A real PostgreSQL: one for the whole JVM, started by the first test and stopped with it, or one
/// of another version.
public final class TestCluster implements AutoCloseable {
  private static final Duration START = Duration.ofMinutes(2);

  static final TestCluster SHARED = new TestCluster(EmbeddedPostgres.builder());

  private final EmbeddedPostgres postgres;

  private TestCluster(EmbeddedPostgres.Builder builder) {
    try {
      postgres = builder.setPGStartupWait(START).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The one of the whole JVM.
  public static TestCluster shared() {
    return SHARED;
  }

  /// Another one, that shares nothing with the first.
  public static TestCluster another() {
    return new TestCluster(EmbeddedPostgres.builder());
  }

  /// One of this major version: 16, 17 or 18.
  public static TestCluster ofVersion(int major) {
    return new TestCluster(
        EmbeddedPostgres.builder().setPgBinaryResolver((system, machine) -> archive(major)));
  }

  /// One whose files lie in this directory and stay there when it is closed.
  ///
  /// @param port where it listens; 0 for any
  static TestCluster in(Path directory, int port, Map<String, String> settings) {
    var builder =
        EmbeddedPostgres.builder()
            .setDataDirectory(directory)
            .setCleanDataDirectory(false)
            .setPort(port);
    settings.forEach(builder::setServerConfig);
    return new TestCluster(builder);
  }

  private static InputStream archive(int major) throws IOException {
    try (var jar = new ZipFile(Path.of("target/postgres/postgres-" + major + ".jar").toFile());
        var in = jar.getInputStream(jar.getEntry("postgres-linux-x86_64.txz"))) {
      return new ByteArrayInputStream(in.readAllBytes());
    }
  }

  /// Where this database is.
  public String url(String database) {
    return postgres.getJdbcUrl("postgres", database);
  }

  public int port() {
    return postgres.getPort();
  }

  public void execute(String sql) {
    try (var connection = postgres.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    try {
      postgres.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
