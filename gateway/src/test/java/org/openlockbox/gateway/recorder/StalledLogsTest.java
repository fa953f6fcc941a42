package org.openlockbox.gateway.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.log.EntryBody;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.controlplane.ControlPlane;
import org.openlockbox.gateway.controlplane.GatewayEntry;
import org.openlockbox.gateway.testing.Await;
import org.openlockbox.gateway.testing.LogAlone;
import org.openlockbox.tlog.tree.Hash;

/// A log of one tenant that the control plane cannot write holds up nobody else.
class StalledLogsTest {
  private static final TenantId DAMAGED = new TenantId("damaged");
  private static final TenantId ACME = new TenantId("acme");
  private static final TenantId HOOLI = new TenantId("hooli");
  private static final long POISON = 666;

  private final OneDamagedLog log = new OneDamagedLog();
  private Recorder recorder;

  /// What a call gets that has an entry of the damaged log.
  enum Fault {
    /// It failed, and nothing was written.
    FAILED,
    /// The same, but all was written.
    FAILED_AND_WRITTEN,
    /// The log was set back.
    ROLLED_BACK,
    /// A lock or a network that hangs.
    UNANSWERED,
    NONE
  }

  /// Keeps the entries of each tenant by its counters, as the server does: all of a call or nothing
  /// of it.
  private static final class OneDamagedLog extends LogAlone {
    private final Map<TenantId, List<GatewayEntry>> kept = new ConcurrentHashMap<>();
    private volatile Fault fault = Fault.NONE;
    private final Map<TenantId, Fault> more = new ConcurrentHashMap<>();
    private volatile boolean away;
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger callsOfDamaged = new AtomicInteger();

    @Override
    public synchronized void append(List<GatewayEntry> entries) {
      calls.incrementAndGet();
      if (entries.stream().anyMatch(entry -> entry.tenant().equals(DAMAGED))) {
        callsOfDamaged.incrementAndGet();
      }
      if (away) {
        throw new NoReply("away");
      }
      Fault met =
          entries.stream()
              .map(entry -> faultOf(entry.tenant()))
              .filter(of -> of != Fault.NONE)
              .findFirst()
              .orElse(Fault.NONE);
      switch (met) {
        case FAILED -> throw AppendRefused.ofStatus(500, "fault");
        case FAILED_AND_WRITTEN -> {
          keep(entries);
          throw AppendRefused.ofStatus(500, "fault");
        }
        case ROLLED_BACK -> throw AppendRefused.ofStatus(503, "\"code\":\"log_rolled_back\"");
        case UNANSWERED -> throw AppendRefused.ofStatus(503, "unavailable");
        case NONE -> keep(entries);
      }
    }

    private Fault faultOf(TenantId tenant) {
      return tenant.equals(DAMAGED) ? fault : more.getOrDefault(tenant, Fault.NONE);
    }

    private void keep(List<GatewayEntry> entries) {
      if (entries.stream().anyMatch(entry -> number(entry) == POISON)) {
        throw new AppendRefused("poisoned");
      }
      for (var entry : entries) {
        var own = kept.computeIfAbsent(entry.tenant(), tenant -> new ArrayList<>());
        if (entry.counter() > own.size()) {
          throw new AppendRefused("a counter is missing");
        }
        if (entry.counter() == own.size()) {
          own.add(entry);
        } else if (!own.get((int) entry.counter()).equals(entry)) {
          throw new AppendRefused("another entry has this counter");
        }
      }
    }

    synchronized List<Long> numbers(TenantId tenant) {
      return kept.getOrDefault(tenant, List.of()).stream().map(OneDamagedLog::number).toList();
    }

    private static long number(GatewayEntry entry) {
      return ((SessionEvent.Closed) entry.body()).operations();
    }
  }

  @BeforeEach
  void start() {
    recorder = new Recorder(log, (tenant, body, counter) -> Bytes.ofUtf8("s")).start();
  }

  @AfterEach
  void close() {
    recorder.close();
  }

  private static EntryBody closed(long number) {
    return new SessionEvent.Closed(
        SessionId.random(new SecureRandom()),
        "client-left",
        number,
        0,
        0,
        Hash.sha256(new byte[1]),
        true);
  }

  private static PendingEntry append(AccessQueue access, long number) {
    return access.append(closed(number), List.of(), () -> {});
  }

  private static List<Long> upTo(long most) {
    return LongStream.range(0, most).boxed().toList();
  }

  private static void awaitDurable(List<PendingEntry> entries) {
    Await.until(() -> entries.stream().allMatch(PendingEntry::isDurable));
  }

  private static List<PendingEntry> several(AccessQueue access, int from, int to) {
    List<PendingEntry> entries = new ArrayList<>();
    for (int number = from; number < to; number++) {
      entries.add(append(access, number));
    }
    return entries;
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void allOthersAreRecordedAndTheDamagedLogLaterOnceAndInOrder(Fault fault) {
    AccessQueue damaged = recorder.access(DAMAGED);
    AccessQueue acme = recorder.access(ACME);
    AccessQueue hooli = recorder.access(HOOLI);
    awaitDurable(List.of(append(damaged, 0), append(acme, 0), append(hooli, 0)));
    log.fault = fault;
    List<PendingEntry> stalled = new ArrayList<>();
    List<PendingEntry> others = new ArrayList<>();
    for (int number = 1; number < 40; number++) {
      stalled.add(append(damaged, number));
      others.add(append(acme, number));
      others.add(append(hooli, number));
    }
    awaitDurable(others);
    stalled.addAll(several(damaged, 40, 50));
    awaitDurable(several(acme, 40, 50));
    assertThat(stalled).noneMatch(PendingEntry::isDurable).noneMatch(PendingEntry::isRefused);

    log.fault = Fault.NONE;
    awaitDurable(stalled);
    awaitDurable(several(damaged, 50, 60));
    assertThat(log.numbers(DAMAGED)).isEqualTo(upTo(60));
    assertThat(log.numbers(ACME)).isEqualTo(upTo(50));
    assertThat(log.numbers(HOOLI)).isEqualTo(upTo(40));
  }

  @ParameterizedTest
  @EnumSource(names = {"FAILED", "UNANSWERED"})
  void aBatchOfTheDamagedLogAloneHoldsUpNobody(Fault fault) {
    log.fault = fault;
    List<PendingEntry> stalled = several(recorder.access(DAMAGED), 0, 10);
    Await.until(() -> log.calls.get() > 0);
    awaitDurable(several(recorder.access(ACME), 0, 10));
    assertThat(stalled).noneMatch(PendingEntry::isDurable);
    log.fault = Fault.NONE;
    awaitDurable(stalled);
  }

  @Test
  void theOthersBatchesStayWholeWhileALogIsStalled() {
    log.fault = Fault.FAILED;
    PendingEntry stalled = append(recorder.access(DAMAGED), 0);
    AccessQueue acme = recorder.access(ACME);
    awaitDurable(List.of(append(acme, 0)));
    int before = log.calls.get();
    for (int number = 1; number < 100; number++) {
      awaitDurable(List.of(append(acme, number)));
    }
    assertThat(log.calls.get() - before).isLessThan(150);
    assertThat(stalled.isDurable()).isFalse();
  }

  @Test
  void littleMayWaitForTheDamagedLogAndMuchForTheOthers() {
    log.fault = Fault.FAILED;
    AccessQueue damaged = recorder.access(DAMAGED);
    AccessQueue acme = recorder.access(ACME);
    append(damaged, 0);
    awaitDurable(List.of(append(acme, 0)));
    assertThat(damaged.hasRoom()).isTrue();
    several(damaged, 1, 100);
    assertThat(damaged.hasRoom()).isFalse();
    assertThat(acme.hasRoom()).isTrue();
    log.fault = Fault.NONE;
    Await.until(damaged::hasRoom);
  }

  @Test
  void anEntryThatIsRefusedOnceTheLogIsMendedEndsItsOwnAccessAlone() {
    log.fault = Fault.FAILED;
    AccessQueue poisoned = recorder.access(DAMAGED);
    AccessQueue beside = recorder.access(DAMAGED);
    List<PendingEntry> kept = new ArrayList<>();
    kept.add(append(poisoned, 0));
    PendingEntry lost = append(poisoned, POISON);
    PendingEntry behind = append(poisoned, 1);
    kept.add(append(beside, 2));
    awaitDurable(several(recorder.access(ACME), 0, 1));
    log.fault = Fault.NONE;
    kept.add(append(beside, 3));
    awaitDurable(kept);
    Await.until(lost::isRefused);
    Await.until(behind::isRefused);
    assertThat(log.numbers(DAMAGED)).containsExactlyInAnyOrder(0L, 2L, 3L);
  }

  @Test
  void anOutageRefusesNothingAndAllIsRecordedOnceAndInOrder() {
    log.away = true;
    List<PendingEntry> entries = new ArrayList<>();
    List<AccessQueue> accesses = new ArrayList<>();
    for (int n = 0; n < 20; n++) {
      accesses.add(recorder.access(new TenantId("tenant-" + n)));
      entries.add(append(accesses.get(n), 0));
    }
    long began = System.nanoTime();
    int number = 1;
    while (System.nanoTime() - began < 2_500_000_000L) {
      for (AccessQueue access : accesses) {
        entries.add(append(access, number));
      }
      number++;
      int calls = log.calls.get();
      Await.until(() -> log.calls.get() > calls);
    }
    assertThat(entries).noneMatch(PendingEntry::isDurable).noneMatch(PendingEntry::isRefused);
    log.away = false;
    awaitDurable(entries);
    for (int n = 0; n < 20; n++) {
      assertThat(log.numbers(new TenantId("tenant-" + n))).isEqualTo(upTo(number));
    }
  }

  /// Its first batch holds all that is queued before it starts.
  private Recorder notStarted() {
    recorder.close();
    recorder = new Recorder(log, (tenant, body, counter) -> Bytes.ofUtf8("s"));
    return recorder;
  }

  @Test
  void aBatchOfTwoLogsThatHangHoldsUpNobody() {
    log.fault = Fault.UNANSWERED;
    log.more.put(ACME, Fault.UNANSWERED);
    Recorder both = notStarted();
    List<PendingEntry> stalled = new ArrayList<>(several(both.access(DAMAGED), 0, 5));
    stalled.addAll(several(both.access(ACME), 0, 5));
    both.start();
    Await.until(() -> log.calls.get() > 0);
    awaitDurable(several(both.access(HOOLI), 0, 10));
    assertThat(stalled).noneMatch(PendingEntry::isDurable);
    log.fault = Fault.NONE;
    log.more.clear();
    awaitDurable(stalled);
    assertThat(log.numbers(ACME)).isEqualTo(upTo(5));
    assertThat(log.numbers(DAMAGED)).isEqualTo(upTo(5));
  }

  @Test
  void aLogThatCanBeWrittenAgainDoesNotWaitForAnotherOneThatHangs() {
    log.more.put(ACME, Fault.FAILED);
    AccessQueue acme = recorder.access(ACME);
    List<PendingEntry> stalled = several(acme, 0, 3);
    awaitDurable(several(recorder.access(HOOLI), 0, 1));
    Await.until(() -> recorder.isStalled(ACME));
    log.fault = Fault.UNANSWERED;
    PendingEntry hangs = append(recorder.access(DAMAGED), 0);
    Await.until(() -> log.callsOfDamaged.get() > 1);
    log.more.clear();
    awaitDurable(stalled);
    awaitDurable(several(acme, 3, 6));
    assertThat(hangs.isSettled()).isFalse();
    assertThat(log.numbers(ACME)).isEqualTo(upTo(6));
    log.fault = Fault.NONE;
  }

  @Test
  void whatGoesWrongWithOneTenantIsNoOthers() {
    log.fault = Fault.FAILED;
    Recorder several = notStarted();
    append(several.access(DAMAGED), 0);
    var once = new AtomicBoolean(true);
    Runnable throwing =
        () -> {
          if (once.getAndSet(false)) {
            throw new IllegalStateException("memory is short for a moment");
          }
        };
    PendingEntry acme = several.access(ACME).append(closed(0), List.of(), throwing);
    AccessQueue hooli = several.access(HOOLI);
    List<PendingEntry> others = several(hooli, 0, 3);
    several.start();
    awaitDurable(List.of(acme));
    awaitDurable(others);
    awaitDurable(several(hooli, 3, 6));
    assertThat(log.numbers(HOOLI)).isEqualTo(upTo(6));
    log.fault = Fault.NONE;
  }

  @Test
  void whatIsStalledWhenTheGatewayStopsIsRefused() {
    log.fault = Fault.FAILED;
    AccessQueue damaged = recorder.access(DAMAGED);
    List<PendingEntry> stalled = several(damaged, 0, 5);
    awaitDurable(several(recorder.access(ACME), 0, 1));
    stalled.addAll(several(damaged, 5, 10));
    recorder.close();
    assertThat(stalled).allMatch(PendingEntry::isRefused);
  }

  @Test
  void onlyAFailureSaysThatTheControlPlaneIsThere() {
    assertThat(isFault(500, "fault")).isTrue();
    assertThat(isFault(503, "log_rolled_back: it was set back")).isTrue();
    assertThat(isFault(503, "unavailable")).isFalse();
    assertThat(isFault(502, "bad gateway")).isFalse();
    assertThat(isFault(401, "not_signed_in")).isFalse();
  }

  private static boolean isFault(int status, String said) {
    return ControlPlane.AppendRefused.ofStatus(status, said)
            instanceof ControlPlane.NoReply unreachable
        && unreachable.isFault();
  }
}
