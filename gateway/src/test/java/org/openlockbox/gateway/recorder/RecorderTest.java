package org.openlockbox.gateway.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.log.EntryBody;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.controlplane.GatewayEntry;
import org.openlockbox.gateway.testing.Await;
import org.openlockbox.gateway.testing.KeptLog;
import org.openlockbox.gateway.testing.LogAlone;
import org.openlockbox.tlog.tree.Hash;

class RecorderTest {
  private static final TenantId ACME = new TenantId("acme");
  private static final int ENTRIES = 300;

  private final KeptLog log = new KeptLog();
  private final AtomicInteger woken = new AtomicInteger();
  private final Random dice = new Random(20_261_127L);

  private static EntryBody closed(int number) {
    return new SessionEvent.Closed(
        SessionId.random(new SecureRandom()),
        "client-left",
        number,
        0,
        0,
        Hash.sha256(new byte[1]),
        true);
  }

  /// There is no memory while an entry is signed, or when who waits for it is woken.
  private void stumble() {
    if (dice.nextInt(20) == 0) {
      throw new OutOfMemoryError("thrown by a test");
    }
  }

  private Bytes sign() {
    stumble();
    return Bytes.ofUtf8("s");
  }

  private void wake() {
    woken.incrementAndGet();
    stumble();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 100})
  void whateverStumblesEachEntryIsDurableOnceAndInOrder(int atOnce) {
    List<PendingEntry> pending = new ArrayList<>();
    try (var recorder = new Recorder(log, (tenant, body, counter) -> sign()).start()) {
      AccessQueue access = recorder.access(ACME);
      for (int number = 0; number < ENTRIES; number++) {
        pending.add(access.append(closed(number), List.of(), this::wake));
        if (number % atOnce == 0) {
          Await.until(pending.getLast()::isDurable);
        }
      }
      Await.until(() -> pending.stream().allMatch(PendingEntry::isDurable));
      Await.until(() -> woken.get() >= ENTRIES);
    }
    assertThat(log.entries())
        .extracting(entry -> ((SessionEvent.Closed) entry.body()).operations())
        .isEqualTo(numbers());
    assertThat(log.entries()).extracting(GatewayEntry::counter).isEqualTo(numbers());
  }

  @Test
  void whatQueuesWhileACallIsUnderWayIsOneCall() {
    List<PendingEntry> pending = new ArrayList<>();
    var answers = new CountDownLatch(1);
    log.answersAfter(answers);
    try (var recorder = new Recorder(log, (tenant, body, counter) -> Bytes.ofUtf8("s")).start()) {
      AccessQueue access = recorder.access(ACME);
      pending.add(access.append(closed(0), List.of(), woken::incrementAndGet));
      Await.until(() -> !log.calls().isEmpty());
      for (int number = 1; number < ENTRIES; number++) {
        pending.add(access.append(closed(number), List.of(), woken::incrementAndGet));
      }
      assertThat(pending).noneMatch(PendingEntry::isDurable);
      answers.countDown();
      Await.until(() -> pending.stream().allMatch(PendingEntry::isDurable));
    }
    assertThat(log.calls()).containsExactly(1, ENTRIES - 1);
  }

  /// Keeps the entries of each tenant by its counters, and refuses those that close with a poisoned
  /// number of statements, with whatever else is in the call.
  private static final class Refusing extends LogAlone {
    private static final long POISON = 666;
    private final Map<TenantId, List<Long>> kept = new ConcurrentHashMap<>();

    @Override
    public synchronized void append(List<GatewayEntry> entries) {
      if (entries.stream().anyMatch(entry -> number(entry) == POISON)) {
        throw new AppendRefused("poisoned");
      }
      for (var entry : entries) {
        var own = kept.computeIfAbsent(entry.tenant(), tenant -> new ArrayList<>());
        if (entry.counter() > own.size()) {
          throw new AppendRefused("a counter is missing");
        }
        if (entry.counter() == own.size()) {
          own.add(number(entry));
        }
      }
    }

    private static long number(GatewayEntry entry) {
      return ((SessionEvent.Closed) entry.body()).operations();
    }
  }

  @Test
  void anEntryThatIsRefusedEndsItsOwnAccessAlone() {
    var refusing = new Refusing();
    var other = new TenantId("hooli");
    try (var recorder =
        new Recorder(refusing, (tenant, body, counter) -> Bytes.ofUtf8("s")).start()) {
      AccessQueue poisoned = recorder.access(ACME);
      AccessQueue beside = recorder.access(ACME);
      AccessQueue elsewhere = recorder.access(other);
      List<PendingEntry> lost = new ArrayList<>();
      List<PendingEntry> kept = new ArrayList<>();
      for (int number = 0; number < 20; number++) {
        var of = number == 7 ? (int) Refusing.POISON : number;
        (number < 7 ? kept : lost).add(poisoned.append(closed(of), List.of(), () -> {}));
        kept.add(beside.append(closed(100 + number), List.of(), () -> {}));
        kept.add(elsewhere.append(closed(200 + number), List.of(), () -> {}));
      }
      Await.until(() -> lost.stream().allMatch(PendingEntry::isRefused));
      Await.until(() -> kept.stream().allMatch(PendingEntry::isDurable));
      kept.add(beside.append(closed(120), List.of(), () -> {}));
      kept.add(recorder.access(ACME).append(closed(300), List.of(), () -> {}));
      lost.add(poisoned.append(closed(20), List.of(), () -> {}));
      Await.until(() -> kept.stream().allMatch(PendingEntry::isDurable));
      Await.until(() -> lost.stream().allMatch(PendingEntry::isRefused));
    }
    var ofAcme = Objects.requireNonNull(refusing.kept.get(ACME));
    assertThat(ofAcme).filteredOn(n -> n < 100).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L);
    assertThat(ofAcme).filteredOn(n -> n >= 100).hasSize(22).doesNotHaveDuplicates();
    assertThat(refusing.kept.get(other)).hasSize(20);
  }

  /// As one with a text that no document can hold.
  @Test
  void anEntryThatCannotBeWrittenEndsItsOwnAccessAlone() {
    EntrySigner signer =
        (tenant, body, counter) -> {
          if (((SessionEvent.Closed) body).operations() == Refusing.POISON) {
            throw new IllegalStateException("no document can hold this");
          }
          return Bytes.ofUtf8("s");
        };
    try (var recorder = new Recorder(log, signer).start()) {
      AccessQueue poisoned = recorder.access(ACME);
      AccessQueue beside = recorder.access(ACME);
      PendingEntry first = poisoned.append(closed(1), List.of(), () -> {});
      PendingEntry unfit =
          poisoned.append(closed((int) Refusing.POISON), List.of(), woken::incrementAndGet);
      PendingEntry after = poisoned.append(closed(2), List.of(), () -> {});
      PendingEntry other = beside.append(closed(3), List.of(), () -> {});
      Await.until(() -> first.isDurable() && other.isDurable());
      Await.until(() -> unfit.isRefused() && after.isRefused());
      Await.until(() -> woken.get() == 1);
    }
    assertThat(log.entries()).extracting(GatewayEntry::counter).containsExactly(0L, 1L);
  }

  private static List<Long> numbers() {
    return LongStream.range(0, ENTRIES).boxed().toList();
  }
}
