package org.openlockbox.e2e.failover;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openlockbox.e2e.harness.Answer;
import org.openlockbox.e2e.harness.Distribution;
import org.openlockbox.e2e.harness.Pause;

/// The promises of docs/high-availability.md: whatever one part of an installation is lost, every
/// result that came is on record, no acknowledged step is missing, and people can go on. How long
/// sessions waited, and how many ended, is counted. 200 strikes, another number with
/// `-Dlockbox.failovers=N`, others with `-Dlockbox.strikes=SWITCHOVER,LOSS`.
@Tag("long")
class FailoverTest {
  private static final int STRIKES = Integer.getInteger("lockbox.failovers", 200);
  private static final List<Strike> KINDS =
      Optional.ofNullable(System.getProperty("lockbox.strikes"))
          .map(words -> Stream.of(words.split(",")).map(Strike::valueOf).toList())
          .orElse(List.of(Strike.values()));
  private static final int ASKERS = 6;
  private static final int STRIKES_EACH_GRANT = 8;
  private static final Duration READS_ON_WITHIN = Duration.ofMinutes(3);

  private final List<Asker> askers = new ArrayList<>();
  private final List<String> acknowledged = new ArrayList<>();
  private final Pauses pauses = new Pauses(STRIKES);

  @Test
  void whateverIsLostEveryResultIsOnRecord() throws Exception {
    var page = Distribution.home().resolve("docs/high-availability.md");
    try (var all = new Installation(page);
        var desk = Executors.newSingleThreadExecutor()) {
      for (int done = 0; done < STRIKES; done += STRIKES_EACH_GRANT) {
        campaign(all, desk, done, Math.min(STRIKES, done + STRIKES_EACH_GRANT));
      }
      // those of the beginning have expired meanwhile
      for (String request : acknowledged) {
        assertThat(shown(all, request)).as(request).contains("\"approvals\":[{\"approver\":");
      }
      pauses.finished();
    }
  }

  private void campaign(Installation all, ExecutorService desk, int from, int to) throws Exception {
    all.awaitCluster();
    var access = all.access();
    askers.clear();
    IntStream.range(0, ASKERS)
        .mapToObj(n -> new Asker("s%d-%d".formatted(from, n), access.url()))
        .forEach(askers::add);
    allReadOn(Strike.SWITCHOVER);
    for (int number = from; number < to; number++) {
      strike(all, desk, KINDS.get(number % KINDS.size()));
    }
    for (Asker asker : askers) {
      asker.stop();
    }
    recorded(all, access);
  }

  private void strike(Installation all, ExecutorService desk, Strike strike) throws Exception {
    all.awaitCluster();
    allReadOn(strike);
    askers.forEach(Asker::takeLongest);
    askers.forEach(Asker::takeEnds);
    var step = CompletableFuture.runAsync(() -> asksAndApproves(all), desk);
    strike.on(all);
    all.awaitCluster();
    allReadOn(strike);
    step.join();
    for (Asker asker : askers) {
      pauses.add(strike, asker.takeLongest(), asker.takeEnds());
    }
    pauses.write();
  }

  private void allReadOn(Strike strike) {
    for (Asker asker : askers) {
      int more = asker.count() + 5;
      Pause.until(
          "sessions go on after: " + strike.words, READS_ON_WITHIN, () -> asker.count() >= more);
    }
  }

  /// A step counts once its command has ended well. Until then it is typed again.
  private void asksAndApproves(Installation all) {
    String request =
        typed(
                all,
                """
                LOCKBOX_PROFILE=engineer lockbox request create --tenant acme --resource shop \
                    --level masked --for PT1H --purpose customer_ticket --ticket SUP-2 \
                    --reason "Order not shown" -o json
                """)
            .json()
            .text("id");
    typed(all, "LOCKBOX_PROFILE=anna lockbox approve %s --key anna.key".formatted(request));
    acknowledged.add(request);
    pauses.acknowledged();
  }

  private Answer typed(Installation all, String line) {
    var deadline = Instant.now().plus(READS_ON_WITHIN);
    var answer = all.desk().types(line);
    while (answer.exit() != 0 && Instant.now().isBefore(deadline)) {
      pauses.refused();
      Pause.briefly();
      answer = all.desk().types(line);
    }
    answer.ok();
    return answer;
  }

  private static String shown(Installation all, String request) {
    return all.desk()
        .types("LOCKBOX_PROFILE=anna lockbox request show %s -o json".formatted(request))
        .ok();
  }

  private void recorded(Installation all, Installation.Access access) throws IOException {
    String story =
        all.desk()
            .types(
                """
                LOCKBOX_PROFILE=anna lockbox evidence %1$s --out %1$s.zip
                lockbox verify %1$s.zip --pin $(LOCKBOX_PROFILE=anna lockbox tenant show acme --pin)
                """
                    .formatted(access.request()))
            .ok();
    var missing =
        askers.stream()
            .flatMap(asker -> asker.received().stream())
            .filter(result -> !story.contains("select '" + result + "'"))
            .toList();
    askers.forEach(asker -> pauses.received(asker.received().size()));
    pauses.missing(missing.size());
    pauses.write();
    assertThat(missing).as("results without a record").isEmpty();
  }
}
