package org.openlockbox.postgres.propose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.postgres.catalogue.ColumnName;
import org.openlockbox.postgres.catalogue.TableName;

class StatedLinkTest {
  @Test
  void columnsOfSeveralTablesLeadToOneKey() {
    assertThat(StatedLink.parse("a.x, crm.b.y=c.id", "public"))
        .isEqualTo(
            new StatedLink(
                List.of(column("public", "a", "x"), column("crm", "b", "y")),
                column("public", "c", "id")));
  }

  @Test
  void namesInQuotesMayHoldWhatSeparates() {
    assertThat(StatedLink.parse("\"A,b=c\".\"x.y\"=\"T\"\"q\".id", "public"))
        .isEqualTo(
            new StatedLink(
                List.of(column("public", "A,b=c", "x.y")), column("public", "T\"q", "id")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a", "a.b", "a.b=", "=a.b", "a=b", "a.b=c.d=e.f", "a.b.c.d=e.f", "A.b=c.d"})
  void whatIsNoLinkIsRefused(String text) {
    assertThatThrownBy(() -> StatedLink.parse(text, "public"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /// A name of the database stands in a line that somebody copies into a shell.
  @Test
  void anOptionIsOneWordOfAShell() {
    var text = new TableText("public", Optional.empty());
    assertThat(text.option(List.of(column("public", "a", "b_id")), column("crm", "c", "id")))
        .isEqualTo("--link a.b_id=crm.c.id");
    assertThat(text.option(List.of(column("public", "A", "$(id)'")), column("public", "c", "id")))
        .isEqualTo("--link '\"A\".\"$(id)'\\''\"=c.id'");
  }

  private static ColumnName column(String schema, String table, String column) {
    return new TableName(schema, table).column(column);
  }
}
