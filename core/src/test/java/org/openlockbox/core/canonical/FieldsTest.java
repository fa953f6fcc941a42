package org.openlockbox.core.canonical;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class FieldsTest {
  private static Fields fields(String json) {
    return Fields.of(Json.read(json.getBytes(UTF_8)), "paper");
  }

  private static void assertRefused(String json, Consumer<Fields> read, String message) {
    assertThatThrownBy(() -> read.accept(fields(json)))
        .isInstanceOf(MalformedJson.class)
        .hasMessage(message);
  }

  @Test
  void everyKindReadsBackWhatTheBuilderWrote() {
    var at = Instant.parse("2026-11-24T09:30:00.250Z");
    var hash = Bytes.ofUtf8("x").sha256();
    var json =
        Json.object()
            .put("text", "a")
            .put("number", 7)
            .put("flag", true)
            .put("bytes", Bytes.ofUtf8("b"))
            .put("hash", hash)
            .put("instant", at)
            .put("duration", Duration.ofMinutes(90))
            .putTexts("texts", List.of("p", "q"))
            .put("inner", Json.object().put("v", 1).build())
            .build();
    var fields = Fields.of(CanonicalJson.parse(CanonicalJson.bytes(json)), "paper");
    assertThat(fields.text("text")).isEqualTo("a");
    assertThat(fields.count("number")).isEqualTo(7);
    assertThat(fields.flag("flag")).isTrue();
    assertThat(fields.bytes("bytes")).isEqualTo(Bytes.ofUtf8("b"));
    assertThat(fields.hash("hash")).isEqualTo(hash);
    assertThat(fields.instant("instant")).isEqualTo(at);
    assertThat(fields.duration("duration")).isEqualTo(Duration.ofMinutes(90));
    assertThat(fields.texts("texts")).containsExactly("p", "q");
    fields.object("inner").version(1).done();
    assertThat(fields.optionalText("absent")).isEmpty();
    fields.done();
  }

  @Test
  void faultsSayWhereAndWhat() {
    assertRefused("{}", f -> f.text("id"), "paper: 'id' is missing");
    assertRefused("{\"id\":1}", f -> f.text("id"), "paper: 'id' is a text");
    assertRefused("{\"id\":null}", f -> f.optionalText("id"), "paper: 'id' is a text");
    assertRefused("{\"id\":\"a\\nb\"}", f -> f.text("id"), "paper: 'id' is a single line");
    assertRefused("{\"n\":-1}", f -> f.count("n"), "paper: 'n' is a count");
    assertRefused("{\"a\":1}", Fields::done, "paper: unknown member 'a'");
    assertRefused("{\"o\":{\"a\":1}}", f -> f.object("o").done(), "paper.o: unknown member 'a'");
    assertRefused(
        "{\"v\":2}",
        f -> f.version(1),
        "paper of version 2 needs a newer release of OpenLockbox; this one knows version 1");
    assertThatThrownBy(() -> fields("[]")).hasMessage("paper is not an object");
  }

  @Test
  void timesAndBytesHaveOneSpelling() {
    for (var bad :
        new String[] {
          "2026-11-24T09:30:00+00:00",
          "2026-11-24T09:30:00.000Z",
          "2026-11-24T09:30Z",
          "2026-11-24T09:30:00.1234Z",
          "2026-11-24",
          "now"
        }) {
      assertThatThrownBy(() -> fields("{\"t\":\"" + bad + "\"}").instant("t"))
          .as(bad)
          .isInstanceOf(MalformedJson.class);
    }
    for (var bad : new String[] {"PT60M", "pt1h", "1h", "P1D", ""}) {
      assertThatThrownBy(() -> fields("{\"d\":\"" + bad + "\"}").duration("d"))
          .as(bad)
          .isInstanceOf(MalformedJson.class);
    }
    for (var bad : new String[] {"YQ", "YR==", "YQ==\\n", "YQ= =", "_w=="}) {
      assertThatThrownBy(() -> fields("{\"b\":\"" + bad + "\"}").bytes("b"))
          .as(bad)
          .isInstanceOf(MalformedJson.class);
    }
    assertThatThrownBy(() -> fields("{\"h\":\"" + "A".repeat(64) + "\"}").hash("h"))
        .isInstanceOf(MalformedJson.class);
  }

  @Test
  void aMultilineTextKeepsItsLines() {
    assertThat(fields("{\"r\":\"a\\n\\tb\"}").multiline("r")).isEqualTo("a\n\tb");
  }
}
