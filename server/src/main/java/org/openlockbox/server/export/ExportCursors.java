package org.openlockbox.server.export;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.canonical.TextRules;
import org.openlockbox.core.tenant.TenantId;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/// How far each sink has been told of each tenant's log, and what is due. Work is found through the
/// epochs, which list the logs that grew: a tenant whose log rests costs nothing. It is claimed in
/// the database, so any number of servers deliver, each tenant's events by one of them at a time
/// and in order; a claim comes back by itself if its server dies.
final class ExportCursors {
  /// How long claimed work is left to whoever claimed it; no delivery may take longer.
  static final Duration CLAIM = Duration.ofSeconds(60);

  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);
  private static final int EPOCHS_AT_ONCE = 720;
  private static final int LONGEST_ERROR = 300;

  private static final String KEEP =
      """
      on conflict (sink, tenant_id) do update
         set known_size = excluded.known_size,
             due_at = case when export_cursor.next_seq < export_cursor.known_size
                           then export_cursor.due_at else excluded.due_at end
       where export_cursor.known_size < excluded.known_size
      """;

  private static final String ADD_ALL =
      """
      insert into export_cursor (sink, tenant_id, next_seq, known_size, due_at)
      select :sink, t.id, 0, s.size, :now
        from epoch_slot s
        join tenant t on t.slot = s.slot
       where :all or t.id = any (:tenants)
      """
          + KEEP;

  private static final String ADD_CHANGED =
      """
      insert into export_cursor (sink, tenant_id, next_seq, known_size, due_at)
      select :sink, t.id, 0, max(c.size), :now
        from epoch_change c
        join tenant t on t.slot = c.slot
       where c.epoch >= :from and c.epoch < :to and (:all or t.id = any (:tenants))
       group by t.id
      """
          + KEEP;

  private static final String CLAIM_DUE =
      """
      update export_cursor c
         set claim = :claim, claimed_until = :until
       where (c.sink, c.tenant_id) in (
               select sink, tenant_id from export_cursor
                where sink = :sink and next_seq < known_size and due_at <= :now
                  and (claimed_until is null or claimed_until <= :now)
                  and (:all or tenant_id = any (:tenants))
                order by due_at, tenant_id
                limit 1
                  for update skip locked)
      returning c.tenant_id, c.next_seq, c.known_size, c.claim, c.attempts
      """;

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final InstantSource clock;
  private final Random random;

  ExportCursors(
      JdbcClient jdbc, TransactionTemplate transaction, InstantSource clock, Random random) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.clock = clock;
    this.random = random;
  }

  /// Work that this server has to do now: the entries of a tenant from `next` up to `size`.
  record ExportWork(TenantId tenant, long next, long size, long claim, int attempts) {}

  private OffsetDateTime now() {
    return at(clock.instant());
  }

  private static OffsetDateTime at(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  /// Makes the sink known, with every tenant's log from its first entry on.
  void open(EventSink sink) {
    transaction.executeWithoutResult(
        _ -> {
          jdbc.sql("insert into export_sink (sink, epoch) values (?, 0) on conflict do nothing")
              .params(sink.name())
              .update();
          jdbc.sql("select epoch from export_sink where sink = ? for update")
              .params(sink.name())
              .query(Long.class)
              .single();
          long size = epochs();
          add(ADD_ALL, sink).update();
          followed(sink, size);
        });
  }

  private JdbcClient.StatementSpec add(String sql, EventSink sink) {
    return limited(jdbc.sql(sql), sink).param("now", now());
  }

  private static JdbcClient.StatementSpec limited(JdbcClient.StatementSpec sql, EventSink sink) {
    return sql.param("sink", sink.name())
        .param("all", sink.tenants().isEmpty())
        .param("tenants", sink.tenants().stream().map(TenantId::value).toArray(String[]::new));
  }

  private long epochs() {
    return jdbc.sql("select size from epoch_head").query(Long.class).single();
  }

  private void followed(EventSink sink, long epoch) {
    jdbc.sql("update export_sink set epoch = ? where sink = ? and epoch <= ?")
        .params(epoch, sink.name(), epoch)
        .update();
  }

  /// Takes note of the logs that grew since the last time, unless another server is at it.
  void follow(EventSink sink) {
    transaction.executeWithoutResult(
        _ -> {
          var from =
              jdbc.sql("select epoch from export_sink where sink = ? for update skip locked")
                  .params(sink.name())
                  .query(Long.class)
                  .optional();
          long size = epochs();
          if (from.isEmpty() || from.get() >= size) {
            return;
          }
          long to = Math.min(size, from.get() + EPOCHS_AT_ONCE);
          add(ADD_CHANGED, sink).param("from", from.get()).param("to", to).update();
          followed(sink, to);
        });
  }

  /// Whether the sink is not waiting after a failure.
  boolean isReady(EventSink sink) {
    return jdbc.sql(
            "select retry_at is null or retry_at <= :now from export_sink where sink = :sink")
        .param("now", now())
        .param("sink", sink.name())
        .query(Boolean.class)
        .single();
  }

  /// Claims the tenant that has waited longest and that nobody else is at.
  Optional<ExportWork> claim(EventSink sink) {
    return limited(jdbc.sql(CLAIM_DUE), sink)
        .param("claim", random.nextLong())
        .param("until", at(clock.instant().plus(CLAIM)))
        .param("now", now())
        .query(
            (row, n) ->
                new ExportWork(
                    new TenantId(row.getString("tenant_id")),
                    row.getLong("next_seq"),
                    row.getLong("known_size"),
                    row.getLong("claim"),
                    row.getInt("attempts")))
        .optional();
  }

  /// The sink has everything below `next`. Nothing moves if the claim was lost meanwhile: whoever
  /// has it now tells the sink again.
  void delivered(EventSink sink, ExportWork due, long next) {
    jdbc.sql(
            """
            update export_cursor
               set next_seq = ?, claim = null, claimed_until = null, attempts = 0, due_at = ?,
                   delivered_at = ?, failing_since = null, last_error = null
             where sink = ? and tenant_id = ? and claim = ? and next_seq = ?
            """)
        .params(next, now(), now(), sink.name(), due.tenant().value(), due.claim(), due.next())
        .update();
    jdbc.sql(
            """
            update export_sink
               set attempts = 0, retry_at = null, failing_since = null, last_error = null
             where sink = ? and last_error is not null
            """)
        .params(sink.name())
        .update();
  }

  /// The sink takes nothing now; it is tried again later, first after a second, at last every five
  /// minutes. The work goes back.
  void unreachable(EventSink sink, ExportWork due, String why) {
    int attempts =
        jdbc.sql("select attempts from export_sink where sink = ?")
            .params(sink.name())
            .query(Integer.class)
            .single();
    jdbc.sql(
            """
            update export_sink
               set attempts = attempts + 1, retry_at = :retry, last_error = :why,
                   failing_since = coalesce(failing_since, :now)
             where sink = :sink
            """)
        .param("retry", at(clock.instant().plus(pause(attempts))))
        .param("why", shortened(why))
        .param("now", now())
        .param("sink", sink.name())
        .update();
    jdbc.sql(
            """
            update export_cursor set claim = null, claimed_until = null
             where sink = ? and tenant_id = ? and claim = ?
            """)
        .params(sink.name(), due.tenant().value(), due.claim())
        .update();
  }

  /// This tenant's events cannot be told, and wait; the others go on.
  void refused(EventSink sink, ExportWork due, String why) {
    jdbc.sql(
            """
            update export_cursor
               set claim = null, claimed_until = null, attempts = attempts + 1, due_at = :retry,
                   last_error = :why, failing_since = coalesce(failing_since, :now)
             where sink = :sink and tenant_id = :tenant and claim = :claim
            """)
        .param("retry", at(clock.instant().plus(pause(due.attempts()))))
        .param("why", shortened(why))
        .param("now", now())
        .param("sink", sink.name())
        .param("tenant", due.tenant().value())
        .param("claim", due.claim())
        .update();
  }

  private static Duration pause(int attempts) {
    var pause = Duration.ofSeconds(1L << Math.min(attempts, 10));
    return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
  }

  private static String shortened(String why) {
    var shown = TextRules.shown(why);
    return shown.length() > LONGEST_ERROR ? shown.substring(0, LONGEST_ERROR) : shown;
  }

  /// How a sink stands: what waits, and what went wrong last.
  record SinkStatus(
      long tenantsWaiting,
      long entriesWaiting,
      Optional<Instant> waitingSince,
      Optional<Instant> failingSince,
      Optional<String> lastError,
      Optional<Instant> retryAt) {}

  SinkStatus standing(EventSink sink) {
    return limited(
            jdbc.sql(
                """
                select s.failing_since, s.retry_at, w.*, coalesce(s.last_error, r.refused) as failed
                  from export_sink s,
                       lateral (select count(*) as tenants,
                                       coalesce(sum(known_size - next_seq), 0) as entries,
                                       min(due_at) as since
                                  from export_cursor
                                 where sink = s.sink and next_seq < known_size
                                   and (:all or tenant_id = any (:tenants))) as w,
                       lateral (select max(tenant_id || ': ' || last_error) as refused
                                  from export_cursor
                                 where sink = s.sink and next_seq < known_size
                                   and last_error is not null) as r
                 where s.sink = :sink
                """),
            sink)
        .query(
            (row, n) ->
                new SinkStatus(
                    row.getLong("tenants"),
                    row.getLong("entries"),
                    instant(row.getObject("since", OffsetDateTime.class)),
                    instant(row.getObject("failing_since", OffsetDateTime.class)),
                    Optional.ofNullable(row.getString("failed")),
                    instant(row.getObject("retry_at", OffsetDateTime.class))))
        .single();
  }

  private static Optional<Instant> instant(@Nullable OffsetDateTime at) {
    return Optional.ofNullable(at)
        .map(OffsetDateTime::toInstant)
        .map(moment -> moment.truncatedTo(ChronoUnit.MILLIS));
  }

  /// How far one tenant's log has been told to a sink.
  record SinkProgress(long next, long size, boolean failing) {}

  Optional<SinkProgress> told(EventSink sink, TenantId tenant) {
    return jdbc.sql(
            """
            select c.next_seq, c.known_size,
                   c.last_error is not null or s.last_error is not null as failing
              from export_cursor c
              join export_sink s on s.sink = c.sink
             where c.sink = ? and c.tenant_id = ?
            """)
        .params(sink.name(), tenant.value())
        .query(
            (row, n) ->
                new SinkProgress(
                    row.getLong("next_seq"), row.getLong("known_size"), row.getBoolean("failing")))
        .optional();
  }
}
