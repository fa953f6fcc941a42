package org.openlockbox.postgres.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.postgres.fence.Helpdesk.answer;

import java.io.StringWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.limits.Tables;
import org.openlockbox.postgres.database.SessionRoles;
import org.openlockbox.postgres.testing.HelpdeskDatabase;
import org.postgresql.PGConnection;

/// What the database itself gives and refuses to a session, without any gateway in between. The
/// session switches its read-only default off first: that default is a convenience, not the fence.
class SessionFenceTest {
  private static Helpdesk helpdesk;
  private static SessionRoles roles;
  private static Connection masked;
  private static Connection read;
  private static Connection write;
  private static Connection metadata;

  @BeforeAll
  static void open() throws SQLException {
    helpdesk = Helpdesk.bare("session_test");
    helpdesk.asSuperuser(HelpdeskDatabase.EXTENSIONS);
    helpdesk.applyPlan();
    roles = helpdesk.roles("0000000000000001");
    masked = session(Level.MASKED);
    read = session(Level.READ);
    write = session(Level.WRITE);
    metadata = session(Level.METADATA);
  }

  private static Connection session(Level level) throws SQLException {
    var connection = helpdesk.as(Helpdesk.open(roles, "acme", level, Tables.ALL));
    answer(connection, "set session characteristics as transaction read write");
    return connection;
  }

  @AfterAll
  static void close() throws SQLException {
    for (Connection connection : List.of(masked, read, write, metadata)) {
      connection.close();
    }
    roles.close();
    helpdesk.dropSessions();
  }

  @ParameterizedTest(name = "{0}: {1} -> {2}")
  @CsvFileSource(resources = "/attacks/read.csv", delimiter = '|', quoteCharacter = '`')
  void atTheReadLevel(String attack, String sql, String expected) {
    answer(read, "rollback");
    answer(read, "set session characteristics as transaction read write");
    assertThat(answer(read, sql)).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}: {1} -> {2}")
  @CsvFileSource(resources = "/attacks/masked.csv", delimiter = '|', quoteCharacter = '`')
  void atTheMaskedLevel(String attack, String sql, String expected) {
    assertThat(answer(masked, sql)).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}: {1} -> {2}")
  @CsvFileSource(resources = "/attacks/write.csv", delimiter = '|', quoteCharacter = '`')
  void atTheWriteLevel(String attack, String sql, String expected) throws SQLException {
    write.setAutoCommit(false);
    try {
      assertThat(answer(write, sql)).isEqualTo(expected);
    } finally {
      write.rollback();
      write.setAutoCommit(true);
    }
  }

  @Test
  void theMetadataLevelShowsShapesAndOwnCountsButNoRow() {
    assertThat(answer(metadata, "select own_rows from row_counts where table_name = 'customers'"))
        .isEqualTo("12000");
    assertThat(answer(metadata, "select rows_belong_to from tables where table_name = 'plans'"))
        .isEqualTo("everybody");
    assertThat(
            answer(
                metadata,
                "select data_type || ' ' || mask from columns where table_name = 'customers' and column_name = 'email'"))
        .isEqualTo("text email");
    assertThat(answer(metadata, "select count(*) from columns where column_name = 'password_hash'"))
        .isEqualTo("0");
    assertThat(answer(metadata, "select * from lb_masked.customers")).isEqualTo("refused 42501");
    assertThat(answer(metadata, "select * from customers")).isEqualTo("refused 42P01");
  }

  @Test
  void copyingOutGivesOnlyMasksAndOnlyOwnRows() throws Exception {
    var out = new StringWriter();
    long rows =
        masked
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyOut("copy (select * from customers) to stdout", out);
    assertThat(rows).isEqualTo(12_000);
    assertThat(out.toString()).contains("***@***").doesNotContain("@example", "@mail.example");
  }

  @Test
  void aLeakyFunctionIsNotPushedBelowTheBarrier() {
    assertThat(answer(read, "select count(*) from customers where 1 / (tenant_id - 2) < 0"))
        .isEqualTo("12000");
  }

  @Test
  void anOpenSessionOfAnotherTenantSeesItsOwnRowsWithTheSameSql() throws SQLException {
    try (var globex = helpdesk.as(Helpdesk.open(roles, "globex", Level.READ, Tables.ALL))) {
      assertThat(answer(globex, "select count(*) from customers")).isEqualTo("4500");
      assertThat(answer(globex, "select min(tenant_id) || ' ' || max(tenant_id) from tickets"))
          .isEqualTo("2 2");
    }
  }

  @Test
  void aGrantForSomeTablesReachesOnlyThose() throws SQLException {
    var some = Tables.of(List.of("tickets", "helpdesk.ticket_messages"));
    try (var session = helpdesk.as(Helpdesk.open(roles, "initech", Level.READ, some))) {
      assertThat(answer(session, "select count(*) from tickets")).isEqualTo("900");
      assertThat(answer(session, "select count(*) > 0 from ticket_messages")).isEqualTo("t");
      assertThat(answer(session, "select count(*) from customers")).isEqualTo("refused 42501");
      assertThat(answer(session, "select count(*) from plans")).isEqualTo("refused 42501");
      assertThat(
              answer(
                  session,
                  "select own_rows from lb_metadata.row_counts where table_name = 'customers'"))
          .isEqualTo("null");
    }
  }

  @Test
  void pseudonymsDifferBetweenSessions() throws SQLException {
    try (var other = helpdesk.as(Helpdesk.open(roles, "acme", Level.MASKED, Tables.ALL))) {
      String sql = "select first_name from customers where id = 1";
      assertThat(answer(other, sql)).hasSize(16).isNotEqualTo(answer(masked, sql));
    }
  }
}
