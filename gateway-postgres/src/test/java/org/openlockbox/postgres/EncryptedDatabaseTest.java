package org.openlockbox.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.openlockbox.postgres.GatewayFixture.DATABASE;
import static org.openlockbox.postgres.GatewayFixture.answer;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.gateway.session.LiveSessions;
import org.openlockbox.net.TestCertificate;
import org.openlockbox.postgres.testing.ProtectedDatabase;

/// A gateway whose catalogue says `tls: verify-full`.
class EncryptedDatabaseTest {
  private static GatewayFixture trusting(TestCertificate authority) {
    return new GatewayFixture(
        LiveSessions.SessionLimits.STANDARD, InstantSource.system(), DATABASE.encrypted(authority));
  }

  @Test
  void sessionsOfATrustedDatabaseAreEncrypted() throws SQLException {
    try (var fixture = trusting(ProtectedDatabase.CERTIFICATE);
        Connection connection = fixture.connect(fixture.approved(Level.READ))) {
      assertThat(answer(connection, "select count(*) from customers")).isEqualTo("10000");
      assertThat(encryptedBackends()).isGreaterThanOrEqualTo(1);
    }
  }

  private static long encryptedBackends() {
    return DATABASE.count(
        """
        select count(*) from pg_stat_ssl s join pg_stat_activity a using (pid)
         where s.ssl and starts_with(a.usename, 'lb_s_')
        """);
  }

  @Test
  void aDatabaseOfAnotherAuthorityIsNotReached() {
    try (var fixture = trusting(TestCertificate.make())) {
      var access = fixture.approved(Level.READ);
      assertThatThrownBy(() -> fixture.connect(access))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("cannot be reached");
      assertThat(fixture.controlPlane.events()).isEmpty();
    }
  }
}
