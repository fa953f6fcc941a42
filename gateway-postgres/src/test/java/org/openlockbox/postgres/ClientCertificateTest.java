package org.openlockbox.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.openlockbox.postgres.GatewayFixture.answer;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.gateway.session.LiveSessions;
import org.openlockbox.net.TestCertificate;
import org.openlockbox.postgres.testing.ProtectedDatabase;

/// A database that lets session roles in only with the gateway's certificate: the password that an
/// engineer sets for the own role is worth nothing elsewhere.
class ClientCertificateTest {
  private static final ProtectedDatabase DATABASE = ProtectedDatabase.start();
  private static final String CERTIFICATE_FIRST =
      """
      hostssl postgres +lb_level_metadata,+lb_level_masked,+lb_level_read,+lb_level_write all scram-sha-256 clientcert=verify-ca
      host    postgres +lb_level_metadata,+lb_level_masked,+lb_level_read,+lb_level_write all reject
      """;

  @AfterEach
  void asBefore() {
    DATABASE.hba("");
  }

  @Test
  void aSessionGoesThroughTheGatewayAndNowhereElse() throws SQLException {
    var catalogue = DATABASE.showing(ProtectedDatabase.GATEWAY);
    DATABASE.fence(catalogue);
    DATABASE.hba(CERTIFICATE_FIRST);
    try (var fixture =
            new GatewayFixture(
                LiveSessions.SessionLimits.STANDARD, InstantSource.system(), catalogue);
        Connection session = fixture.connect(fixture.approved(Level.READ))) {
      assertThat(answer(session, "select count(*) from customers")).isEqualTo("10000");
      String role = setPassword();
      for (String ssl : new String[] {"disable", "require"}) {
        assertThatThrownBy(
                () ->
                    DriverManager.getConnection(DATABASE.url() + "?sslmode=" + ssl, role, "known"))
            .as(ssl)
            .isInstanceOfSatisfying(
                SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28000"));
      }
    }
  }

  /// What an engineer could do with `alter role current_user password`.
  private static String setPassword() throws SQLException {
    try (Connection superuser = DATABASE.superuser()) {
      String role = answer(superuser, "select rolname from pg_roles where rolname ~ '^lb_s_'");
      assertThat(answer(superuser, "alter role " + role + " password 'known' connection limit 5"))
          .isEqualTo("0 rows");
      return role;
    }
  }

  @Test
  void aDatabaseThatAsksForNoCertificateIsADeviation() {
    var catalogue = DATABASE.showing(ProtectedDatabase.GATEWAY);
    DATABASE.fence(catalogue);
    try (var fixture =
        new GatewayFixture(
            LiveSessions.SessionLimits.STANDARD, InstantSource.system(), catalogue)) {
      var access = fixture.approved(Level.READ);
      assertThatThrownBy(() -> fixture.connect(access))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("does not stand: hba-open");
    }
  }

  @Test
  void aGatewayWithAnotherCertificateIsNotLetIn() {
    var catalogue = DATABASE.showing(TestCertificate.make());
    DATABASE.fence(catalogue);
    DATABASE.hba(CERTIFICATE_FIRST);
    try (var fixture =
        new GatewayFixture(
            LiveSessions.SessionLimits.STANDARD, InstantSource.system(), catalogue)) {
      var access = fixture.approved(Level.READ);
      assertThatThrownBy(() -> fixture.connect(access))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("cannot be reached");
    }
  }
}
