package org.openlockbox.server.log.entry;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.tenant.TenantId;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Finds the entries about requests by the mentions of their batches. What happened in a request's
/// sessions is mentioned once for each block of indices ([Mention#BLOCK]), so the batches after
/// such a mention in its block are looked into as well.
final class RequestEntries {
  private static final int FIRST_BATCHES = 2;
  private static final int MOST_BATCHES = 1_000;

  /// Bytes of entries that are read at a time for many requests.
  private static final long FIRST_BYTES = 8 << 20;

  /// The batches that mentions `m` lead to.
  private static final String LED_TO =
      """
      cross join lateral (
            select first_seq from log_batch
             where tenant_id = :tenant and first_seq >= m.first_seq
               and first_seq < case m.kind when 'session' then (m.first_seq / %1$d + 1) * %1$d
                                           else m.first_seq + 1 end
            offset 0) b
      """
          .formatted(Mention.BLOCK);

  /// Mentions of one kind, in this order.
  private static final String OF_KIND =
      """
      (select kind, first_seq from log_mention
        where tenant_id = :tenant and kind = '%s' and about = %s
        order by first_seq %s limit :limit)
      """;

  /// The batches from the one that holds index `from` on. A block that this one lies in may have
  /// its mention before it.
  private static final String NEXT =
      """
      with start as (
        select %1$s as seq
      ), m as (
        (select kind, first_seq from log_mention, start
          where tenant_id = :tenant and kind = 'authority' and about = :about and first_seq >= seq
          order by first_seq limit :limit)
         union all
        (select kind, first_seq from log_mention, start
          where tenant_id = :tenant and kind = 'session' and about = :about and first_seq >= seq
          order by first_seq limit :limit)
         union all
        select 'session', seq from start
         where exists (
               select from log_mention
                where tenant_id = :tenant and kind = 'session' and about = :about
                  and first_seq >= seq / %2$d * %2$d and first_seq < seq)
      ), found as (
        select distinct b.first_seq from m %3$s order by b.first_seq limit :limit
      )
      select b.first_seq, b.entries
        from found
        join log_batch b on b.tenant_id = :tenant and b.first_seq = found.first_seq
       order by b.first_seq
      """
          .formatted(LogReader.START, Mention.BLOCK, LED_TO);

  /// Where the newest batches begin, and how many these are.
  private static final String NEWEST =
      """
      select coalesce(min(first_seq), 0) as first_seq, count(*) as batches
        from (select distinct b.first_seq
                from (%s union all %s) m %s
               order by b.first_seq desc limit :limit) newest
      """
          .formatted(
              OF_KIND.formatted("authority", ":about", "desc"),
              OF_KIND.formatted("session", ":about", "desc"),
              LED_TO);

  private static final String FIRST =
      """
      select about, first_seq, case when so_far <= :bytes then entries end as entries
        from (select a.about, b.first_seq, b.entries,
                     sum(octet_length(b.entries)) over (order by a.about, b.first_seq) as so_far
                from unnest(cast(:abouts as text[])) a (about)
               cross join lateral
                     (select distinct b.first_seq
                        from (%s union all %s) m %s
                       order by b.first_seq limit :limit) found
                join log_batch b on b.tenant_id = :tenant and b.first_seq = found.first_seq) sized
       order by about, first_seq
      """
          .formatted(
              OF_KIND.formatted("authority", "a.about", ""),
              OF_KIND.formatted("session", "a.about", ""),
              LED_TO);

  private final JdbcClient jdbc;
  private final TenantId tenant;

  RequestEntries(JdbcClient jdbc, TenantId tenant) {
    this.jdbc = jdbc;
    this.tenant = tenant;
  }

  /// The entries about a request from index `from` on, of some batches, at most `batches`; empty
  /// only after the last.
  List<StoredEntry> next(RequestId request, long from, int batches) {
    var sessions = sessions(Set.of(request)).getOrDefault(request, Set.of());
    long next = from;
    while (true) {
      long start = next;
      var read = read(request, start, batches);
      var about = read.stream().filter(entry -> isAbout(entry, request, sessions)).toList();
      if (!about.isEmpty() || read.isEmpty()) {
        return about;
      }
      next = read.getLast().seq() + 1;
    }
  }

  /// At most `limit` entries about a request from index `from` on, of hardly more batches than hold
  /// them: how many entries a batch has is seen at the first few.
  List<StoredEntry> about(RequestId request, long from, int limit) {
    var about = new ArrayList<StoredEntry>();
    long start = from;
    int batches = FIRST_BATCHES;
    while (about.size() < limit) {
      var page = next(request, start, batches);
      if (page.isEmpty()) {
        break;
      }
      about.addAll(page);
      start = page.getLast().seq() + 1;
      long wanted = (long) (limit - about.size()) * batches / page.size() + 1;
      batches = Math.clamp(wanted, 1, MOST_BATCHES);
    }
    return List.copyOf(about.subList(0, Math.min(limit, about.size())));
  }

  /// All entries of the next batches that may hold some about the request.
  private List<StoredEntry> read(RequestId request, long from, int batches) {
    return jdbc
        .sql(NEXT)
        .param("tenant", tenant.value())
        .param("about", request.value())
        .param("from", from)
        .param("limit", batches)
        .query((row, n) -> batch(row))
        .list()
        .stream()
        .flatMap(List::stream)
        .filter(entry -> entry.seq() >= from)
        .toList();
  }

  private static List<StoredEntry> batch(ResultSet row) throws SQLException {
    return BatchBytes.entries(row.getLong("first_seq"), row.getBytes("entries"));
  }

  private record NewestBatches(long first, int count) {}

  /// The newest entries about a request, in log order. Blocks may hold many entries about others,
  /// so it looks further back until there are enough.
  List<StoredEntry> newest(RequestId request, int limit) {
    for (int batches = limit; true; batches *= 4) {
      var from = newestBatches(request, batches);
      var entries = next(request, from.first, Integer.MAX_VALUE);
      if (entries.size() >= limit || from.count < batches) {
        return entries.subList(Math.max(0, entries.size() - limit), entries.size());
      }
    }
  }

  private NewestBatches newestBatches(RequestId request, int batches) {
    return jdbc.sql(NEWEST)
        .param("tenant", tenant.value())
        .param("about", request.value())
        .param("limit", batches)
        .query((row, n) -> new NewestBatches(row.getLong("first_seq"), row.getInt("batches")))
        .single();
  }

  /// The entries about each of these requests that lie in the first batches with any of it, at most
  /// `batches` for each, in as many round trips for many requests as for one. Batches of more than
  /// [#FIRST_BYTES] together are not read: of some requests there are fewer entries then, or none.
  Map<RequestId, FirstEntries> first(Collection<RequestId> requests, int batches) {
    return first(requests, batches, FIRST_BYTES);
  }

  Map<RequestId, FirstEntries> first(Collection<RequestId> requests, int batches, long bytes) {
    var sessions = sessions(requests);
    var entries = new HashMap<RequestId, List<StoredEntry>>();
    var found = new HashMap<RequestId, Integer>();
    var unread = new HashSet<RequestId>();
    jdbc.sql(FIRST)
        .param("abouts", values(requests))
        .param("tenant", tenant.value())
        .param("limit", batches)
        .param("bytes", bytes)
        .query(
            row -> {
              var request = new RequestId(row.getString("about"));
              found.merge(request, 1, Integer::sum);
              byte[] batch = row.getBytes("entries");
              if (batch == null) {
                unread.add(request);
                return;
              }
              var about = entries.computeIfAbsent(request, _ -> new ArrayList<>());
              var logins = sessions.getOrDefault(request, Set.of());
              BatchBytes.entries(row.getLong("first_seq"), batch).stream()
                  .filter(entry -> isAbout(entry, request, logins))
                  .forEach(about::add);
            });
    var first = new HashMap<RequestId, FirstEntries>();
    for (var request : requests) {
      boolean whole = found.getOrDefault(request, 0) < batches && !unread.contains(request);
      first.put(request, new FirstEntries(entries.getOrDefault(request, List.of()), whole));
    }
    return first;
  }

  private Map<RequestId, Set<SessionId>> sessions(Collection<RequestId> requests) {
    var sessions = new HashMap<RequestId, Set<SessionId>>();
    jdbc.sql(
            """
            select id, request_id from session
             where tenant_id = :tenant and request_id = any (cast(:requests as text[]))
            """)
        .param("tenant", tenant.value())
        .param("requests", values(requests))
        .query(
            row -> {
              sessions
                  .computeIfAbsent(new RequestId(row.getString("request_id")), _ -> new HashSet<>())
                  .add(new SessionId(row.getString("id")));
            });
    return sessions;
  }

  private static String[] values(Collection<RequestId> requests) {
    return requests.stream().map(RequestId::value).distinct().toArray(String[]::new);
  }

  /// Whether an entry is about a request, or about one of its sessions.
  private static boolean isAbout(StoredEntry entry, RequestId request, Set<SessionId> sessions) {
    var body = entry.read().body();
    return body.request().filter(request::equals).isPresent()
        || body.session().filter(sessions::contains).isPresent();
  }
}
