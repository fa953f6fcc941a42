package org.openlockbox.gateway.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.openlockbox.gateway.testing.Await;

@EnabledOnOs(OS.LINUX)
class SocketStatesTest {
  private static final ByteBuffer PIECE = ByteBuffer.allocateDirect(64 * 1024);

  /// One connection of which this machine has both ends.
  private record Pair(ServerSocketChannel listening, SocketChannel here, SocketChannel there)
      implements AutoCloseable {
    /// @param family of the socket that sends
    static Pair open(ProtocolFamily family, String address) throws IOException {
      var listening = ServerSocketChannel.open(family);
      listening.bind(new InetSocketAddress(InetAddress.getByName(address), 0));
      var there = SocketChannel.open(listening.getLocalAddress());
      var here = listening.accept();
      here.configureBlocking(false);
      here.setOption(StandardSocketOptions.SO_LINGER, 0);
      return new Pair(listening, here, there);
    }

    SocketStates.Endpoints ends() throws IOException {
      return new SocketStates.Endpoints(
          (InetSocketAddress) here.getLocalAddress(), (InetSocketAddress) here.getRemoteAddress());
    }

    void fill() throws IOException {
      while (here.write(PIECE.duplicate().clear()) > 0) {
        // until nothing more fits in
      }
    }

    /// Takes what is there for the moment.
    boolean fetched() {
      try {
        there.configureBlocking(false);
        return there.read(ByteBuffer.allocate(1_000_000)) <= 0;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() throws IOException {
      here.close();
      there.close();
      listening.close();
    }
  }

  private static void isSeen(Pair pair) throws Exception {
    try (pair;
        var states = SocketStates.ofMachine()) {
      assertThat(states.isEmpty(pair.ends())).isTrue();
      pair.fill();
      assertThat(states.isEmpty(pair.ends())).isFalse();
      SocketStates.Endpoints ends = pair.ends();
      Await.until(() -> pair.fetched() && states.isEmpty(ends));
    }
  }

  @Test
  void aQueueIsSeenOnSocketsOfBothFamilies() throws Exception {
    isSeen(Pair.open(StandardProtocolFamily.INET, "127.0.0.1"));
    isSeen(Pair.open(StandardProtocolFamily.INET6, "::1"));
  }

  /// As the JDK opens one if nobody says which.
  @Test
  void aQueueToAnAddressOfTheOldFamilyIsSeenOnASocketOfTheNewOne() throws Exception {
    isSeen(Pair.open(StandardProtocolFamily.INET6, "127.0.0.1"));
  }

  @Test
  void aConnectionThatIsGoneIsNotEmptyAlsoWhereItsPortIsListenedOn() throws Exception {
    try (var pair = Pair.open(StandardProtocolFamily.INET, "127.0.0.1");
        var states = SocketStates.ofMachine()) {
      SocketStates.Endpoints ends = pair.ends();
      pair.here().close();
      pair.there().close();
      assertThat(states.isEmpty(ends)).isFalse();
    }
  }

  @Test
  void whoHasClosedItsEndIsGoneAndNobodyElse() throws Exception {
    try (var stays = Pair.open(StandardProtocolFamily.INET6, "127.0.0.1");
        var leaves = Pair.open(StandardProtocolFamily.INET, "127.0.0.1");
        var states = SocketStates.ofMachine()) {
      for (var pair : List.of(stays, leaves)) {
        assertThat(states.isConnected(pair.ends())).isTrue();
        assertThat(states.isGone(pair.ends())).isFalse();
      }
      leaves.there().close();
      Await.until(() -> states.isGone(ends(leaves)));
      assertThat(states.isConnected(leaves.ends())).isFalse();
      assertThat(states.isConnected(stays.ends())).isTrue();
    }
  }

  /// What resets a connection: leaving while something lies there unread.
  @Test
  void aConnectionThatWasResetIsGone() throws Exception {
    try (var pair = Pair.open(StandardProtocolFamily.INET, "127.0.0.1");
        var states = SocketStates.ofMachine()) {
      SocketStates.Endpoints ends = pair.ends();
      pair.fill();
      pair.there().close();
      Await.until(() -> states.isGone(ends));
      assertThat(states.isConnected(ends)).isFalse();
    }
  }

  private static SocketStates.Endpoints ends(Pair pair) {
    try {
      return pair.ends();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void whereTheKernelIsNotAskedNobodyHasFetchedAnything() throws Exception {
    try (var pair = Pair.open(StandardProtocolFamily.INET, "127.0.0.1")) {
      var closed = SocketStates.ofMachine();
      closed.close();
      closed.close();
      assertThat(closed.isEmpty(pair.ends())).isFalse();
      assertThat(SocketStates.unknown().isEmpty(pair.ends())).isFalse();
      assertThat(closed.isConnected(pair.ends())).isFalse();
      assertThat(closed.isGone(pair.ends())).isFalse();
    }
  }

  @Test
  void everyoneWhoAsksAtOnceGetsTheAnswerToTheirOwnQuestion() throws Exception {
    try (var states = SocketStates.ofMachine();
        var full = Pair.open(StandardProtocolFamily.INET, "127.0.0.1");
        var empty = Pair.open(StandardProtocolFamily.INET, "127.0.0.1");
        var threads = Executors.newFixedThreadPool(4)) {
      full.fill();
      List<Callable<Boolean>> questions = new ArrayList<>();
      for (int i = 0; i < 2_000; i++) {
        questions.add(() -> states.isEmpty(full.ends()));
        questions.add(() -> !states.isEmpty(empty.ends()));
      }
      for (Future<Boolean> wrong : threads.invokeAll(questions)) {
        assertThat(wrong.get()).isFalse();
      }
    }
  }

  /// It looks at a queue that is empty and then full before it believes what is shown.
  @Test
  void theQueuesOfThisMachineAreBelieved() {
    try (var states = SocketStates.ofMachine()) {
      assertThat(states.isKnown()).isTrue();
    }
  }
}
