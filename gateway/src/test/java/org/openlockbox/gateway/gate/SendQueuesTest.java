package org.openlockbox.gateway.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class SendQueuesTest {
  private static final String HEAD =
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n";
  @TempDir private Path directory;

  private SendQueues.EmptyQueues shown(String here, String there, String queue) throws Exception {
    Path file = directory.resolve("tcp");
    Files.writeString(
        file,
        HEAD
            + "   0: %s %s 01 %s:00000000 01:00000014 00000000     0        0 12345 2 0000000000000000\n"
                .formatted(here, there, queue));
    return new SendQueues(List.of(file)).read();
  }

  private static InetSocketAddress at(String address, int port) throws UnknownHostException {
    return new InetSocketAddress(InetAddress.getByName(address), port);
  }

  @Test
  void anAddressIsWhatTheKernelPrints() throws Exception {
    Assumptions.assumeTrue(ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN);
    assertThat(
            shown("0100007F:1538", "0201A8C0:D431", "00000000")
                .isEmpty(at("127.0.0.1", 5432), at("192.168.1.2", 54_321)))
        .isTrue();
    assertThat(
            shown(
                    "0000000000000000FFFF00000100007F:1538",
                    "0000000000000000FFFF00000201A8C0:D431",
                    "00000000")
                .isEmpty(at("127.0.0.1", 5432), at("192.168.1.2", 54_321)))
        .isTrue();
    assertThat(
            shown(
                    "00000000000000000000000001000000:1538",
                    "B80D01200000000067452301EFCDAB89:D431",
                    "00000000")
                .isEmpty(at("::1", 5432), at("2001:db8::123:4567:89ab:cdef", 54_321)))
        .isTrue();
  }

  @Test
  void whoseQueueHoldsSomethingIsNotEmptyNorIsOneThatIsNotShown() throws Exception {
    var shown = shown("0100007F:1538", "0100007F:D431", "00000001");
    assertThat(shown.isEmpty(at("127.0.0.1", 5432), at("127.0.0.1", 54_321))).isFalse();
    assertThat(shown.isEmpty(at("127.0.0.1", 5432), at("127.0.0.1", 54_322))).isFalse();
  }

  @Test
  void whereNothingCanBeReadNobodyHasFetchedAnything() throws Exception {
    var missing = new SendQueues(List.of(directory.resolve("missing"))).read();
    assertThat(missing.isEmpty(at("127.0.0.1", 5432), at("127.0.0.1", 54_321))).isFalse();
    Files.writeString(directory.resolve("other"), HEAD + "something else\n");
    var other = new SendQueues(List.of(directory.resolve("other"))).read();
    assertThat(other.isEmpty(at("127.0.0.1", 5432), at("127.0.0.1", 54_321))).isFalse();
  }

  /// It looks at a queue that is empty and then full before it believes what is shown.
  @Test
  @EnabledOnOs(OS.LINUX)
  void theQueuesOfThisMachineAreBelieved() {
    assertThat(SendQueues.ofMachine().isBlind()).isFalse();
  }
}
