package org.openlockbox.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LoopTest {
  private static final long LOOK_AGAIN_MILLIS = 20;

  private final Loop loop = new Loop(Thread.ofPlatform().name("loop-test").daemon());
  private SocketChannel near;
  private SocketChannel far;

  /// Sends back what comes.
  private static final class Echo implements Loop.LoopHandler {
    @Override
    public void ready(SelectionKey key) {
      try {
        var one = ByteBuffer.allocate(1);
        var socket = (SocketChannel) key.channel();
        if (socket.read(one) == 1) {
          socket.write(one.flip());
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public boolean look() {
      return false;
    }
  }

  /// Waits for something that never comes.
  private static final class Held implements Loop.LoopHandler {
    private final Semaphore looks = new Semaphore(0);

    @Override
    public void ready(SelectionKey key) {}

    @Override
    public boolean look() {
      looks.release();
      return true;
    }
  }

  @BeforeEach
  void connect() throws IOException {
    try (var listener = ServerSocketChannel.open()) {
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      near = SocketChannel.open(listener.getLocalAddress());
      far = listener.accept();
      far.configureBlocking(false);
    }
    loop.start();
    loop.execute(
        () -> {
          try {
            var _ = loop.register(far, SelectionKey.OP_READ, new Echo());
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  @AfterEach
  void close() throws IOException {
    loop.close();
    near.close();
    far.close();
  }

  private Held held() {
    var held = new Held();
    loop.execute(() -> loop.hold(held));
    return held;
  }

  private void ping() throws IOException {
    var one = ByteBuffer.allocate(1);
    near.write(one);
    near.read(one.clear());
  }

  @Test
  void aSocketThatIsReadyIsNoReasonToLookAtWhoIsHeld() throws IOException {
    var held = held();
    long began = System.nanoTime();
    held.looks.drainPermits();
    for (int i = 0; i < 2_000; i++) {
      ping();
    }
    int looks = held.looks.availablePermits();
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    assertThat(looks).isLessThanOrEqualTo((int) (millis / LOOK_AGAIN_MILLIS) + 3);
  }

  @Test
  void whoIsHeldIsLookedAtAgainHoweverBusyTheSocketsAre() throws IOException {
    var held = held();
    while (held.looks.availablePermits() < 5) {
      ping();
    }
  }

  /// Without being woken it would look a thousand times in 20 s.
  @Test
  void wakingTheLoopMakesItLook() throws InterruptedException {
    var held = held();
    long began = System.nanoTime();
    for (int i = 0; i < 1_000; i++) {
      held.looks.drainPermits();
      loop.wake();
      assertThat(held.looks.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(System.nanoTime() - began).isLessThan(TimeUnit.SECONDS.toNanos(10));
  }

  /// Could go on for ever.
  private final class Eager implements Loop.LoopHandler {
    private final Semaphore turns = new Semaphore(0);

    @Override
    public void ready(SelectionKey key) {}

    @Override
    public boolean look() {
      turns.release();
      loop.again(this);
      return false;
    }
  }

  @Test
  void whoeverGoesOnForEverLeavesTheOthersTheirTurn() throws IOException {
    var eager = new Eager();
    loop.execute(() -> loop.again(eager));
    eager.turns.acquireUninterruptibly(5);
    for (int i = 0; i < 100; i++) {
      ping();
    }
    eager.turns.acquireUninterruptibly(5);
  }

  @Test
  void whoeverWaitsForALoopThatStandsStillWaitsUntilItGoesOn() throws Exception {
    var goesOn = new CountDownLatch(1);
    var done = new CountDownLatch(1);
    loop.execute(
        () -> {
          try {
            goesOn.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    loop.execute(done::countDown);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var waiting = threads.submit(() -> loop.await(done, Duration.ofMillis(1)));
      assertThatExceptionOfType(TimeoutException.class)
          .isThrownBy(() -> waiting.get(50, TimeUnit.MILLISECONDS));
      goesOn.countDown();
      assertThat(waiting.get(10, TimeUnit.SECONDS)).isTrue();
    }
    loop.close();
    assertThat(loop.await(new CountDownLatch(1), Duration.ofMillis(1))).isFalse();
  }
}
