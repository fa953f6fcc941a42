package org.openlockbox.demo.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.node.config.NodeConfig.DatabaseSettings;
import org.openlockbox.node.database.EmbeddedDatabase;
import org.openlockbox.node.database.EmbeddedDatabases;
import org.openlockbox.node.process.Ports;

class ControlPlaneClustersTest {
  @TempDir private Path directory;

  @Test
  void aNodeBesideTheDemoFindsItsPostgresqlAndATaskLeavesItRunning() throws SQLException {
    var random = new SecureRandom();
    var where = new DatabaseSettings.Embedded(directory.resolve("control"), Ports.free(), 3);
    var databases = EmbeddedDatabases.provided();
    try (var node = databases.start(where, random)) {
      try (var task = databases.attachOrStart(where, random)) {
        assertThat(nameOf(task)).isEqualTo("lockbox");
      }
      assertThat(nameOf(node)).isEqualTo("lockbox");
    }
  }

  private static String nameOf(EmbeddedDatabase database) throws SQLException {
    try (var connection =
            DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
        var statement = connection.createStatement();
        var rows = statement.executeQuery("select current_database()")) {
      rows.next();
      return rows.getString(1);
    }
  }
}
