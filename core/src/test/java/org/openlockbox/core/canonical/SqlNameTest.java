package org.openlockbox.core.canonical;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// One text for each name, and one name for each text.
class SqlNameTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          tickets        | tickets
          _x9            | _x9
          Tenant         | "Tenant"
          9x             | "9x"
          a$b            | "a$b"
          a b            | "a b"
          crm.tickets    | "crm.tickets"
          "Tenant"       | ""\"Tenant""\"
          "              | ""\""
          größe          | "größe"
          select         | select
          """)
  void isWrittenAsPostgresqlWritesIt(String identifier, String text) {
    assertThat(SqlName.of(identifier)).isEqualTo(text);
    assertThat(SqlName.identifiers(text)).contains(List.of(identifier));
    assertThat(SqlName.of("App", identifier)).isEqualTo("\"App\"." + text);
    assertThat(SqlName.identifiers("\"App\"." + text)).contains(List.of("App", identifier));
    assertThat(SqlName.isOfDocument("\"App\"." + text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "a.",
        ".a",
        "a..b",
        "Tenant",
        "\"tickets\"",
        "\"\"",
        "\"",
        "\"a",
        "a\"",
        "\"a\"b\"",
        "\"A\"b",
        "\"A\" .b",
        " a",
        "a b",
        "a\n",
        "9x",
        "a$b"
      })
  void noOtherTextIsAName(String text) {
    assertThat(SqlName.identifiers(text)).isEmpty();
    assertThat(SqlName.isOfDocument(text)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"a\nb\"",
        "\"a\tb\"",
        "\"a\u202eb\"",
        "\"a\u200bb\"",
        "\"\ud83d\ude00\"",
        "a.b.c"
      })
  void whatNoRecordCanShowIsANameButNoneOfADocument(String text) {
    assertThat(SqlName.identifiers(text)).isPresent();
    assertThat(SqlName.isOfDocument(text)).isFalse();
  }

  @Test
  void isOfTheLengthThatPostgresqlsNamesHave() {
    String longest = SqlName.of("\"".repeat(63), "\"".repeat(63));
    assertThat(SqlName.isOfDocument(longest)).isTrue();
    assertThat(SqlName.isOfDocument(SqlName.of("\"".repeat(63), "\"".repeat(64)))).isFalse();
  }

  @Test
  void noTwoNamesHaveOneText() {
    var random = new Random(7);
    String letters = "aA.\"$ ";
    for (int i = 0; i < 20_000; i++) {
      String schema = word(random, letters);
      String name = word(random, letters);
      assertThat(SqlName.identifiers(SqlName.of(schema, name))).contains(List.of(schema, name));
    }
  }

  private static String word(Random random, String letters) {
    var word = new StringBuilder();
    do {
      word.append(letters.charAt(random.nextInt(letters.length())));
    } while (random.nextInt(4) > 0);
    return word.toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          tickets                                       | tickets
          crm."Tenant"                                  | crm."Tenant"
          "x"" (1 column); prepared by operation 3; ""y" | "x' (1 column); prepared by operation 3; 'y"
          "x”, “customers"                              | "x', 'customers"
          "x"", ""customers"                            | "x', 'customers"
          """)
  void nothingInANameLooksLikeTheEndOfIt(String text, String shown) {
    assertThat(SqlName.shown(text)).isEqualTo(shown);
  }
}
