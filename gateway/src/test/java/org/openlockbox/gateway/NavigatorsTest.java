package org.openlockbox.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.gateway.session.Sessions;
import org.openlockbox.gateway.testing.HelpdeskDatabase;
import org.openlockbox.gateway.testing.ProtectedDatabase;

/// What DataGrip and DBeaver send when they connect, in a guarded session: each is answered, or
/// refused with a HINT that says where to read on, and the session goes on. And what they read
/// instead when they are told to go by JDBC metadata.
class NavigatorsTest {
  private static final HelpdeskDatabase HELPDESK = HelpdeskDatabase.in(ProtectedDatabase.start());
  private static final GatewayFixture FIXTURE =
      new GatewayFixture(Sessions.Limits.STANDARD, InstantSource.system(), HELPDESK.catalogue());
  private static Connection session;

  @BeforeAll
  static void open() throws SQLException {
    session = FIXTURE.connect(FIXTURE.guarded(Level.READ));
  }

  @AfterAll
  static void close() throws SQLException {
    session.close();
    FIXTURE.close();
  }

  @ParameterizedTest(name = "{0}: {2}")
  @CsvFileSource(resources = "/tools/navigators.csv", delimiter = '|', quoteCharacter = '`')
  void eachIsAnsweredOrRefusedWithAHint(String tool, String expected, String sql)
      throws SQLException {
    String said = "answered";
    try (var statement = session.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      said = e.getSQLState();
      assertThat(e.getMessage()).contains("Hint: ", "docs/tools.md");
    }
    assertThat(said).isEqualTo(expected);
    assertThat(GatewayFixture.answer(session, "select 1")).isEqualTo("1");
  }

  @Test
  void metadataOfJdbcShowsSchemasTablesColumnsAndRows() throws SQLException {
    var about = session.getMetaData();
    assertThat(names(about.getSchemas(), "TABLE_SCHEM")).contains("lb_read");
    var tables = names(about.getTables(null, "lb_read", "%", null), "TABLE_NAME");
    assertThat(tables).contains("customers", "tickets").doesNotContain("api_tokens");
    assertThat(names(about.getColumns(null, "lb_read", "customers", "%"), "COLUMN_NAME"))
        .contains("email", "status");
    assertThat(names(about.getTypeInfo(), "TYPE_NAME")).contains("int8");
    assertThat(names(about.getPrimaryKeys(null, "lb_read", "customers"), "PK_NAME")).isEmpty();
    // Views have no indexes, and those of the tables behind are not the engineer's to know.
    assertThatThrownBy(() -> about.getIndexInfo(null, "lb_read", "customers", false, true))
        .hasMessageContaining("pg_index")
        .hasMessageContaining("docs/tools.md");
    assertThat(names(about.getTableTypes(), "TABLE_TYPE")).contains("VIEW");
    assertThat(about.getDatabaseProductVersion()).isNotEmpty();
    assertThat(GatewayFixture.answer(session, "select * from lb_read.customers limit 200"))
        .isNotEqualTo("no row");
  }

  private static List<String> names(ResultSet rows, String column) throws SQLException {
    var found = new ArrayList<String>();
    try (rows) {
      while (rows.next()) {
        found.add(rows.getString(column));
      }
    }
    return found;
  }
}
