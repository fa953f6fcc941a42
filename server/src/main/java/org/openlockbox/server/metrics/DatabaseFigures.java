package org.openlockbox.server.metrics;

import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Figures that stand in the database, so that all servers over it have the same: what waits, what
/// is open, how far the logs are signed and witnessed. They are read every few seconds, and only
/// while somebody reads this server's figures. A crash here leaves them as they were read last.
public final class DatabaseFigures {
  private static final Map<String, String> DESCRIPTIONS =
      Map.ofEntries(
          Map.entry("lockbox.requests", "Access requests that are not over, by state"),
          Map.entry("lockbox.sessions.open", "Sessions that are open at any gateway"),
          Map.entry("lockbox.deliveries.waiting", "Mail and webhook calls that wait"),
          Map.entry(
              "lockbox.deliveries.overdue.seconds",
              "How long the oldest one waits that is due, or nothing was taken while one was tried"),
          Map.entry("lockbox.deliveries.dead", "Deliveries that were given up"),
          Map.entry("lockbox.log.unsigned", "Entries that no signed checkpoint covers"),
          Map.entry("lockbox.log.entries", "Entries in all logs"),
          Map.entry("lockbox.epoch.age.seconds", "Time since the newest epoch was built"),
          Map.entry("lockbox.epoch.size", "Epochs that were built"),
          Map.entry("lockbox.epoch.witnessed", "The newest epoch that so many witnesses cosigned"),
          Map.entry("lockbox.gateways", "Gateways that hold a lease"),
          Map.entry(
              "lockbox.gateways.certificate.seconds",
              "Time until the first certificate of one is over"),
          Map.entry("lockbox.sink.waiting", "Events that a sink has not received"),
          Map.entry("lockbox.sink.failing.seconds", "How long a sink has been failing"),
          Map.entry("lockbox.table.size.bytes", "Size of a table with its indexes"));

  /// A delivery that was tried is due again later and later, so by that alone it would never be
  /// late. What counts then is for how long its channel has delivered nothing.
  private static final String FIGURES =
      """
      with grown as materialized (
        select t.id, coalesce(c.size, 0) as signed
          from tenant t
          left join log_checkpoint c on c.tenant_id = t.id
         cross join lateral (
               select from log_batch
                where tenant_id = t.id and first_seq >= coalesce(c.size, 0)
                limit 1) as longer
      ), unsigned as materialized (
        select coalesce(sum(h.size - g.signed), 0) as entries from grown g join log_head h on h.tenant_id = g.id
      ), refused as (
        select o.channel, min(a.at) as since
          from outbox o
          join delivery_attempt a on a.tenant_id = o.tenant_id and a.delivery_id = o.id and a.n = 1
         where o.sent_at is null and o.dead_at is null
         group by o.channel
      ), late as (
        select channel, min(due_at) as since
          from outbox where sent_at is null and dead_at is null and due_at < :now group by channel
        union all
        select channel,
               greatest(since, (select sent_at from outbox s
                                 where s.channel = refused.channel and s.sent_at is not null
                                 order by coalesce(s.sent_at, s.dead_at) desc limit 1))
          from refused
      )
      select 'lockbox.requests' as name, 'state' as label, state as which, count(*)::float8 as value
        from access_request where state in ('pending', 'approved') group by state
      union all
      select 'lockbox.sessions.open', '', '', count(*) from session where state = 'open'
      union all
      select 'lockbox.deliveries.waiting', 'channel', channel, count(*)
        from outbox where sent_at is null and dead_at is null group by channel
      union all
      select 'lockbox.deliveries.overdue.seconds', 'channel', channel,
             extract(epoch from :now - min(since)) from late group by channel
      union all
      select 'lockbox.deliveries.dead', 'channel', channel, count(*)
        from outbox where dead_at is not null and sent_at is null group by channel
      union all
      select 'lockbox.log.unsigned', '', '', entries from unsigned
      union all
      select 'lockbox.log.entries', '', '', entries + (select coalesce(sum(size), 0) from log_checkpoint)
        from unsigned
      union all
      select 'lockbox.epoch.age.seconds', '', '', extract(epoch from :now - built_at)
        from epoch_head where size > 0
      union all
      select 'lockbox.epoch.size', '', '', size from epoch_head
      union all
      select 'lockbox.epoch.witnessed', 'witnesses', witnesses::text, max(size)
        from epoch_checkpoint where witnesses > 0 group by witnesses
      union all
      select 'lockbox.gateways', '', '', count(*) from gateway_boot where gone_at is null
      union all
      select 'lockbox.gateways.certificate.seconds', '', '',
             extract(epoch from min(certified_until) - :now)
        from gateway_boot where gone_at is null having count(*) > 0
      union all
      select 'lockbox.sink.waiting', 'sink', sink, coalesce(sum(known_size - next_seq), 0)
        from export_cursor group by sink
      union all
      select 'lockbox.sink.failing.seconds', 'sink', sink, extract(epoch from :now - failing_since)
        from export_sink where failing_since is not null
      union all
      select 'lockbox.table.size.bytes', 'table', relname, pg_total_relation_size(oid)
        from pg_class where relkind = 'r' and relnamespace = current_schema()::regnamespace
      """;

  private final JdbcClient jdbc;
  private final ServerMeters meters;
  private final InstantSource clock;
  private final Map<FigureKey, Double> newest = new ConcurrentHashMap<>();

  /// One figure; label and value of it are empty where there is only one.
  private record FigureKey(String name, String label, String which) {}

  private record Figure(FigureKey key, double value) {}

  public DatabaseFigures(JdbcClient jdbc, ServerMeters meters, InstantSource clock) {
    this.jdbc = jdbc;
    this.meters = meters;
    this.clock = clock;
  }

  /// Reads all figures anew. What is not there any more is zero: nothing waits there.
  public void round() {
    if (!meters.isRead()) {
      return;
    }
    var read = new HashMap<FigureKey, Double>();
    figures().forEach(figure -> read.put(figure.key(), figure.value()));
    for (var key : read.keySet()) {
      if (!newest.containsKey(key)) {
        show(key);
      }
    }
    newest.replaceAll((key, _) -> read.getOrDefault(key, 0.0));
    newest.putAll(read);
  }

  private List<Figure> figures() {
    return jdbc.sql(FIGURES)
        .param("now", clock.instant().atOffset(ZoneOffset.UTC))
        .query(
            (row, n) ->
                new Figure(
                    new FigureKey(
                        row.getString("name"), row.getString("label"), row.getString("which")),
                    row.getDouble("value")))
        .list();
  }

  private void show(FigureKey key) {
    String description = DESCRIPTIONS.getOrDefault(key.name(), "");
    if (key.label().isEmpty()) {
      meters.gauge(key.name(), description, () -> newest.getOrDefault(key, 0.0));
    } else {
      meters.gauge(
          key.name(), description, key.label(), key.which(), () -> newest.getOrDefault(key, 0.0));
    }
  }
}
