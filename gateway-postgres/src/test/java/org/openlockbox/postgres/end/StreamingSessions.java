package org.openlockbox.postgres.end;

import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.openlockbox.gateway.testing.end.ByteRecorder;
import org.openlockbox.gateway.testing.end.EndRounds;
import org.openlockbox.gateway.testing.end.EndRounds.ClientStream;
import org.openlockbox.gateway.testing.end.EndRounds.RoundParts;
import org.openlockbox.gateway.testing.end.EndRounds.StreamingAccess;
import org.openlockbox.gateway.testing.end.GatewayProcess;

/// Sessions over PostgreSQL whose results stream without end, some fast and some slow, of two
/// accesses at a time; one of the two is revoked.
final class StreamingSessions implements EndRounds.StreamingClients {
  private static final int SLOW = 16;

  /// One access of so many streams as fast as can be.
  private static final int FAST = 10;

  private static final int MOST_LOGINS = 30;

  private final List<OpenAccess> open = new ArrayList<>();

  /// Kept until the next round, because pgjdbc closes a connection that nobody has.
  private final List<OpenAccess> revoked = new ArrayList<>();

  /// What one access does: a client that reads all (as fast as can be, or a steady stream), one
  /// with a receive buffer of four kilobytes, and one that is slow although its system would take
  /// more.
  private record OpenAccess(String request, List<OpenSession> sessions) {
    boolean isWhole() {
      return sessions.stream().noneMatch(each -> each.stream().track().isGone());
    }
  }

  private record OpenSession(ClientStream stream, Connection connection) {}

  private record Wish(String kind, int receive, int slow) {}

  @Override
  public StreamingAccess begin(RoundParts parts) throws Exception {
    open.stream()
        .filter(each -> !each.isWhole())
        .forEach(each -> parts.leases().revoke(each.request()));
    open.removeIf(each -> !each.isWhole());
    for (int i = 0; open.size() < 2; i++) {
      try {
        open.add(streams(parts));
      } catch (ExecutionException e) {
        if (i > MOST_LOGINS) {
          throw e;
        }
        parts.pause(1_000); // the streams of the others leave the machine no time
      }
    }
    parts.pause(50 + parts.random().nextInt(250));
    OpenAccess next = open.removeFirst();
    revoked.clear();
    revoked.add(next);
    return new StreamingAccess(
        next.request(), next.sessions().stream().map(OpenSession::stream).toList());
  }

  @Override
  public long others() {
    return open.stream()
        .flatMap(each -> each.sessions().stream())
        .filter(each -> !each.stream().track().isGone())
        .count();
  }

  private static OpenAccess streams(RoundParts parts) throws Exception {
    GatewayProcess.Access access = parts.gateway().approved();
    String whole = parts.random().nextInt(FAST) == 0 ? "fast" : "steady";
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<OpenSession>> all =
          Stream.of(new Wish(whole, 0, 0), new Wish("4 kB", 4096, SLOW), new Wish("slow", 0, SLOW))
              .map(wish -> threads.submit(connecting(parts, access, wish)))
              .toList();
      List<OpenSession> sessions = new ArrayList<>();
      for (Future<OpenSession> each : all) {
        sessions.add(each.get());
      }
      return new OpenAccess(access.request(), List.copyOf(sessions));
    }
  }

  private static Callable<OpenSession> connecting(
      RoundParts parts, GatewayProcess.Access access, Wish wish) {
    return () -> {
      Connection connection =
          OwnSockets.connect(parts.gateway().url(), access.login(), wish.receive());
      ByteRecorder.Track track =
          wish.kind().equals("steady")
              ? OwnSockets.steadyStream(connection)
              : OwnSockets.stream(connection, wish.slow());
      parts.recorder().add(track);
      return new OpenSession(new ClientStream(wish.kind(), track), connection);
    };
  }
}
