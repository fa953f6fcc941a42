package org.openlockbox.postgres.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.net.Buffers;

class MessageBufferTest {
  private static final byte[] NONE = {};

  /// What becomes of messages; the others are kept.
  private static final Map<Character, byte[]> REPLACED =
      Map.of('d', NONE, 'l', message('L', "longer".repeat(100)), 's', message('S', ""));

  private static byte[] message(char type, String body) {
    byte[] all = new byte[5 + body.length()];
    all[0] = (byte) type;
    all[3] = (byte) ((4 + body.length()) >> 8);
    all[4] = (byte) (4 + body.length());
    System.arraycopy(body.getBytes(ISO_8859_1), 0, all, 5, body.length());
    return all;
  }

  private static byte[] joined(Stream<byte[]> messages) {
    var all = new ByteArrayOutputStream();
    messages.forEach(all::writeBytes);
    return all.toByteArray();
  }

  /// However many come at once, and wherever what has come ends: all that is kept, and all that
  /// stands for others, goes on in order.
  @ParameterizedTest
  @ValueSource(strings = {"k", "d", "l", "kdk", "ldsk", "kkllddss", "slsldkkk"})
  void whatIsKeptStaysInOrderAroundWhatIsReplaced(String pattern) throws IOException {
    String types = pattern.repeat(40);
    byte[] sent =
        joined(types.chars().mapToObj(type -> message((char) type, "a body " + types.length())));
    byte[] expected =
        joined(
            types
                .chars()
                .mapToObj(
                    type ->
                        REPLACED.getOrDefault(
                            (char) type, message((char) type, "a body " + types.length()))));
    for (int atOnce : new int[] {1, 7, 16, 100, 10_000}) {
      assertThat(passed(sent, atOnce, true)).as("%d at once", atOnce).isEqualTo(expected);
      assertThat(passed(sent, atOnce, false)).as("%d at once", atOnce).isEqualTo(expected);
    }
  }

  /// @param often whether what is kept is written whenever something has come, or at the end
  private static byte[] passed(byte[] sent, int atOnce, boolean often) throws IOException {
    var in = new ByteArrayInputStream(sent);
    var out = new ByteArrayOutputStream();
    var buffer = new MessageBuffer(new Buffers());
    while (buffer.fill((into, at, count) -> in.read(into, at, Math.min(atOnce, count)))) {
      while (buffer.nextHead() && buffer.nextWhole(1_000)) {
        byte[] by = REPLACED.get((char) buffer.type());
        if (by != null) {
          buffer.replace(by);
        }
      }
      if (often) {
        buffer.writeBefore(out::write);
        assertThat(buffer.pending()).isZero();
        buffer.rest();
      }
    }
    buffer.writeBefore(out::write);
    return out.toByteArray();
  }
}
