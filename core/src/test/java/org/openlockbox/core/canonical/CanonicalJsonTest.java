package org.openlockbox.core.canonical;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CanonicalJsonTest {
  private static final List<String> VALID =
      List.of(
          "{}",
          "[]",
          "null",
          "true",
          "0",
          "-1",
          "9007199254740991",
          "-9007199254740991",
          "\"\"",
          "\"a\\\"b\\\\c/d\\n\\t\"",
          "\"péché € 😀\"",
          "[1,[2,{\"a\":[]}],\"x\",false,null]",
          "{\"\":1,\"1\":2,\"A\":3,\"a\":4,\"ö\":5,\"€\":6,\"😀\":7,\"\ufb33\":8}",
          "{\"body\":{\"a\":[1,2,3],\"b\":{\"c\":\"d\"}},\"seq\":0,\"v\":1}");

  private static final List<String> INVALID =
      List.of(
          "",
          " ",
          "{",
          "[",
          "\"",
          "{\"a\"",
          "{\"a\":",
          "{\"a\":1",
          "[1",
          "[1,]",
          "[,1]",
          "{\"a\":1,}",
          "{,}",
          "{a:1}",
          "{'a':1}",
          "{\"a\":1}{}",
          "{\"a\":1}x",
          "[1 2]",
          "{\"a\":1,\"a\":1}",
          "{\"a\":1,\"\\u0061\":2}",
          "01",
          "-01",
          "-0",
          "-",
          "+1",
          "1.0",
          "1e3",
          "1E3",
          ".5",
          "0x10",
          "١",
          "9007199254740992",
          "-9007199254740992",
          "9223372036854775807",
          "99999999999999999999999",
          "NaN",
          "Infinity",
          "tru",
          "True",
          "nul",
          "undefined",
          "// comment\n1",
          "/* c */1",
          "\ufeff{}",
          "\u00a01",
          "\"a\nb\"",
          "\"a\tb\"",
          "\"\\x41\"",
          "\"\\u12\"",
          "\"\\u00g0\"",
          "\"\\uD800\"",
          "\"\\uDC00\\uD800\"",
          "\"\\ud83d\"",
          "\"\\u0000\"",
          "\"\\r\"",
          "\"\\b\"",
          "\"\\f\"",
          "\"\u007f\"",
          "\"\u0085\"",
          "\"\u202e\"",
          "\"\\u202e\"",
          "\"\u2066\"",
          "\"\u200b\"",
          "\"\u034f\"",
          "\"\u115f\"",
          "\"\u1160\"",
          "\"\u2800\"",
          "\"\u180b\"",
          "\"\u17b4\"",
          "\"\ud834\udd59\"",
          "\"\udb40\udfff\"",
          "\"\u3164\"",
          "\"\uffa0\"",
          "\"\ufe0f\"",
          "\"\\udb40\\uddef\"",
          "\"\u200d\"",
          "\"\u2060\"",
          "\"\ufeff\"",
          "\"\u061c\"",
          "\"\u2028\"",
          "\"\ufffe\"",
          "\"\\udb40\\udc41\"",
          "{\"a\\nb\":1}");

  private static Json parse(String text) {
    return CanonicalJson.parse(text.getBytes(UTF_8));
  }

  private static void assertRefused(String text) {
    assertThatThrownBy(() -> parse(text)).as(text).isInstanceOf(MalformedJson.class);
  }

  @Test
  void canonicalDocumentsReadBackByteForByte() {
    for (var text : VALID) {
      assertThat(CanonicalJson.text(parse(text))).isEqualTo(text);
    }
  }

  /// RFC 8785 section 3.2.3: UTF-16 code units, so U+1F600 sorts before U+FB33.
  @Test
  void membersAreSortedByUtf16CodeUnits() {
    var read =
        Json.read("{\"€\":1,\"\\ufb33\":2,\"1\":3,\"😀\":4,\"\\u20ad\":5,\"ö\":6}".getBytes(UTF_8));
    assertThat(CanonicalJson.text(read))
        .isEqualTo("{\"1\":3,\"ö\":6,\"€\":1,\"₭\":5,\"😀\":4,\"\ufb33\":2}");
  }

  @Test
  void orderAndSpaceAreFreeWhereTheCallerSaysSo() {
    var loose = " {\r\n\t\"b\" : [ 1 , 2 ] , \"a\":\"\\u0041\\/\" } ";
    assertThat(CanonicalJson.text(Json.read(loose.getBytes(UTF_8))))
        .isEqualTo("{\"a\":\"A/\",\"b\":[1,2]}");
    assertRefused(loose);
  }

  @Test
  void everySecondSpellingIsRefused() {
    for (var text :
        List.of(
            " {}",
            "{} ",
            "{}\n",
            "{ }",
            "[1, 2]",
            "{\"b\":1,\"a\":2}",
            "{\"a\": 1}",
            "\"\\u0041\"",
            "\"\\/\"",
            "\"\\u000a\"",
            "\"\\ud83d\\ude00\"")) {
      assertRefused(text);
    }
  }

  @Test
  void whatOtherReadersGuessIsRefusedEverywhere() {
    for (var text : INVALID) {
      assertThatThrownBy(() -> Json.read(text.getBytes(UTF_8)))
          .as(text)
          .isInstanceOf(MalformedJson.class);
      assertRefused(text);
    }
  }

  @Test
  void bytesThatAreNoUtf8AreRefused() {
    for (var bytes :
        List.of(
            new byte[] {'"', (byte) 0xff, '"'},
            new byte[] {'"', (byte) 0xc0, (byte) 0xaf, '"'},
            new byte[] {'"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'},
            new byte[] {'"', (byte) 0xf4, (byte) 0x90, (byte) 0x80, (byte) 0x80, '"'},
            new byte[] {'"', (byte) 0xe2, (byte) 0x82, '"'})) {
      assertThatThrownBy(() -> Json.read(bytes)).isInstanceOf(MalformedJson.class);
    }
  }

  @Test
  void depthAndLengthAreLimited() {
    var deepest = "[".repeat(16) + "]".repeat(16);
    assertThat(CanonicalJson.text(parse(deepest))).isEqualTo(deepest);
    assertRefused("[".repeat(17) + "]".repeat(17));
    assertRefused("[".repeat(100_000));
    assertRefused("{\"a\":".repeat(100_000));
    assertThatThrownBy(() -> Json.read("\"abc\"".getBytes(UTF_8), 4))
        .isInstanceOf(MalformedJson.class);
    Json nested = Json.array(List.of());
    for (int i = 1; i < 16; i++) {
      nested = Json.array(List.of(nested));
    }
    assertThat(CanonicalJson.text(nested)).isEqualTo(deepest);
    var tooDeep = Json.array(List.of(nested));
    assertThatThrownBy(() -> CanonicalJson.bytes(tooDeep)).isInstanceOf(MalformedJson.class);
  }

  @Test
  void valuesThatCannotBeReadCannotBeMade() {
    assertThatThrownBy(() -> Json.text("a\u202eb")).isInstanceOf(MalformedJson.class);
    assertThatThrownBy(() -> Json.text("\ud800")).isInstanceOf(MalformedJson.class);
    assertThatThrownBy(() -> new Json.Number(1L << 53)).isInstanceOf(MalformedJson.class);
    assertThatThrownBy(() -> Json.object().put("a\n", 1).build()).isInstanceOf(MalformedJson.class);
    assertThatThrownBy(() -> Json.object().put("a", 1).put("a", 1))
        .isInstanceOf(IllegalStateException.class);
    assertThat(TextRules.visible("a\u202eb\0")).isEqualTo("a\ufffdb\ufffd");
  }

  /// Nothing but [MalformedJson] for any bytes; and whatever is accepted is written the same.
  @Test
  void mutatedDocumentsAreRefusedOrReadBackByteForByte() {
    var random = new Random(20_261_124);
    int accepted = 0;
    for (int round = 0; round < 200_000; round++) {
      var bytes = Mutations.of(VALID.get(random.nextInt(VALID.size())).getBytes(UTF_8), random);
      try {
        assertThat(CanonicalJson.bytes(CanonicalJson.parse(bytes))).isEqualTo(bytes);
        accepted++;
      } catch (MalformedJson e) {
        assertThat(e).hasMessageMatching("(?s).+");
      }
    }
    assertThat(accepted).isGreaterThan(1000);
  }
}
