package org.openlockbox.postgres.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.openlockbox.postgres.Wire;
import org.openlockbox.postgres.relay.FuzzedSession.Reading;

/// What passes of a database's answers, and what ends the session, state by state.
class AnswerIntakeTest {
  private static final FuzzedSession SESSION = FuzzedSession.start();
  private static final byte[] READY = Wire.message('Z', new byte[] {'I'});
  private static final byte[] COMPLETE = Wire.message('C', "SELECT 1\0".getBytes(UTF_8));
  private static final byte[] OUT = Wire.message('H', new byte[3]);
  private static final byte[] IN = Wire.message('G', new byte[3]);
  private static final byte[] DATA = Wire.message('d', new byte[20]);
  private static final byte[] DATA_ENDS = Wire.message('c', new byte[0]);

  private static byte[] oneColumn() {
    return Wire.message('T', ByteBuffer.allocate(2 + 19).putShort((short) 1).array());
  }

  private static byte[] row(int size) {
    byte[] body = ByteBuffer.allocate(6 + size).putShort((short) 1).putInt(size).array();
    return Wire.message('D', body);
  }

  private static byte[] error(String severity, int text) {
    String fields = "S%s\0V%s\0C22012\0M%s\0\0".formatted(severity, severity, "x".repeat(text));
    return Wire.message('E', fields.getBytes(UTF_8));
  }

  private static byte[] all(byte[]... messages) {
    var all = new ByteArrayOutputStream();
    for (byte[] message : messages) {
      all.writeBytes(message);
    }
    return all.toByteArray();
  }

  private static Reading answered(String query, byte[]... answers) throws PeerGone, IOException {
    return SESSION.read(Wire.query(query), all(answers));
  }

  private static void passes(String query, byte[]... answers) throws PeerGone, IOException {
    Reading reading = answered(query, answers);
    assertThat(reading.violation()).isEmpty();
    assertThat(reading.bytes().toArray()).isEqualTo(all(answers));
  }

  private static void isViolation(String says, String query, byte[]... answers)
      throws PeerGone, IOException {
    assertThat(answered(query, answers).violation())
        .hasValueSatisfying(why -> assertThat(why).contains(says));
  }

  @Test
  void aRowThatComesInPiecesPassesByteForByte() throws Exception {
    passes("select 1", oneColumn(), row(5), row(95_000), row(17_000), row(5), COMPLETE, READY);
  }

  @Test
  void aRowInPiecesIsAsWideAsItsResult() throws Exception {
    byte[] two = row(95_000);
    two[6] = 2;
    isViolation("a row of 2 columns", "select 1", oneColumn(), two, COMPLETE, READY);
  }

  @Test
  void copiedDataPassesWhileItIsCopiedOut() throws Exception {
    byte[] large = Wire.message('d', new byte[60_000]);
    passes("copy t to stdout", OUT, DATA, large, DATA, DATA_ENDS, COMPLETE, READY);
    String unannounced = "without its announcement";
    isViolation(unannounced, "copy t to stdout", OUT, DATA, DATA_ENDS, DATA);
    isViolation(unannounced, "copy t to stdout", DATA);
  }

  @Test
  void nobodyCopiesBothWaysAtOnce() throws Exception {
    isViolation("in while it copies out", "copy t to stdout", OUT, IN);
    isViolation("out while it copies in", "copy t from stdin", IN, OUT);
    passes("copy t to stdout; copy t to stdout", OUT, DATA_ENDS, COMPLETE, OUT, DATA_ENDS, READY);
  }

  @Test
  void aTextTooLongIsToldByItsCodeAndWhatComesBehindItPasses() throws Exception {
    Reading reading = answered("select 1", error("ERROR", 1_200_000), READY);
    assertThat(reading.violation()).isEmpty();
    assertThat(reading.bytes().toArray()).hasSizeLessThan(1000).endsWith(READY);
    assertThat(new String(reading.bytes().toArray(), UTF_8))
        .contains("C22012")
        .contains("too long");
  }

  @Test
  void behindAnErrorNoRowPasses() throws Exception {
    isViolation("nobody asked for", "select 1", oneColumn(), row(5), error("ERROR", 5), row(5));
    passes("select 1", oneColumn(), row(5), error("ERROR", 5), READY);
  }

  @Test
  void aSimpleQueryIsAnsweredBeforeTheDatabaseIsReady() throws Exception {
    isViolation("before it has answered", "select 1", READY);
    passes("", Wire.message('I', new byte[0]), READY);
  }
}
