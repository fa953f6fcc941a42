package org.openlockbox.gateway.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlMapTest {
  @Test
  void readsEachKindOfValue() {
    var map =
        YamlMap.parse(
            "a.yaml",
            "text: x\nnumber: 7\nyes: true\nwait: PT5M\nlist: [a, b]\nword: 18.6\ninner: {k: v}\n");
    assertThat(map.text("text")).isEqualTo("x");
    assertThat(map.integer("number")).isEqualTo(7);
    assertThat(map.optionalBool("yes")).contains(true);
    assertThat(map.optionalDuration("wait")).contains(Duration.ofMinutes(5));
    assertThat(map.texts("list")).containsExactly("a", "b");
    assertThat(map.word("word")).isEqualTo("18.6");
    assertThat(map.map("inner").text("k")).isEqualTo("v");
    assertThat(map.optionalText("absent")).isEmpty();
    map.done();
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          name: x\\nport: y\\n              | a.yaml line 2: port: must be a whole number
          name: 5\\nport: 1\\n              | a.yaml line 1: name: must be text
          port: 1\\n                        | a.yaml line 1: missing key 'name'
          name: x\\nport: 1\\nnmae: y\\n    | a.yaml line 3: unknown key 'nmae' (did you mean 'name'?)
          name: x\\nport: 1\\nzzzzzz: y\\n  | a.yaml line 3: unknown key 'zzzzzz'
          name: x\\nname: y\\n              | a.yaml line 2: key 'name' is given twice
          name: null\\nport: 1\\n              | a.yaml line 1: name: must be text
          name: &a x\\nport: *a\\n          | a.yaml line 1: anchors and aliases are not allowed
          - a\\n                            | a.yaml line 1: expected `key: value` lines at the top
          name: x\\nport: 99999999999\\n    | a.yaml line 2: port: must be a whole number below 2147483648
          name: x\\nport: [1]\\n            | a.yaml line 2: port: must be a whole number
          """)
  void everyMistakeIsNamedWithItsLine(String yaml, String problem) {
    assertThatThrownBy(
            () -> {
              var map = YamlMap.parse("a.yaml", yaml.replace("\\n", "\n"));
              map.text("name");
              map.integer("port");
              map.done();
            })
        .isInstanceOf(YamlProblem.class)
        .hasMessage(problem);
  }

  @Test
  void brokenYamlIsNamedWithItsLine() {
    assertThatThrownBy(() -> YamlMap.parse("a.yaml", "a: 1\nb: [1, 2\nc: 3\n"))
        .isInstanceOf(YamlProblem.class)
        .hasMessageStartingWith("a.yaml line ");
    assertThatThrownBy(() -> YamlMap.parse("a.yaml", ""))
        .hasMessage("a.yaml line 1: the file is empty");
    assertThatThrownBy(() -> YamlMap.parse("a.yaml", "x".repeat((1 << 20) + 1)))
        .hasMessageContaining("1 MiB");
  }
}
