package org.openlockbox.postgres.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.postgres.GatewayFixture;
import org.openlockbox.postgres.testing.Answers;
import org.postgresql.util.PSQLException;

/// A write that the database refuses says through the gateway which columns are meant.
class RefusedWritesTest {
  private static final Target.Gateway GATEWAY = new Target.Gateway();

  @AfterAll
  static void nothingIsLeft() {
    GATEWAY.close();
    assertThat(GatewayFixture.sessionRoles()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          42501 | insert into ticket_events (id, kind) values (1, 'a')                 | Leave out id: the database fills in what is left out.
          42501 | insert into agents (tenant_id, full_name, email) values (2, 'a', 'b') | tenant_id must be this customer's own.
          42501 | update agents set tenant_id = 2                                      | tenant_id must be this customer's own.
          42501 | insert into ticket_messages (ticket_id, from_agent, body) values (41001, true, 'x') | ticket_id must lead to a row of this customer that is there already.
          42501 | update ticket_messages set ticket_id = 1                             | No UPDATE sets ticket_id: whose a row is does not change.
          42501 | update plans set name = 'x'                                          | plans is read-only at every level: it is not one customer's alone.
          42501 | update articles set tenant_id = 2 where id = 1                       | tenant_id must be this customer's own.
          44000 | update tickets set customer_id = 12001 where id = 1                  | customer_id must lead to a row of this customer that is there already.
          44000 | insert into ticket_events (ticket_id, happened_at, kind) values (41001, '2026-01-01', 'x') | ticket_id must lead to a row of this customer that is there already.
          """)
  void theHintNamesTheColumns(String code, String sql, String hint) throws SQLException {
    try (Connection connection = GATEWAY.connect(Level.WRITE);
        var statement = connection.createStatement()) {
      assertThatThrownBy(() -> statement.execute(sql))
          .isInstanceOfSatisfying(
              PSQLException.class,
              e -> {
                assertThat(e.getSQLState()).isEqualTo(code);
                assertThat(e.getServerErrorMessage())
                    .hasFieldOrPropertyWithValue("hint", hint)
                    .hasFieldOrPropertyWithValue("detail", null);
              });
      assertThat(Answers.last(connection, "select 1")).isEqualTo("1");
    }
  }
}
