package org.openlockbox.gateway.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.evidence.EntryBody;
import org.openlockbox.core.evidence.SessionEvent;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.GatewayFixture;
import org.openlockbox.gateway.controlplane.GatewayEntry;
import org.openlockbox.gateway.testing.KeptLog;
import org.openlockbox.tlog.Hash;

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
          GatewayFixture.await(pending.getLast()::isDurable);
        }
      }
      GatewayFixture.await(() -> pending.stream().allMatch(PendingEntry::isDurable));
      GatewayFixture.await(() -> woken.get() >= ENTRIES);
    }
    assertThat(log.entries())
        .extracting(entry -> ((SessionEvent.Closed) entry.body()).statements())
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
      GatewayFixture.await(() -> !log.calls().isEmpty());
      for (int number = 1; number < ENTRIES; number++) {
        pending.add(access.append(closed(number), List.of(), woken::incrementAndGet));
      }
      assertThat(pending).noneMatch(PendingEntry::isDurable);
      answers.countDown();
      GatewayFixture.await(() -> pending.stream().allMatch(PendingEntry::isDurable));
    }
    assertThat(log.calls()).containsExactly(1, ENTRIES - 1);
  }

  private static List<Long> numbers() {
    return LongStream.range(0, ENTRIES).boxed().toList();
  }
}
