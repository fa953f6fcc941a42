package org.openlockbox.core.operation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.tlog.tree.Hash;

/// What the record says of a statement, in JSON and in plain words.
class SqlFactsTest {
  private static final SqlFacts COUNTED =
      SqlFacts.reading("select", 2, List.of("customers"))
          .calling(new CalledFunctions(new TreeSet<>(List.of("lower", "count")), 1));

  private static SqlFacts parse(String functions) {
    var body = "{'class':['select'],'functions':%s}".formatted(functions).replace('\'', '"');
    return SqlFacts.parse(Fields.of(Json.read(body.getBytes(UTF_8)), "body"));
  }

  @Test
  void functionsStandByNameAndOthersAsANumber() {
    assertThat(SqlFacts.parse(Fields.of(COUNTED.toJson(), "body"))).isEqualTo(COUNTED);
    assertThat(parse("{'names':['now']}").functions().names()).containsExactly("now");
    assertThat(parse("{'others':3}").functions().others()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'names':[]}",
        "{'names':['now','count']}",
        "{'names':['now','now']}",
        "{'names':['Words of an engineer']}",
        "{'others':0}",
        "{'others':-1}",
        "{'names':['now'],'more':1}",
      })
  void functionsThatAreNotSpelledInTheOneWayAreRefused(String functions) {
    assertThatThrownBy(() -> parse(functions)).isInstanceOf(MalformedJson.class);
  }

  @Test
  void theLineNamesWhatIsCalled() {
    assertThat(COUNTED.line())
        .isEqualTo(
            "reads customers (2 columns); calls count, lower; calls 1 function that is not listed");
    assertThat(parse("{'names':['now'],'others':2}").line())
        .isEqualTo("select; calls now; calls 2 functions that are not listed");
  }

  /// A name is no JSON: its quotation marks are escaped wherever an entry is spelled.
  @Test
  void aTablesNameStaysANameInTheRecord() {
    var facts =
        SqlFacts.reading(
            "select", 0, List.of("\"a\"\"],\"\"writes\"\":[\"\"x\"", "\"b\\\"", "\"Größe\""));
    assertThat(statement(1, facts).canonical())
        .isEqualTo(CanonicalJson.text(statement(1, facts).toJson()));
    assertThat(SqlFacts.parse(Fields.of(Json.read(facts.canonical().getBytes(UTF_8)), "body")))
        .isEqualTo(facts);
    assertThat(facts.line()).isEqualTo("reads \"Größe\", \"a'],'writes':['x\", \"b\\\"");
  }

  @Test
  void anExecutionRefersToAnEarlierStatementOfItsSession() {
    var facts = COUNTED.preparedBy(3);
    assertThat(SqlFacts.parse(Fields.of(facts.toJson(), "body"))).isEqualTo(facts);
    assertThat(facts.line()).endsWith("; prepared by operation 3");
    assertThat(statement(4, facts).canonical())
        .isEqualTo(CanonicalJson.text(statement(4, facts).toJson()))
        .contains("\"preparedBy\":3");
    for (long n : new long[] {0, 3}) {
      assertThatThrownBy(() -> statement(n, facts)).isInstanceOf(MalformedJson.class);
    }
    assertThatThrownBy(() -> COUNTED.preparedBy(-1)).isInstanceOf(MalformedJson.class);
  }

  private static SessionEvent.Operation statement(long n, SqlFacts facts) {
    var text = new Commitment(Hash.of(new byte[32]));
    return new SessionEvent.Operation(
        new SessionId("S-0000000000000000"), n, text, Optional.empty(), "execute", facts);
  }
}
