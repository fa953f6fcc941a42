package org.openlockbox.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.openlockbox.postgres.GatewayFixture.answer;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.limits.RowBudget;
import org.openlockbox.gateway.controlplane.ConnectOffer;
import org.openlockbox.postgres.GatewayFixture.Access;

/// The control plane chooses the ids of requests. One that lies gives the same to requests of two
/// tenants; each has been approved by its own approver.
class OneIdTest {
  private static final String ALL = "select count(*) from customers";
  private static final String WHOSE = "select distinct tenant_id from customers";
  private static final String TEN = "select email from customers order by id limit 10";

  private final GatewayFixture fixture = new GatewayFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  private Access withRows(int rows) {
    Limits limits = Limits.UNWRITTEN.withRowBudget(new RowBudget(rows));
    return fixture.approved(Level.READ, Duration.ofMinutes(30), limits);
  }

  @Test
  void eachSeesTheRowsOfItsOwnTenantAndIsOnRecordThere() throws SQLException {
    Access acme = fixture.approved(Level.READ);
    Access globex = fixture.withTheSameId(acme);
    try (Connection one = fixture.connect(acme);
        Connection other = fixture.connect(globex)) {
      assertThat(answer(one, WHOSE)).isEqualTo("1");
      assertThat(answer(other, WHOSE)).isEqualTo("2");
      assertThat(answer(one, "select 'of acme'")).isEqualTo("of acme");
      assertThat(answer(other, ALL)).isEqualTo("10000");
    }
    assertThat(fixture.controlPlane.statements()).contains(WHOSE, "select 'of acme'");
    assertThat(fixture.controlPlane.statements()).doesNotContain(ALL);
    assertThat(fixture.neighboursPlane.statements()).contains(WHOSE, ALL);
    assertThat(fixture.neighboursPlane.statements()).doesNotContain("select 'of acme'");
  }

  @Test
  void whatOneHasSpentIsNotTakenFromTheOther() throws SQLException {
    Access acme = withRows(10);
    Access globex = fixture.withTheSameId(acme);
    try (Connection one = fixture.connect(acme);
        Connection other = fixture.connect(globex)) {
      assertThat(answer(one, TEN)).isEqualTo("c2@example.com");
      assertThat(answer(one, "select 1")).isEqualTo("refused 53400");
      assertThat(answer(other, TEN)).isEqualTo("c1@example.com");
      assertThat(answer(other, "select 1")).isEqualTo("refused 53400");
    }
  }

  @Test
  void theLoginForOneIsNoneForTheOther() {
    Access acme = fixture.approved(Level.READ);
    var id = fixture.withTheSameId(acme).asked().submission().id();
    var statement = fixture.controlPlane.connect(acme.user()).orElseThrow().envelope();
    fixture.controlPlane.offer(
        acme.user(), new ConnectOffer(fixture.neighbour.tenant(), id, statement));
    assertThatThrownBy(() -> fixture.connect(acme))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28000"));
  }
}
