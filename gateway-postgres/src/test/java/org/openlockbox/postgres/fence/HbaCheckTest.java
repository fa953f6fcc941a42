package org.openlockbox.postgres.fence;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.postgres.catalogue.Catalogue;
import org.openlockbox.postgres.testing.ProtectedDatabase;

/// What the check says of a pg_hba.conf that lets no session role in: the fence stands there, and
/// each login fails.
class HbaCheckTest {
  private static final ProtectedDatabase DATABASE = ProtectedDatabase.start();

  @AfterEach
  void asBefore() throws SQLException {
    DATABASE.hba("");
    allow("revoke", "from");
  }

  /// Whether the gateway's role may read the rules.
  private static void allow(String verb, String preposition) throws SQLException {
    try (Connection superuser = DATABASE.superuser();
        var statement = superuser.createStatement()) {
      for (String right :
          new String[] {"select on pg_hba_file_rules", "execute on function pg_hba_file_rules()"}) {
        statement.execute("%s %s %s lockbox_gateway".formatted(verb, right, preposition));
      }
    }
  }

  private static FenceReport check() throws SQLException {
    try (Connection gateway =
        DriverManager.getConnection(DATABASE.url(), "lockbox_gateway", "unused")) {
      return FenceCheck.report(gateway, DATABASE.catalogue().resources().getFirst());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "local all all scram-sha-256",
        "host all all 10.0.0.0/8 scram-sha-256",
        "host all all ::1/128 scram-sha-256",
        "host all app,+staff all scram-sha-256",
        "host other,replication all all scram-sha-256",
        "host all all all ident",
        "hostssl all all all scram-sha-256",
      })
  void aFileThatLetsNoSessionRoleInIsWarnedOf(String lines) throws SQLException {
    allow("grant", "to");
    DATABASE.hbaAlone(lines + "\n");
    assertThat(check().stands()).as("nothing is open that should not be").isTrue();
    assertThat(check().text())
        .contains("warning [hba-shut] No line of pg_hba.conf lets session roles in from 127.0.0.1")
        .contains("fix: add a line", "host postgres all 127.0.0.1/32 scram-sha-256");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "host all all 127.0.0.1/32 scram-sha-256",
        "host all all 127.0.0.0/8 md5",
        "host sales,postgres all samehost scram-sha-256",
        "host postgres +lb_level_masked,+lb_level_read all scram-sha-256",
        "host postgres /^lb_s_ localhost scram-sha-256",
        "hostnossl all all 0.0.0.0/0 scram-sha-256",
      })
  void aFileThatMayLetThemInIsNot(String lines) throws SQLException {
    allow("grant", "to");
    DATABASE.hbaAlone(lines + "\n");
    assertThat(check().text()).doesNotContain("hba-");
  }

  @Test
  void whereTheFileMayNotBeReadTheCheckSaysSo() throws SQLException {
    DATABASE.hbaAlone("");
    assertThat(check().stands()).isTrue();
    assertThat(check().text())
        .contains("note [hba-unread]", "grant select on pg_hba_file_rules to \"lockbox_gateway\"");
  }

  /// A password is known to the gateway alone; on another machine it should not be all it takes.
  @Test
  void anotherMachineThatAsksForNoCertificateIsWarnedOf() throws SQLException {
    assertThat(check().text()).doesNotContain("hba-password");
    var elsewhere =
        Catalogue.parse(
                "resources.yaml",
                """
                resources:
                  - id: shop
                    name: Shop
                    postgres: {host: db.example.com, database: shop}
                    tenancy: {column: tenant_id, values: {acme: 1}}
                    levels: [read]
                    tables: {customers: {}}
                """)
            .resources()
            .getFirst();
    try (Connection gateway =
        DriverManager.getConnection(DATABASE.url(), "lockbox_gateway", "unused")) {
      assertThat(HbaCheck.of(gateway, elsewhere))
          .extracting(Deviation::kind)
          .contains("hba-password");
    }
  }
}
