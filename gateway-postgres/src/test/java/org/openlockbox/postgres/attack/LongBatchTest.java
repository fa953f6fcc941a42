package org.openlockbox.postgres.attack;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.postgres.Wire.query;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.postgres.GatewayFixture;
import org.openlockbox.postgres.Wire;

/// Batches of as many messages as drivers send for `executemany`, and of as much text: answered as
/// the database answers them, whatever the gateway keeps of them meanwhile.
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LongBatchTest {
  private static final int ROWS = 25_000;

  private final BothSides both = new BothSides();

  LongBatchTest() throws IOException {}

  @AfterAll
  void stop() throws IOException {
    both.close();
  }

  static Stream<Arguments> batches() {
    return Stream.of(
        batch("select 'a'", Talk.bind("", "a"), Talk.execute("", 0)),
        batch("select 'b'", Talk.bind("", "a"), Talk.describe('P', ""), Talk.execute("", 0)),
        batch("select 'c'", Talk.bind("", "a"), Talk.close('P', "")),
        batch("selec", Talk.bind("", "a"), Talk.execute("", 0)),
        batch("select 1 / 0", Talk.bind("", "a"), Talk.execute("", 0)));
  }

  private static Arguments batch(String sql, byte[]... ofEachRow) {
    var said = new ArrayList<>(List.of(Talk.parse("a", sql)));
    Collections.nCopies(ROWS, ofEachRow).forEach(row -> said.addAll(List.of(row)));
    return Arguments.of(sql, said);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("batches")
  void itIsAnsweredAsTheDatabaseAnswers(String sql, List<byte[]> said) throws Exception {
    assertThat(both.answer(meanwhile(said))).endsWith("alive");
  }

  /// Sends and hears at once, as whoever sends so much has to.
  private static BothSides.Conversation meanwhile(List<byte[]> said) {
    return talk -> {
      var sent =
          CompletableFuture.runAsync(
              () -> {
                try {
                  talk.send(said.toArray(byte[][]::new));
                  talk.send(Talk.sync(), query("select 'the end'"));
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
      List<String> heard = new ArrayList<>();
      while (heard.isEmpty() || !heard.getLast().equals("D:the end")) {
        talk.next().ifPresent(heard::add);
      }
      sent.join();
      return String.join(" ", heard) + " " + talk.answer();
    };
  }

  /// What is skipped behind an error is on record as that, however much it is.
  @Test
  void whatIsSkippedIsOnRecord() throws Exception {
    var said = new ArrayList<>(List.of(Talk.parse("a", "select 1 / (1 - 1) -- fails")));
    said.addAll(List.of(Talk.bind("", "a"), Talk.execute("", 0), Talk.flush()));
    for (int i = 0; i < 3_000; i++) {
      said.addAll(List.of(Talk.bind("", "a"), Talk.execute("", 0)));
    }
    both.ofGateway(meanwhile(said));
    var record = both.record();
    GatewayFixture.await(
        () ->
            record.events().stream()
                    .filter(SessionEvent.Outcome.class::isInstance)
                    .filter(event -> ((SessionEvent.Outcome) event).status().word().equals("LB001"))
                    .count()
                >= 3_000);
  }

  /// More than the texts of all prepared statements of a session may weigh.
  @Test
  void textsOfThirtyMegabytesPassInOneBatch() throws Exception {
    String text = "select '" + "t".repeat(1_000_000) + "' where ";
    var said = new ArrayList<byte[]>();
    for (int i = 0; i < 30; i++) {
      said.addAll(List.of(Talk.parse("", text + i + " = 29"), Talk.bind("", "")));
      said.add(Talk.describe('P', ""));
    }
    assertThat(both.answer(meanwhile(said))).endsWith("1 2 T Z T D:the end C Z alive");
  }

  @Test
  void valuesOfThirtyMegabytesPassInOneBatch() throws Exception {
    byte[] value = "v".repeat(150_000).getBytes(UTF_8);
    var said = new ArrayList<>(List.of(Talk.parse("a", "select length($1)")));
    for (int i = 0; i < 200; i++) {
      said.addAll(List.of(bind("a", value), Talk.execute("", 0)));
    }
    assertThat(both.answer(meanwhile(said))).contains("D:150000");
  }

  private static byte[] bind(String statement, byte[] value) {
    byte[] rest =
        ByteBuffer.allocate(10 + value.length)
            .putShort((short) 0)
            .putShort((short) 1)
            .putInt(value.length)
            .put(value)
            .putShort((short) 0)
            .array();
    return Wire.message('B', Talk.joined(Talk.text(""), Talk.text(statement), rest));
  }
}
