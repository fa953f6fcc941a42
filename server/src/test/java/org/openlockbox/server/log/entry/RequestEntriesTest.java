package org.openlockbox.server.log.entry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.log.LogEntry;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.server.TestGateway;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestTenant;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/// What mentions lead to is what a look at every entry finds: sessions of several requests, at two
/// servers that do not know what the other has mentioned.
final class RequestEntriesTest {
  private static final int STEPS = 120;

  /// A request in use.
  private record UsedRequest(RequestId id, SessionId session, TestGateway gateway) {}

  private static UsedRequest used(TestServer servers, TestTenant acme, int at) {
    var id = "gw-%d".formatted(at + 1);
    var gateway = new TestGateway(servers, at, id, "%016x".formatted(TestTenant.RANDOM.nextLong()));
    assertThat(gateway.lease().status()).isEqualTo(200);
    var request = acme.approved();
    return new UsedRequest(TestTenant.ref(request).id(), gateway.open(acme, request), gateway);
  }

  private static Json statement(TestTenant acme, UsedRequest used) {
    var text = TestGateway.sql("select 1");
    return used.gateway.entry(acme, TestGateway.statement(used.session, 0, text), text);
  }

  private static void append(TestTenant acme, UsedRequest used, int entries) {
    var all = new ArrayList<Json>();
    for (int n = 0; n < entries; n++) {
      all.add(statement(acme, used));
    }
    TestGateway.indices(used.gateway.append(all));
  }

  /// The indices of the entries about a request.
  private static List<Long> about(List<LogEntry> log, UsedRequest used) {
    var found = new ArrayList<Long>();
    for (var entry : log) {
      var body = entry.body();
      boolean ofSession =
          (body instanceof SessionEvent event && event.of().equals(used.session))
              || body.request().filter(used.id::equals).isPresent();
      if (ofSession) {
        found.add(entry.seq());
      }
    }
    return found;
  }

  private static List<Long> indices(List<StoredEntry> entries) {
    return entries.stream().map(StoredEntry::seq).toList();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whateverIsReadIsAllThatThereIs(long seed) {
    var random = new Random(seed);
    try (var servers = new TestServer()) {
      servers.startAnother();
      var acme = new TestTenant(servers, "acme", 1);
      var used = new ArrayList<UsedRequest>();
      used.add(used(servers, acme, 0));
      used.add(used(servers, acme, 1));
      for (int step = 0; step < STEPS; step++) {
        if (random.nextInt(30) == 0) {
          acme.ask("helpdesk");
        }
        // One request is busy, the other says something now and then.
        var one = used.get(random.nextInt(8) == 0 ? 1 : 0);
        append(acme, one, 1 + random.nextInt(random.nextInt(6) == 0 ? 90 : 3));
      }
      used.add(used(servers, acme, 0));
      var log = acme.verifiedLog();
      var reading = new Reading(servers, acme, log);
      for (var one : used) {
        reading.check(one, random);
      }
      reading.checkFirst(used);
      reading.checkFewBytes(used);
    }
  }

  private record Reading(TestServer servers, TestTenant acme, List<LogEntry> log) {
    private JdbcClient jdbc() {
      return JdbcClient.create(new DriverManagerDataSource(servers.jdbcUrl));
    }

    private void check(UsedRequest used, Random random) {
      var reader = new LogReader(jdbc());
      var all = about(log, used);
      for (int batches : List.of(1, 2, 7, 1000)) {
        long from = random.nextInt(log.size());
        assertThat(pages(reader, used, from, batches))
            .as("%d at once, from %d", batches, from)
            .isEqualTo(all.stream().filter(seq -> seq >= from).toList());
        assertThat(pages(reader, used, 0, batches)).as("%d at once", batches).isEqualTo(all);
      }
      for (int limit : List.of(1, 3, 40, 100_000)) {
        assertThat(indices(reader.newest(acme.id, used.id, limit)))
            .as("newest %d", limit)
            .isEqualTo(all.subList(Math.max(0, all.size() - limit), all.size()));
      }
    }

    private List<Long> pages(LogReader reader, UsedRequest used, long from, int batches) {
      var read = new ArrayList<Long>();
      var page = reader.next(acme.id, used.id, from, batches);
      while (!page.isEmpty()) {
        read.addAll(indices(page));
        page = reader.next(acme.id, used.id, read.getLast() + 1, batches);
      }
      return read;
    }

    /// Of many requests no more is read than may be, and none of which all was not read is whole.
    private void checkFewBytes(List<UsedRequest> used) {
      var requests = used.stream().map(UsedRequest::id).toList();
      long all = 0;
      for (long bytes : List.of(0L, 2_000L, 20_000L, Long.MAX_VALUE)) {
        var first = new RequestEntries(jdbc(), acme.id).first(requests, 100_000, bytes);
        long read = 0;
        for (var one : used) {
          var found = Objects.requireNonNull(first.get(one.id));
          var entries = indices(found.entries());
          assertThat(entries).isEqualTo(about(log, one).subList(0, entries.size()));
          assertThat(found.whole()).isEqualTo(entries.size() == about(log, one).size());
          read += entries.stream().mapToLong(seq -> log.get(seq.intValue()).bytes().size()).sum();
        }
        assertThat(read).isLessThanOrEqualTo(bytes).isGreaterThanOrEqualTo(all);
        all = read;
      }
      assertThat(all).isGreaterThan(20_000);
    }

    private void checkFirst(List<UsedRequest> used) {
      var requests = used.stream().map(UsedRequest::id).toList();
      for (int batches : List.of(1, 5, 100_000)) {
        var first = FirstEntries.of(jdbc(), acme.id, requests, batches);
        for (var one : used) {
          var found = Objects.requireNonNull(first.get(one.id));
          var all = about(log, one);
          assertThat(indices(found.entries())).isEqualTo(all.subList(0, found.entries().size()));
          assertThat(found.entries()).isNotEmpty();
          assertThat(found.whole() || batches <= 5).isTrue();
          if (found.whole()) {
            assertThat(found.entries()).hasSameSizeAs(all);
          }
        }
      }
    }
  }

  /// A page costs what it holds, however many entries a batch has and however long the log is.
  @Test
  void aPageReadsHardlyMoreBatchesThanItNeeds() {
    try (var servers = new TestServer()) {
      var acme = new TestTenant(servers, "acme", 1);
      var used = used(servers, acme, 0);
      for (int n = 0; n < 24; n++) {
        append(acme, used, 100);
      }
      var one = new SingleConnectionDataSource(servers.jdbcUrl, true);
      one.setAutoCommit(false);
      var jdbc = JdbcClient.create(one);
      try {
        jdbc.sql("set enable_seqscan = off").update(); // as in a long log
        var reader = new LogReader(jdbc);
        int pages = 0;
        var page = reader.about(acme.id, used.id, 0, 50);
        var read = new ArrayList<>(indices(page));
        for (; !page.isEmpty(); pages++) {
          page = reader.about(acme.id, used.id, read.getLast() + 1, 50);
          read.addAll(indices(page));
        }
        assertThat(read).isEqualTo(about(acme.verifiedLog(), used));
        assertThat(batchesRead(jdbc)).isLessThan(2L * Mention.BLOCK * pages);
      } finally {
        one.destroy();
      }
    }
  }

  /// In the transaction of this connection.
  private static long batchesRead(JdbcClient jdbc) {
    return jdbc.sql(
            """
            select coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)
              from pg_stat_xact_user_tables where relname = 'log_batch'
            """)
        .query(Long.class)
        .single();
  }

  /// The bound that appends rely on.
  @Test
  void aBusySessionIsMentionedOnceInEachBlock() {
    try (var servers = new TestServer()) {
      var acme = new TestTenant(servers, "acme", 1);
      var used = used(servers, acme, 0);
      for (int n = 0; n < 4 * Mention.BLOCK; n++) {
        append(acme, used, 1);
      }
      var blocks =
          servers
              .rows(
                  "select first_seq / %d from log_mention where kind = 'session' and about = '%s'"
                      .formatted(Mention.BLOCK, used.id))
              .stream()
              .map(Long::parseLong)
              .toList();
      assertThat(blocks).doesNotHaveDuplicates().hasSizeBetween(4, 5);
    }
  }
}
