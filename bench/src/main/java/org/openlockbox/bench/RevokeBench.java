package org.openlockbox.bench;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.openlockbox.bench.chart.BarChart;
import org.openlockbox.bench.load.BusySession;
import org.openlockbox.bench.load.LoadResult;
import org.openlockbox.bench.peer.DemoGrant;
import org.openlockbox.bench.peer.OwnGateway;
import org.openlockbox.bench.peer.Peers;

/// How long after an approver has pressed *Stop this access* does the last byte reach each session,
/// and when is each told? A fifth of the sessions are idle, read without pause, copy rows out, run
/// a long statement, wait for a lock.
///
/// Connected: through the demo's gateway. Cut off: through one that loses its server just before,
/// so that only its lease can stop it. Then the time counts from the cut, as if the button had been
/// pressed in that moment. What that gateway holds it holds for 60 s before it says so, and
/// therefore nobody is told within the time that is measured.
final class RevokeBench {
  /// What one request may have open at the same time.
  private static final int MOST_OF_ONE = 500;

  /// In its first second a third of the busy sessions may have had no row yet.
  private static final long UNDER_WAY_MILLIS = 4_000;

  /// The last byte is what is looked for; one that came later than this would be a fault.
  private static final long LAST_MILLIS = 3_000;

  private static final String LOCK = "lock table helpdesk.tickets in access exclusive mode;";

  private static final List<BusySession.Kind> KINDS =
      List.copyOf(EnumSet.allOf(BusySession.Kind.class));

  private final int sessions;
  private final Peers peers;
  private final Approver approver;
  private final Path charts;

  /// A login has ten seconds; a thousand at once on two cores would not make it.
  private final Semaphore loggingIn = new Semaphore(8);

  RevokeBench(int sessions, Peers peers, Approver approver, Path charts) {
    this.sessions = sessions;
    this.peers = peers;
    this.approver = approver;
    this.charts = charts;
  }

  /// The sessions of one access.
  private record Crowd(DemoGrant access, List<BusySession> members) {}

  void connected() throws InterruptedException {
    round(Way.CONNECTED, DemoGrant::environment, OptionalLong::empty);
  }

  void cutOff(OwnGateway own) throws InterruptedException {
    round(
        Way.CUT_OFF,
        own::environment,
        () -> {
          own.cutOff();
          return OptionalLong.of(System.currentTimeMillis());
        });
  }

  /// What stops the sessions, and the milliseconds within which the last byte is to come.
  private enum Way {
    CONNECTED("connected", "revoke-connected.svg", 250),
    CUT_OFF("cut off", "revoke-cut-off.svg", 1_250);

    private final String words;
    private final String drawing;
    private final double target;

    Way(String words, String drawing, double target) {
      this.words = words;
      this.drawing = drawing;
      this.target = target;
    }
  }

  /// Where sessions of an access log in.
  @FunctionalInterface
  private interface Route {
    Map<String, String> of(DemoGrant access);
  }

  private void round(Way way, Route door, Supplier<OptionalLong> cutting)
      throws InterruptedException {
    List<Crowd> crowds = new ArrayList<>();
    for (int left = sessions; left > 0; left -= MOST_OF_ONE) {
      DemoGrant access = DemoGrant.open("read");
      List<BusySession> members = new ArrayList<>();
      for (int i = 0; i < Math.min(left, MOST_OF_ONE); i++) {
        members.add(new BusySession(KINDS.get(i % KINDS.size()), door.of(access), loggingIn));
      }
      crowds.add(new Crowd(access, members));
    }
    OptionalLong cut;
    var pressed = new ConcurrentHashMap<Crowd, Long>();
    var opened = new CountDownLatch(sessions);
    var locked = new CountDownLatch(1);
    try (ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
      crowds.forEach(
          crowd -> crowd.members().forEach(m -> threads.execute(() -> m.run(opened, locked))));
      opened.await();
      try (var _ = peers.transaction(LOCK)) {
        locked.countDown();
        Thread.sleep(UNDER_WAY_MILLIS);
        cut = cutting.get();
        crowds.parallelStream()
            .forEach(crowd -> pressed.put(crowd, approver.stop(crowd.access().request())));
        Thread.sleep(LAST_MILLIS);
      } finally {
        locked.countDown();
        crowds.forEach(crowd -> crowd.members().forEach(BusySession::hangUp));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    print(way, crowds, crowd -> cut.orElseGet(() -> pressed.getOrDefault(crowd, 0L)));
  }

  private void print(Way way, List<Crowd> crowds, ToLongFunction<Crowd> since) {
    Map<BusySession.Kind, List<Double>> last = new EnumMap<>(BusySession.Kind.class);
    Map<BusySession.Kind, List<Double>> told = new EnumMap<>(BusySession.Kind.class);
    Map<BusySession.Kind, List<Double>> silent = new EnumMap<>(BusySession.Kind.class);
    int failed = 0;
    for (Crowd crowd : crowds) {
      long from = since.applyAsLong(crowd);
      for (BusySession member : crowd.members()) {
        failed += member.isOpened() ? 0 : 1;
        member.lastByte(from).ifPresent(ms -> add(last, member.kind(), ms));
        member.told(from).ifPresent(ms -> add(told, member.kind(), ms));
        member.silentBefore(from).ifPresent(ms -> add(silent, member.kind(), ms));
      }
    }
    for (BusySession.Kind kind : KINDS) {
      System.out.printf(
          "| %d | %s | %s | %s | %s | %s |%n",
          sessions,
          way.words,
          kind.words(),
          figures(silent.get(kind)),
          figures(last.get(kind)),
          figures(told.get(kind)));
    }
    draw(way, last, told);
    if (failed > 0) {
      System.out.println(failed + " sessions could not be opened and are not counted");
    }
  }

  private static void add(
      Map<BusySession.Kind, List<Double>> to, BusySession.Kind kind, double ms) {
    to.computeIfAbsent(kind, k -> new ArrayList<>()).add(ms);
  }

  private void draw(
      Way way, Map<BusySession.Kind, List<Double>> last, Map<BusySession.Kind, List<Double>> told) {
    var chart =
        new BarChart("%,d sessions, %s".formatted(sessions, way.words), "ms", "p50", "p99", "max")
            .target(way.target);
    last.forEach((kind, ms) -> row(chart, kind.words() + ", last", ms));
    told.forEach((kind, ms) -> row(chart, kind.words() + ", told", ms));
    chart.write(charts.resolve(way.drawing));
  }

  private static void row(BarChart chart, String name, List<Double> of) {
    double[] sorted = sorted(of);
    chart.row(
        name, LoadResult.at(sorted, 0.5), LoadResult.at(sorted, 0.99), LoadResult.at(sorted, 1));
  }

  private static double[] sorted(List<Double> of) {
    double[] sorted = of.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return sorted;
  }

  private static String figures(@Nullable List<Double> of) {
    if (of == null) {
      return "-";
    }
    double[] sorted = sorted(of);
    return "%.0f / %.0f / %.0f (%d)"
        .formatted(
            LoadResult.at(sorted, 0.5),
            LoadResult.at(sorted, 0.99),
            LoadResult.at(sorted, 1),
            sorted.length);
  }
}
