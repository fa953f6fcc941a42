package org.openlockbox.postgres.end;

import java.io.Closeable;
import java.io.IOException;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.openlockbox.gateway.testing.end.ByteRecorder;
import org.openlockbox.gateway.testing.end.EndTally;
import org.openlockbox.gateway.testing.end.GatewayProcess;
import org.openlockbox.gateway.testing.end.LeaseServer;

/// One gateway, and clients that stream without end, some fast and some slow. In each round
/// something stands still and one of two accesses is revoked.
final class Lane implements Closeable {
  private static final long SECOND = 1_000_000_000L;
  private static final int SLOW = 16;

  /// One access of so many streams as fast as can be.
  private static final int FAST = 10;

  private static final int MOST_LOGINS = 30;
  private static final long GONE_WITHIN = 5 * SECOND;

  /// A gateway that has no processor for so long counts as stopped (docs/how-an-access-ends.md).
  private static final long NO_PROCESSOR = SECOND / 4;

  /// What one access does: a client that reads all (as fast as can be, or a steady stream), one
  /// with a receive buffer of four kilobytes, and one that is slow although its system would take
  /// more.
  private record Streams(String request, Client whole, Client small, Client slow) {
    List<Client> all() {
      return List.of(whole, small, slow);
    }

    boolean isWhole() {
      return all().stream().noneMatch(client -> client.track().isGone());
    }
  }

  /// The connection is kept, because pgjdbc closes one that nobody has.
  private record Client(String kind, Connection connection, ByteRecorder.Track track) {}

  private final LeaseServer leases = new LeaseServer();
  private final GatewayProcess gateway = new GatewayProcess(leases, GatewayProgram.class);
  private final ByteRecorder recorder = new ByteRecorder().start();
  private final Random random;
  private final EndTally tally;
  private final List<Streams> open = new ArrayList<>();

  Lane(long seed, EndTally tally) throws IOException {
    this.random = new Random(seed);
    this.tally = tally;
  }

  /// The process is stopped, before the revocation or after it, and goes on more than a second
  /// after it.
  void stopped() throws Exception {
    prepare();
    long revoked;
    if (random.nextBoolean()) {
      gateway.stop();
      pause(random.nextInt(200));
      revoked = revoke();
    } else {
      revoked = revoke();
      pause(random.nextInt(4));
      gateway.stop();
    }
    markAfterASecond(revoked);
    pause(random.nextInt(1_000));
    gateway.resume();
    tally("stopped");
  }

  /// The network to the control plane is cut, and heals more than a second after the revocation.
  /// Until then the clients fetch what they can.
  void cutOff() throws Exception {
    prepare();
    gateway.longestPauseNanos();
    leases.cut();
    pause(random.nextInt(600));
    long revoked = revoke();
    markAfterASecond(revoked);
    revokedTracks().forEach(ByteRecorder.Track::hurry);
    pause(random.nextInt(1_500));
    leases.heal();
    tally(gateway.longestPauseNanos() < NO_PROCESSOR ? "cut off" : "cut off, no processor");
  }

  /// The process is killed; nothing of it goes on.
  void killed() throws Exception {
    prepare();
    gateway.kill();
    markAfterASecond(revoke());
    tally("killed");
  }

  private void prepare() throws Exception {
    open.stream().filter(each -> !each.isWhole()).forEach(each -> leases.revoke(each.request()));
    open.removeIf(each -> !each.isWhole());
    for (int i = 0; open.size() < 2; i++) {
      try {
        open.add(streams(gateway.approved()));
      } catch (ExecutionException e) {
        if (i > MOST_LOGINS) {
          throw e;
        }
        pause(1_000); // the streams of the others leave the machine no time
      }
    }
    pause(50 + random.nextInt(250));
  }

  private long revoke() {
    return leases.revoke(open.getFirst().request());
  }

  private List<Client> revokedClients() {
    return open.getFirst().all();
  }

  private List<ByteRecorder.Track> revokedTracks() {
    return revokedClients().stream().map(Client::track).toList();
  }

  private void markAfterASecond(long revoked) {
    LockSupport.parkNanos(revoked + SECOND - System.nanoTime());
    while (System.nanoTime() - revoked < SECOND) {
      Thread.onSpinWait();
    }
    recorder.mark(revokedTracks());
  }

  private void tally(String what) {
    pause(500);
    var tracks = revokedTracks();
    tracks.forEach(ByteRecorder.Track::hurry);
    long until = System.nanoTime() + GONE_WITHIN;
    while (!tracks.stream().allMatch(ByteRecorder.Track::isGone) && System.nanoTime() < until) {
      pause(10);
    }
    List<Long> late = recorder.since(tracks);
    for (int i = 0; i < tracks.size(); i++) {
      Client client = revokedClients().get(i);
      tally.late(what, client.kind(), client.track(), late.get(i));
    }
    open.removeFirst();
    tally.lived(
        what, open.stream().flatMap(each -> each.all().stream()).filter(this::lives).count());
  }

  private boolean lives(Client client) {
    return !client.track().isGone();
  }

  private Streams streams(GatewayProcess.Access access) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var all =
          Stream.of(
                  new Wish(random.nextInt(FAST) == 0 ? "fast" : "steady", 0, 0),
                  new Wish("4 kB", 4096, SLOW),
                  new Wish("slow", 0, SLOW))
              .map(wish -> threads.submit(connecting(access, wish)))
              .toList();
      return new Streams(access.request(), get(all.get(0)), get(all.get(1)), get(all.get(2)));
    }
  }

  private record Wish(String kind, int receive, int slow) {}

  private static Client get(Future<Client> client) throws InterruptedException, ExecutionException {
    return client.get();
  }

  private Callable<Client> connecting(GatewayProcess.Access access, Wish wish) {
    return () -> {
      Connection connection = OwnSockets.connect(gateway.url(), access.login(), wish.receive());
      var track =
          wish.kind().equals("steady")
              ? OwnSockets.steadyStream(connection)
              : OwnSockets.stream(connection, wish.slow());
      recorder.add(track);
      return new Client(wish.kind(), connection, track);
    };
  }

  private static void pause(long millis) {
    LockSupport.parkNanos(millis * 1_000_000L);
  }

  @Override
  public void close() throws IOException {
    recorder.close();
    leases.close();
    gateway.close();
  }
}
