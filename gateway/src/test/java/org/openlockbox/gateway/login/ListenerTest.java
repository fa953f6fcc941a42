package org.openlockbox.gateway.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// One connection's disaster is its own.
class ListenerTest {
  private static final InetSocketAddress ANYWHERE =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final ThreadFactory THREADS = Thread.ofPlatform().daemon().factory();

  private static Listener listener(ThreadFactory threads, Listener.ConnectionHandler visit)
      throws IOException {
    return new Listener(ANYWHERE, LoginLimits.STANDARD, System::nanoTime, threads, visit).start();
  }

  private static int firstByte(Listener listener) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.port())) {
      socket.setSoTimeout(10_000);
      return socket.getInputStream().read();
    }
  }

  @Test
  void anErrorInAConnectionEndsThatConnectionOnly() throws IOException {
    Deque<Throwable> disasters = new ArrayDeque<>();
    disasters.add(new StackOverflowError("deep"));
    disasters.add(new OutOfMemoryError("no heap"));
    disasters.add(new IllegalStateException("a bug"));
    try (Listener listener = listener(THREADS, (socket, login) -> answer(socket, disasters))) {
      for (int i = 0; i < 3; i++) {
        assertThat(firstByte(listener)).isEqualTo(-1);
      }
      assertThat(firstByte(listener)).isEqualTo('!');
    }
  }

  private static boolean answer(Socket socket, Deque<Throwable> disasters) throws IOException {
    switch (disasters.poll()) {
      case null -> socket.getOutputStream().write('!');
      case Error error -> throw error;
      case RuntimeException bug -> throw bug;
      case Throwable other -> throw new IOException(other);
    }
    return false;
  }

  @Test
  void whenTheMachineHasNoThreadLeftTheConnectionIsClosedAndTheNextOneServed() throws IOException {
    AtomicInteger asked = new AtomicInteger();
    ThreadFactory exhausted =
        task -> {
          if (asked.getAndIncrement() == 0) {
            throw new OutOfMemoryError("unable to create native thread");
          }
          return THREADS.newThread(task);
        };
    try (Listener listener =
        listener(exhausted, (socket, login) -> answer(socket, new ArrayDeque<>()))) {
      assertThat(firstByte(listener)).isEqualTo(-1);
      assertThat(firstByte(listener)).isEqualTo('!');
    }
  }

  /// As when the gateway stops just then: nothing can be scheduled any more.
  @Test
  void aConnectionThatIsAcceptedWhileTheListenerClosesIsNotLeftOpen() throws IOException {
    AtomicReference<Listener> made = new AtomicReference<>();
    ThreadFactory stopping =
        task -> {
          close(made.get());
          return THREADS.newThread(task);
        };
    try (Listener listener =
        listener(stopping, (socket, login) -> answer(socket, new ArrayDeque<>()))) {
      made.set(listener);
      assertThat(firstByte(listener)).isEqualTo('!');
    }
  }

  private static void close(Listener listener) {
    try {
      listener.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void noNumberOfSimultaneousStrangersGetsPastALimitAndNoStepIsLost() throws Exception {
    ConnectionLimit<InetAddress> strangers = new ConnectionLimit<>(6, 4);
    InetAddress[] addresses = {
      InetAddress.getByAddress(new byte[] {10, 0, 0, 1}),
      InetAddress.getByAddress(new byte[] {10, 0, 0, 2})
    };
    AtomicInteger[] inside = {new AtomicInteger(), new AtomicInteger()};
    AtomicInteger together = new AtomicInteger();
    AtomicInteger entered = new AtomicInteger();
    AtomicInteger tooMany = new AtomicInteger();
    try (var threads = Executors.newFixedThreadPool(16)) {
      for (int i = 0; i < 16; i++) {
        threads.execute(
            () -> {
              for (int step = 0; step < 5_000; step++) {
                int which = ThreadLocalRandom.current().nextInt(2);
                if (!strangers.enter(addresses[which])) {
                  continue;
                }
                entered.incrementAndGet();
                int here = inside[which].incrementAndGet();
                int all = together.incrementAndGet();
                if (here > 4 || all > 6) {
                  tooMany.incrementAndGet();
                }
                Thread.onSpinWait();
                together.decrementAndGet();
                inside[which].decrementAndGet();
                strangers.leave(addresses[which]);
              }
            });
      }
    }
    assertThat(entered.get()).isPositive();
    assertThat(tooMany.get()).isZero();
    assertThat(strangers.isEmpty()).isTrue();
  }
}
