package org.openlockbox.gateway.testing.end;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.openlockbox.gateway.testing.Await;
import org.openlockbox.gateway.testing.end.ByteRecorder.Track;

/// One gateway, and clients that stream without end. In each round something stands still and an
/// access is revoked; what its clients get more than a second after that is tallied. How clients
/// connect and stream is their protocol's ([StreamingClients]).
public final class EndRounds implements Closeable {
  private static final long SECOND = 1_000_000_000L;
  private static final long GONE_WITHIN = 10 * SECOND;

  /// A gateway that has no processor for so long counts as stopped (docs/how-an-access-ends.md).
  private static final long NO_PROCESSOR = SECOND / 4;

  /// The clients of a protocol.
  public interface StreamingClients {
    /// Lets an access stream, or goes on with one that does. It is revoked after that.
    StreamingAccess begin(RoundParts parts) throws Exception;

    /// How many clients of accesses that were not revoked still stream.
    long others();
  }

  /// How often streams may fail to begin, one time after another.
  private static final int BEGINNINGS = 5;

  /// What a round is made of.
  ///
  /// @param leases says to the gateway what is in force
  public record RoundParts(
      GatewayProcess gateway, LeaseServer leases, ByteRecorder recorder, Random random) {
    /// Waits.
    public void pause(long millis) {
      Await.atLeast(Duration.ofMillis(millis));
    }
  }

  /// What one client gets.
  ///
  /// @param kind how it reads
  public record ClientStream(String kind, Track track) {}

  /// An access whose clients have all begun to get something.
  public record StreamingAccess(String request, List<ClientStream> streams) {
    public StreamingAccess {
      streams = List.copyOf(streams);
    }

    List<Track> tracks() {
      return streams.stream().map(ClientStream::track).toList();
    }
  }

  private final LeaseServer leases;
  private final GatewayProcess gateway;
  private final ByteRecorder recorder;
  private final RoundParts parts;
  private final Random random;
  private final StreamingClients clients;
  private final EndTally tally;

  /// @param program that of [GatewayProcess]
  public EndRounds(Class<?> program, StreamingClients clients, long seed, EndTally tally)
      throws IOException {
    this.leases = new LeaseServer();
    this.gateway = new GatewayProcess(leases, program);
    this.recorder = new ByteRecorder().start();
    this.random = new Random(seed);
    this.parts = new RoundParts(gateway, leases, recorder, random);
    this.clients = clients;
    this.tally = tally;
  }

  /// Streams that have begun. A gateway that gets no processor loses its lease, and with it what
  /// was about to begin: that is no round, and is begun once more.
  private StreamingAccess begin() throws Exception {
    for (int n = 1; ; n++) {
      try {
        return clients.begin(parts);
      } catch (IOException ended) {
        if (n == BEGINNINGS) {
          throw ended;
        }
      }
    }
  }

  /// The process is stopped, before the revocation or after it, and goes on more than a second
  /// after it.
  public void stopped() throws Exception {
    StreamingAccess open = begin();
    long revoked;
    if (random.nextBoolean()) {
      gateway.stop();
      parts.pause(random.nextInt(200));
      revoked = leases.revoke(open.request());
    } else {
      revoked = leases.revoke(open.request());
      parts.pause(random.nextInt(4));
      gateway.stop();
    }
    markAfterASecond(open, revoked);
    parts.pause(random.nextInt(1_000));
    gateway.resume();
    tally("stopped", open);
  }

  /// The network to the control plane is cut, and heals more than a second after the revocation.
  /// Until then the clients fetch what they can.
  public void cutOff() throws Exception {
    StreamingAccess open = begin();
    gateway.longestPauseNanos();
    leases.cut();
    parts.pause(random.nextInt(600));
    markAfterASecond(open, leases.revoke(open.request()));
    open.tracks().forEach(Track::hurry);
    parts.pause(random.nextInt(1_500));
    leases.heal();
    tally(gateway.longestPauseNanos() < NO_PROCESSOR ? "cut off" : "cut off, no processor", open);
  }

  /// The process is killed; nothing of it goes on.
  public void killed() throws Exception {
    StreamingAccess open = begin();
    gateway.kill();
    markAfterASecond(open, leases.revoke(open.request()));
    tally("killed", open);
  }

  private void markAfterASecond(StreamingAccess open, long revoked) {
    LockSupport.parkNanos(revoked + SECOND - System.nanoTime());
    while (System.nanoTime() - revoked < SECOND) {
      Thread.onSpinWait();
    }
    recorder.mark(open.tracks());
  }

  private void tally(String what, StreamingAccess open) {
    parts.pause(500);
    List<Track> tracks = open.tracks();
    tracks.forEach(Track::hurry);
    long until = System.nanoTime() + GONE_WITHIN;
    while (!tracks.stream().allMatch(Track::isGone) && System.nanoTime() < until) {
      parts.pause(10);
    }
    List<Long> late = recorder.since(tracks);
    for (int i = 0; i < tracks.size(); i++) {
      tally.late(what, open.streams().get(i).kind(), tracks.get(i), late.get(i));
    }
    tally.lived(what, clients.others());
  }

  @Override
  public void close() throws IOException {
    recorder.close();
    leases.close();
    gateway.close();
  }
}
