package org.openlockbox.policy.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openlockbox.policy.yaml.YamlValue.ScalarKind;

/// What is read, and what is refused with its place.
final class YamlReaderTest {
  private static YamlValue.Scalar scalar(String text) {
    return (YamlValue.Scalar) YamlReader.read(text).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "word, TEXT",
    "yes, TEXT",
    "2026-01-01, TEXT",
    "true, BOOLEAN",
    "7, INTEGER",
    "-7, INTEGER",
    "1.5, OTHER",
    "null, NULL",
    "'\"7\"', TEXT",
    "'\"true\"', TEXT"
  })
  void aScalarHasTheKindOfTheJsonSchema(String text, ScalarKind kind) {
    assertThat(scalar(text).kind()).isEqualTo(kind);
  }

  @Test
  void valuesHaveTheirPlaces() {
    var value = YamlReader.read("a: 1\nb:\n  - x\n  - {c: y}\n").orElseThrow();
    assertThat(value)
        .isEqualTo(
            new YamlValue.Mapping(
                new SourcePosition(1, 1),
                Map.of(
                    "a", member(1, 1, new YamlValue.Scalar(at(1, 4), ScalarKind.INTEGER, "1")),
                    "b", member(2, 1, items()))));
  }

  private static YamlValue items() {
    return new YamlValue.Sequence(
        at(3, 3),
        List.of(
            new YamlValue.Scalar(at(3, 5), ScalarKind.TEXT, "x"),
            new YamlValue.Mapping(
                at(4, 5),
                Map.of("c", member(4, 6, new YamlValue.Scalar(at(4, 9), ScalarKind.TEXT, "y"))))));
  }

  private static YamlValue.Member member(int line, int column, YamlValue value) {
    return new YamlValue.Member(at(line, column), value);
  }

  private static SourcePosition at(int line, int column) {
    return new SourcePosition(line, column);
  }

  @Test
  void aBlockOfTextIsNoKey() {
    assertThatThrownBy(() -> YamlReader.read("? |\n  a\n: 1\n"))
        .isInstanceOf(MalformedYaml.class)
        .hasMessageContaining("a key must be text on one line");
  }

  @Test
  void aKeyInQuotationMarksIsTextAndADocumentMayBeMarked() {
    var value = YamlReader.read("# a comment\n---\n'null': 1\n\"1\": 2\n? a\n: 3\n").orElseThrow();
    assertThat(((YamlValue.Mapping) value).members().keySet()).containsExactly("null", "1", "a");
  }

  @Test
  void nothingIsNoValue() {
    assertThat(YamlReader.read("")).isEmpty();
    assertThat(YamlReader.read("# a comment alone\n")).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a: &x 1                 | 1 | anchors and aliases are not allowed",
        "&x a: 1                 | 1 | anchors and aliases are not allowed",
        "a: 1\\nb: *a            | 2 | anchors and aliases are not allowed",
        "a: !!str 1              | 1 | tags are not allowed",
        "a: !x [1]               | 1 | tags are not allowed",
        "a: 1\\nb: 2\\na: 3      | 3 | key 'a' is given twice",
        "a: {b: 1, b: 1}         | 1 | key 'b' is given twice",
        "[a, b]: 1               | 1 | a key must be text on one line",
        "null: 1                 | 1 | a key must be text on one line",
        "true: 1                 | 1 | a key must be text on one line",
        "1: 1                    | 1 | a key must be text on one line",
        "1.5: 1                  | 1 | a key must be text on one line",
        "?\\n: 1                 | 1 | a key must be text on one line",
        "'': 1                   | 1 | a key must be text on one line",
        "? a\\n  b\\n: 1      | 1 | a key must be text on one line",
        "? 'a\\n  b'\\n: 1    | 1 | a key must be text on one line",
        "? >-\\n  a\\n: 1     | 1 | a key must be text on one line",
        "%YAML 1.2\\n---\\na: 1 | 1 | directives are not allowed",
        "%TAG ! x:\\n---\\na: 1 | 1 | directives are not allowed",
        "%X y\\n---\\na: 1     | 1 | directives are not allowed",
        "a: 1\\n---\\nb: 2       | 2 | a second document is not allowed",
        "a: [1, 2\\nb: 3         | 2 | not YAML",
        "a: b: c                 | 1 | not YAML"
      })
  void whatCouldMeanSomethingElseIsRefused(String text, int line, String what) {
    assertThatThrownBy(() -> YamlReader.read(text.replace("\\n", "\n")))
        .isInstanceOfSatisfying(
            MalformedYaml.class,
            wrong -> {
              assertThat(wrong.what()).startsWith(what);
              assertThat(wrong.at().line()).isEqualTo(line);
            });
  }

  /// Deep nesting must not exhaust the stack of whoever reads it.
  @Test
  void deepNestingIsRefused() {
    int most = YamlReader.MAX_DEPTH;
    assertThat(YamlReader.read("[".repeat(most) + "]".repeat(most))).isPresent();
    for (var deep : List.of("[".repeat(60_000), "{a: ".repeat(15_000), "- ".repeat(30_000))) {
      assertThatThrownBy(() -> YamlReader.read(deep))
          .isInstanceOf(MalformedYaml.class)
          .hasMessageContaining("nested more than 50 levels deep");
    }
  }
}
