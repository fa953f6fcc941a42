package org.openlockbox.core.canonical;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// What is written member by member is what the whole value is written as.
final class CanonicalJsonWriterTest {
  private static final String ODD = "a \"quote\", a \\, a\nline, a\ttab and ü";

  private static Json.Object item(long n) {
    return Json.object()
        .put("a", Json.object().put("n", n).put("text", ODD).build())
        .put("b", Json.array(List.of()))
        .put("c", "word")
        .build();
  }

  private static void item(CanonicalJsonWriter to, long n) {
    to.beginItem().begin("a").number("n", n).text("text", ODD).end();
    to.beginList("b").endList().word("c", "word").end();
  }

  @Test
  void objectsAndListsNest() {
    var written = new CanonicalJsonWriter().beginList("items");
    item(written, 1);
    item(written, 2);
    written.endList().words("names", List.of("x", "y")).spelled("then", "[1,{}]");
    var whole =
        Json.object()
            .put("items", Json.array(List.of(item(1), item(2))))
            .putTexts("names", List.of("x", "y"))
            .put("then", Json.array(List.of(new Json.Number(1), Json.object().build())))
            .build();
    assertThat(written.done()).isEqualTo(CanonicalJson.text(whole));
  }

  @Test
  void anEmptyObjectIsWrittenAsOne() {
    assertThat(new CanonicalJsonWriter().done()).isEqualTo("{}");
    assertThat(new CanonicalJsonWriter().begin("a").end().done()).isEqualTo("{\"a\":{}}");
  }
}
