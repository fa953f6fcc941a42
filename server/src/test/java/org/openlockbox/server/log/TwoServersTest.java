package org.openlockbox.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.log.EntryType;
import org.openlockbox.core.log.LogEntry;
import org.openlockbox.server.Pause;
import org.openlockbox.server.TestGateway;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestServer.Answer;
import org.openlockbox.server.TestTenant;
import org.openlockbox.server.TestTiles;
import org.openlockbox.tlog.Checkpoint;
import org.openlockbox.tlog.tree.MerkleTree;

/// Two servers over one database, both busy with one tenant.
final class TwoServersTest {
  private static final TestServer SERVERS = new TestServer();
  private static final TestTenant ACME = new TestTenant(SERVERS, "acme", 1);
  private static final int BATCHES = 50;
  private static final int BATCH = 20;

  static {
    SERVERS.startAnother();
  }

  @AfterAll
  static void close() {
    SERVERS.close();
  }

  @Test
  void twoThousandAppendsBesideDecisionsMakeOneLog() throws Exception {
    var asked = IntStream.range(0, 20).mapToObj(_ -> ACME.ask("helpdesk")).toList();
    var checkpoints = Collections.synchronizedList(new ArrayList<Checkpoint>());
    var indices = Collections.synchronizedList(new ArrayList<Long>());
    try (var crew = Executors.newVirtualThreadPerTaskExecutor()) {
      var work = new ArrayList<Future<?>>();
      work.add(crew.submit(() -> indices.addAll(appends(0, "gw-1"))));
      work.add(crew.submit(() -> indices.addAll(appends(1, "gw-2"))));
      for (int i = 0; i < asked.size(); i++) {
        int at = i;
        work.add(crew.submit(() -> approveAt(at % 2, asked.get(at))));
      }
      while (work.stream().anyMatch(one -> !one.isDone())) {
        checkpoints.add(ACME.checkpoint(0));
      }
      finish(work);
    }
    var log = ACME.verifiedLog();
    assertThat(indices).hasSize(2 * BATCHES * BATCH);
    assertThat(new HashSet<>(indices)).hasSize(indices.size());
    assertThat(log).hasSizeGreaterThanOrEqualTo(1 + 22 + 22 + 2 + 2 * BATCHES * BATCH);
    assertThat(types(log, EntryType.DECISION)).hasSize(20 + 2);
    countersAreContiguous(log);
    checkpoints.add(ACME.checkpoint(log.size()));
    oneLine(checkpoints);
    everyEntryIsProven(log);
  }

  private static void finish(List<Future<?>> work) throws InterruptedException {
    for (var one : work) {
      try {
        one.get();
      } catch (ExecutionException e) {
        throw new AssertionError(e.getCause());
      }
    }
  }

  private static List<Long> appends(int server, String id) {
    var gateway = new TestGateway(SERVERS, server, id, "00000000000000cc");
    assertThat(gateway.lease().status()).isEqualTo(200);
    var session = gateway.open(ACME, ACME.approve(ACME.ask("helpdesk")));
    var indices = new ArrayList<Long>();
    for (int batch = 0; batch < BATCHES; batch++) {
      var entries = batch(gateway, session, batch);
      indices.addAll(TestGateway.indices(gateway.append(entries)));
    }
    return indices;
  }

  private static List<Json> batch(TestGateway gateway, SessionId session, int batch) {
    var entries = new ArrayList<Json>();
    for (int i = 0; i < BATCH / 2; i++) {
      long n = (long) batch * BATCH / 2 + i;
      var text = TestGateway.sql("select " + n);
      entries.add(gateway.entry(ACME, TestGateway.statement(session, n, text), text));
      entries.add(gateway.entry(ACME, TestGateway.outcome(session, n)));
    }
    return entries;
  }

  /// A server whose connections to the database are all in use says so, and is asked again.
  private static void approveAt(int server, Answer asked) {
    var path = ACME.requests() + "/" + TestTenant.ref(asked).id() + ":approve";
    var body = CanonicalJson.text(TestTenant.envelope(ACME.yes(asked)));
    var tag = Map.of("If-Match", asked.etag());
    var answer = SERVERS.call(server, "acme-approver", "POST", path, body, tag);
    for (int again = 0; answer.status() == 503 && again < 20; again++) {
      answer = SERVERS.call(server, "acme-approver", "POST", path, body, tag);
    }
    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
  }

  private static List<LogEntry> types(List<LogEntry> log, EntryType type) {
    return log.stream().filter(entry -> entry.type() == type).toList();
  }

  private static void countersAreContiguous(List<LogEntry> log) {
    var next = new HashMap<String, Long>();
    for (var entry : log) {
      entry
          .gateway()
          .ifPresent(
              stamp -> {
                long expected = next.merge(stamp.id().value(), 1L, Long::sum) - 1;
                assertThat(stamp.seq()).isEqualTo(expected);
              });
    }
  }

  /// Each checkpoint that was ever shown, by whichever server, is the beginning of the next.
  private static void oneLine(List<Checkpoint> checkpoints) {
    var sizes = checkpoints.stream().map(Checkpoint::size).toList();
    assertThat(sizes).isSorted();
    var tiles = new TestTiles(ACME);
    var tree = tiles.tree(checkpoints.getLast().size());
    assertThat(tree.root()).isEqualTo(checkpoints.getLast().root());
    for (var earlier : new HashSet<>(checkpoints)) {
      if (earlier.size() > 0 && earlier.size() < tree.size()) {
        var proof = tree.consistency(earlier.size());
        assertThat(proof.proves(earlier.root(), tree.root())).isTrue();
      }
    }
  }

  private static void everyEntryIsProven(List<LogEntry> log) {
    var tree = new TestTiles(ACME).tree(log.size());
    for (var entry : log) {
      var leaf = MerkleTree.leafHash(entry.bytes().toArray());
      assertThat(tree.inclusion(entry.seq()).proves(leaf, tree.root())).isTrue();
    }
  }

  @Test
  void bothSweepButALapseAndAnExpiryAreWrittenOnce() {
    var lapses = IntStream.range(0, 10).mapToObj(_ -> ACME.ask("helpdesk")).toList();
    SERVERS.pass(Duration.ofHours(11).plusMinutes(40));
    var expires = IntStream.range(0, 10).mapToObj(_ -> ACME.approve(ACME.ask("helpdesk"))).toList();
    SERVERS.pass(Duration.ofMinutes(30));
    awaitEnd(lapses, "lapsed");
    awaitEnd(expires, "expired");
    var log = ACME.verifiedLog();
    for (var request : lapses) {
      assertThat(about(types(log, EntryType.LAPSE), request)).hasSize(1);
      assertThat(letters(request, "Lapsed")).isEqualTo(2);
    }
    for (var request : expires) {
      assertThat(about(types(log, EntryType.END), request)).hasSize(1);
      Pause.until("the closing record", () -> letters(request, "Closing record") >= 2);
      assertThat(letters(request, "Closing record")).isEqualTo(2);
    }
  }

  private static void awaitEnd(List<Answer> requests, String state) {
    long until = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    for (var request : requests) {
      var sql =
          "select 1 from access_request where state = '%s' and id = '%s'"
              .formatted(state, TestTenant.ref(request).id());
      while (SERVERS.rows(sql).isEmpty()) {
        assertThat(System.nanoTime()).as("waiting for " + state).isLessThan(until);
      }
    }
  }

  private static List<LogEntry> about(List<LogEntry> log, Answer request) {
    var id = Optional.of(TestTenant.ref(request).id());
    return log.stream().filter(entry -> entry.body().request().equals(id)).toList();
  }

  private static int letters(Answer request, String headline) {
    return SERVERS
        .rows(
            "select 1 from outbox where subject like '%%%s%%%s%%'"
                .formatted(headline, TestTenant.ref(request).id()))
        .size();
  }
}
