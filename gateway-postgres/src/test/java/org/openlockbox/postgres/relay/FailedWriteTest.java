package org.openlockbox.postgres.relay;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.log.SessionEvent;

class FailedWriteTest {
  private static final byte[] SQL = "select 1\0".getBytes(US_ASCII);
  private static final byte[] QUERY =
      ByteBuffer.allocate(5 + SQL.length).put((byte) 'Q').putInt(4 + SQL.length).put(SQL).array();

  /// One column without a name, of type `text`.
  private static final byte[] DESCRIPTION =
      ByteBuffer.allocate(26)
          .put((byte) 'T')
          .putInt(25)
          .putShort((short) 1)
          .put((byte) 0)
          .putInt(0)
          .putShort((short) 0)
          .putInt(25)
          .putShort((short) -1)
          .putInt(-1)
          .putShort((short) 0)
          .array();

  private static final byte[] ROW =
      ByteBuffer.allocate(12)
          .put((byte) 'D')
          .putInt(11)
          .putShort((short) 1)
          .putInt(1)
          .put((byte) '1')
          .array();

  private static byte[] rows(byte[] before, int count) {
    var all = new ByteArrayOutputStream();
    all.writeBytes(before);
    for (int i = 0; i < count; i++) {
      all.writeBytes(ROW);
    }
    return all.toByteArray();
  }

  @Test
  void rowsOfAWriteThatFailedAsAWholeAreNotOnRecord() throws PeerGone, IOException {
    SessionEvent.Outcome outcome =
        FuzzedSession.start().cutOffBehind(QUERY, rows(DESCRIPTION, 3), rows(new byte[0], 5));
    assertThat(outcome.units()).isEqualTo(3);
    assertThat(outcome.bytes()).isEqualTo(3L * ROW.length);
    assertThat(outcome.status().word()).isEqualTo("08006");
  }
}
