package org.openlockbox.gateway.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.controlplane.GatewayEntry;
import org.openlockbox.gateway.controlplane.RecordedText;
import org.openlockbox.gateway.testing.LogAlone;
import org.openlockbox.tlog.tree.Hash;

/// However much of one tenant waits, what others record goes with the next batch.
class FairRecordingTest {
  private static final TenantId ACME = new TenantId("acme");
  private static final TenantId GLOBEX = new TenantId("globex");
  private static final int FLOOD = 100_000;
  private static final SessionId SESSION = SessionId.random(new SecureRandom());

  private final Calls log = new Calls();

  private static final class Calls extends LogAlone {
    private final Semaphore came = new Semaphore(0);
    private final CountDownLatch answers = new CountDownLatch(1);
    private final List<List<GatewayEntry>> calls = new ArrayList<>();

    @Override
    public void append(List<GatewayEntry> entries) {
      add(entries);
      came.release();
      try {
        answers.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    private synchronized void add(List<GatewayEntry> entries) {
      calls.add(entries);
    }

    synchronized List<List<GatewayEntry>> calls() {
      return List.copyOf(calls);
    }
  }

  private static SessionEvent closed(int number) {
    return new SessionEvent.Closed(
        SESSION, "client-left", number, 0, 0, Hash.sha256(new byte[1]), true);
  }

  private static int weight() {
    var nowhere = new Recorder(new Calls(), (tenant, body, counter) -> Bytes.empty());
    return new PendingEntry(nowhere.access(ACME), closed(0), List.of(), Optional.empty()).weight();
  }

  private static void flood(AccessQueue access) {
    flood(access, FLOOD);
  }

  private static void flood(AccessQueue access, int entries) {
    for (int i = 0; i < entries; i++) {
      access.append(closed(i), List.of(), () -> {});
    }
  }

  /// What the second call brings, which is made up when everything waits.
  private List<GatewayEntry> second(Consumer<Recorder> queueing) {
    try (var recorder = new Recorder(log, (tenant, body, counter) -> Bytes.ofUtf8("s")).start()) {
      recorder.access(new TenantId("initech")).append(closed(0), List.of(), () -> {});
      log.came.acquireUninterruptibly();
      queueing.accept(recorder);
      log.answers.countDown();
      log.came.acquireUninterruptibly();
      return log.calls().get(1);
    }
  }

  @Test
  void whatATenantRecordsGoesWithTheNextBatchHoweverMuchOfAnotherWaits() {
    var call =
        second(
            recorder -> {
              flood(recorder.access(ACME));
              recorder.access(GLOBEX).append(closed(0), List.of(), () -> {});
            });
    assertThat(call).extracting(GatewayEntry::tenant).contains(GLOBEX);
    assertThat((long) call.size() * weight()).isLessThanOrEqualTo(FairQueue.SHARE + 2L * weight());
  }

  @Test
  void theAccessesOfOneTenantTakeTurns() {
    var call =
        second(
            recorder -> {
              flood(recorder.access(ACME));
              recorder.access(ACME).append(closed(FLOOD), List.of(), () -> {});
            });
    assertThat(call)
        .extracting(entry -> ((SessionEvent.Closed) entry.body()).operations())
        .contains((long) FLOOD, 0L, 1L, 2L);
  }

  @Test
  void tenantsTakeTurnsHoweverManyAccessesEachHas() {
    var call =
        second(
            recorder -> {
              for (int i = 0; i < 50; i++) {
                flood(recorder.access(ACME), 1_000);
              }
              flood(recorder.access(GLOBEX), 1_000);
            });
    assertThat(call.stream().filter(entry -> entry.tenant().equals(ACME)).count())
        .isEqualTo(call.stream().filter(entry -> entry.tenant().equals(GLOBEX)).count());
  }

  @Test
  void theEntriesOfAnAccessKeepTheirOrder() {
    try (var recorder = new Recorder(log, (tenant, body, counter) -> Bytes.ofUtf8("s")).start()) {
      log.answers.countDown();
      var accesses = List.of(recorder.access(ACME), recorder.access(ACME), recorder.access(GLOBEX));
      for (int i = 0; i < 3_000; i++) {
        accesses.get(i % 3).append(closed(i), List.of(text(i % 40 == 0)), () -> {});
      }
    }
    var numbers =
        log.calls().stream()
            .flatMap(List::stream)
            .map(entry -> ((SessionEvent.Closed) entry.body()).operations())
            .toList();
    assertThat(numbers).hasSize(3_000);
    for (int access = 0; access < 3; access++) {
      int of = access;
      assertThat(numbers.stream().filter(n -> n % 3 == of).toList()).isSorted();
    }
  }

  /// A short one, or one that weighs more than several turns.
  private static RecordedText text(boolean isLong) {
    return RecordedText.of(Bytes.of(new byte[16]), Bytes.of(new byte[isLong ? 100_000 : 10]));
  }

  @Test
  void whoHasLittleWaitingHasRoomHoweverMuchOfOthersWaits() {
    second(
        recorder -> {
          var quiet = recorder.access(GLOBEX);
          var floods = new ArrayList<AccessQueue>();
          while (recorder.hasRoom()) {
            floods.add(recorder.access(ACME));
            while (floods.getLast().hasRoom()) {
              floods.getLast().append(closed(0), List.of(), () -> {});
            }
          }
          assertThat(floods).hasSizeGreaterThan(5).noneMatch(AccessQueue::hasRoom);
          assertThat(quiet.hasRoom()).isTrue();
        });
  }
}
