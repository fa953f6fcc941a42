package org.openlockbox.http.json;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is listed is shown or masked, what is not listed is left out, and what is no plain JSON
/// does not pass. Random documents: [MaskFuzzTest].
class JsonMaskerTest {
  private static final FieldRules RULES =
      rules(
          Map.of(
              "id", "show",
              "items.*.id", "show",
              "items.*.email", "email",
              "items.*.phone", "last4",
              "items.*.subject", "redact",
              "items.*.secret", "null",
              "tags.*", "show",
              "open", "show"));

  static FieldRules rules(Map<String, String> words) {
    Map<JsonPath, FieldMask> byPath = new TreeMap<>();
    words.forEach(
        (path, word) ->
            byPath.put(JsonPath.parse(path), FieldMask.mask(word).orElse(FieldMask.SHOW)));
    return FieldRules.of(byPath);
  }

  private static String masked(String json) throws IOException {
    return masked(json, UTF_8);
  }

  private static String masked(String json, Charset charset) throws IOException {
    var out = new ByteArrayOutputStream();
    new JsonMasker(RULES).document(new ByteArrayInputStream(json.getBytes(charset)), out);
    return out.toString(UTF_8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"id":7}                                    | {"id":7}
          {"id":"a","name":"Ada"}                     | {"id":"a"}
          {"i\\u0064":"x","nam\\u0065":"Ada"}         | {"id":"x"}
          {"id":-1.50e+3}                             | {"id":-1.50e+3}
          {"id":{"a":1}}                              | {"id":null}
          {"id":[1]}                                  | {"id":null}
          {"id":true,"open":false}                    | {"id":true,"open":false}
          {"items":[{"id":1,"email":"ada@acme.org"}]} | {"items":[{"id":1,"email":"a***@***"}]}
          {"items":[{"email":"ada"}]}                 | {"items":[{"email":"[redacted]"}]}
          {"items":[{"email":5}]}                     | {"items":[{"email":null}]}
          {"items":[{"phone":"+49 30 1234567"}]}      | {"items":[{"phone":"***4567"}]}
          {"items":[{"phone":49301234567}]}           | {"items":[{"phone":"***4567"}]}
          {"items":[{"phone":"1234567"}]}             | {"items":[{"phone":"****"}]}
          {"items":[{"subject":"no"}]}                | {"items":[{"subject":"[redacted]"}]}
          {"items":[{"subject":{"a":"no"}}]}          | {"items":[{"subject":null}]}
          {"items":[{"secret":"no"}]}                 | {"items":[{"secret":null}]}
          {"items":{"id":1}}                          | {"items":null}
          {"items":"no"}                              | {"items":"[redacted]"}
          {"items":["no",1,true,null]}                | {"items":["[redacted]",null,null,null]}
          {"tags":["a",1,null]}                       | {"tags":["a",1,null]}
          {"tags":[["no"]]}                           | {"tags":[null]}
          {"other":[{"id":1}],"ID":1}                 | {}
          "4111111111111111"                          | "[redacted]"
          4111                                        | null
          [{"id":1}]                                  | null
          null                                        | null
          """)
  void nothingIsShownThatIsNotListed(String json, String shown) throws IOException {
    assertThat(masked(json)).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"id":1,"id":2}
          {"x":1,"x":2}
          {"id":1} {"id":2}
          {"id":1}]
          {"id":1
          {"id":NaN}
          {"id":01}
          {'id':1}
          {"id":1,}
          // a comment
          id,name
          <html>
          %PDF
          """)
  void whatTwoProgramsCouldReadDifferentlyDoesNotPass(String text) {
    assertThatThrownBy(() -> masked(text))
        .isInstanceOf(UnfitAnswer.class)
        .hasMessageMatching("[a-zA-Z -]+");
  }

  @Test
  void otherEncodingsDoNotPass() {
    assertThatThrownBy(() -> masked("")).isInstanceOf(UnfitAnswer.class);
    assertThatThrownBy(() -> masked("{\"id\":1}", UTF_16)).isInstanceOf(UnfitAnswer.class);
    byte[] latin = {'{', '"', 'i', 'd', '"', ':', '"', (byte) 0xe9, '"', '}'};
    byte[] overlong = {'{', '"', 'i', 'd', '"', ':', '"', (byte) 0xc0, (byte) 0xa2, '"', '}'};
    for (byte[] each : new byte[][] {latin, overlong}) {
      assertThatThrownBy(
              () ->
                  new JsonMasker(RULES)
                      .document(new ByteArrayInputStream(each), new ByteArrayOutputStream()))
          .isInstanceOf(UnfitAnswer.class);
    }
  }

  @Test
  void depthAndLengthAreBounded() {
    String deep = "[".repeat(40) + "]".repeat(40);
    assertThatThrownBy(() -> masked("{\"other\":" + deep + "}")).isInstanceOf(UnfitAnswer.class);
    String longOne = "x".repeat((1 << 20) + 1);
    assertThatThrownBy(() -> masked("{\"id\":\"" + longOne + "\"}"))
        .isInstanceOf(UnfitAnswer.class);
  }

  /// What was shown of a document that breaks off is no document.
  @Test
  void aDocumentThatBreaksOffIsNotCompleted() {
    var out = new ByteArrayOutputStream();
    String begun = "{\"items\":[" + "{\"id\":1},".repeat(10_000);
    assertThatThrownBy(
            () ->
                new JsonMasker(RULES)
                    .document(new ByteArrayInputStream(begun.getBytes(UTF_8)), out))
        .isInstanceOf(UnfitAnswer.class);
    assertThat(out.toString(UTF_8)).startsWith("{\"items\":[{\"id\":1}").doesNotEndWith("]}");
  }

  @Test
  void aLineIsADocumentOfItsOwn() throws IOException {
    var out = new ByteArrayOutputStream();
    String lines = "{\"id\":1,\"name\":\"Ada\"}\n\n{\"id\":2}\r\n{\"id\":3}";
    new JsonMasker(RULES).lines(new ByteArrayInputStream(lines.getBytes(UTF_8)), out);
    assertThat(out.toString(UTF_8)).isEqualTo("{\"id\":1}\n{\"id\":2}\n{\"id\":3}\n");
    String bad = "{\"id\":1}\n{\"id\":2} {}\n{\"id\":3}\n";
    assertThatThrownBy(
            () ->
                new JsonMasker(RULES)
                    .lines(
                        new ByteArrayInputStream(bad.getBytes(UTF_8)), new ByteArrayOutputStream()))
        .isInstanceOf(UnfitAnswer.class);
  }

  @ParameterizedTest
  @CsvSource({"''", "a..b", ".a", "a.", "'a b'", "a[0]", "**"})
  void aPathHasOneForm(String path) {
    assertThatThrownBy(() -> JsonPath.parse(path)).isInstanceOf(IllegalArgumentException.class);
  }
}
