package org.openlockbox.server.log.memory;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.openlockbox.server.database.Database;
import org.openlockbox.server.log.head.SignedHeads.HeadsNotWritable;
import org.openlockbox.server.log.head.SignedHeads.TreeHead;
import org.openlockbox.tlog.tree.Hash;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/// A memory in two tables of another PostgreSQL than the control plane's. Each step is one
/// transaction, confirmed by that PostgreSQL's synchronous standbys if it has any. The row of a log
/// only grows, whichever server writes it.
public final class MemoryTable implements SharedMemory {
  /// Two servers may begin at the same moment.
  private static final String ALONE =
      "select pg_advisory_xact_lock(hashtext('lockbox-memory'))::text";

  private static final String CREATE_HEADS =
      """
      create table if not exists signed_head (
        origin text primary key,
        size bigint not null,
        root bytea not null)
      """;

  /// The empty line is the first: it says that somebody has begun.
  private static final String CREATE_STATEMENTS =
      """
      create table if not exists gateway_statement_copy (
        sha256 bytea primary key,
        no bigint generated always as identity,
        line text not null)
      """;

  private static final String ADVANCE =
      """
      insert into signed_head as known (origin, size, root)
      select origin, size, root
        from unnest(?::text[], ?::bigint[], ?::bytea[]) as signed (origin, size, root)
       order by origin
          on conflict (origin) do update set size = excluded.size, root = excluded.root
       where known.size < excluded.size
      """;

  private static final String KEEP =
      """
      insert into gateway_statement_copy (sha256, line)
      select sha256, line from unnest(?::bytea[], ?::text[]) as said (sha256, line)
          on conflict (sha256) do nothing
      """;

  private final HikariDataSource pool;
  private final String place;
  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;

  private MemoryTable(HikariDataSource pool, String place) {
    this.pool = pool;
    this.place = place;
    var database = Database.over(pool);
    this.jdbc = database.statements();
    this.transaction = database.transactions();
  }

  /// Closes the pool when it is closed.
  public static MemoryTable over(HikariDataSource pool, SigningMemory.Table place) {
    return new MemoryTable(pool, place.toString());
  }

  @Override
  public void prepare(JdbcClient controlPlane) {
    requireApart(controlPlane);
    within(
        () -> {
          jdbc.sql(ALONE).query(String.class).single();
          jdbc.sql(CREATE_HEADS).update();
          return jdbc.sql(CREATE_STATEMENTS).update();
        });
  }

  /// Each step is a transaction of its own, also where the caller has one of the control plane's
  /// database: else its connection would stay taken until that one ends, and those who wait for
  /// each other's connections could wait in a ring.
  private <T> T within(Supplier<T> work) {
    try {
      return Objects.requireNonNull(transaction.execute(_ -> work.get()));
    } catch (DataAccessException | TransactionException e) {
      throw new HeadsNotWritable(place, first(e));
    }
  }

  private static Throwable first(Throwable fault) {
    var cause = fault.getCause();
    return cause == null ? fault : first(cause);
  }

  private record KnownHead(String origin, TreeHead head) {
    static KnownHead of(ResultSet row) throws SQLException {
      return new KnownHead(
          row.getString("origin"),
          new TreeHead(row.getLong("size"), Hash.of(row.getBytes("root"))));
    }
  }

  @Override
  public Map<String, TreeHead> heads() {
    return within(
        () ->
            byOrigin(
                jdbc.sql("select origin, size, root from signed_head")
                    .query((row, _) -> KnownHead.of(row))
                    .list()));
  }

  @Override
  public Map<String, TreeHead> heads(Set<String> origins) {
    return within(() -> read(origins));
  }

  private Map<String, TreeHead> read(Set<String> origins) {
    return byOrigin(
        jdbc.sql("select origin, size, root from signed_head where origin = any(?)")
            .params((Object) origins.toArray(String[]::new))
            .query((row, _) -> KnownHead.of(row))
            .list());
  }

  private static Map<String, TreeHead> byOrigin(List<KnownHead> rows) {
    var heads = new HashMap<String, TreeHead>();
    rows.forEach(row -> heads.put(row.origin, row.head));
    return heads;
  }

  @Override
  public Map<String, TreeHead> advance(Map<String, TreeHead> signed) {
    return within(
        () -> {
          var all = List.copyOf(signed.entrySet());
          jdbc.sql(ADVANCE)
              .params(
                  all.stream().map(Map.Entry::getKey).toArray(String[]::new),
                  all.stream().map(one -> one.getValue().size()).toArray(Long[]::new),
                  all.stream().map(one -> one.getValue().root().bytes()).toArray(byte[][]::new))
              .update();
          var now = read(signed.keySet());
          ContradictedHead.refuse(now, signed);
          return now;
        });
  }

  @Override
  public void replace(String origin, TreeHead from, TreeHead to) {
    within(
        () ->
            jdbc.sql(
                    """
                    update signed_head set size = ?, root = ?
                     where origin = ? and size = ? and root = ?
                    """)
                .params(to.size(), to.root().bytes(), origin, from.size(), from.root().bytes())
                .update());
  }

  @Override
  public Optional<List<String>> statements() {
    var lines =
        within(
            () ->
                jdbc.sql("select line from gateway_statement_copy order by no")
                    .query(String.class)
                    .list());
    return lines.isEmpty()
        ? Optional.empty()
        : Optional.of(lines.stream().filter(line -> !line.isEmpty()).toList());
  }

  @Override
  public void keep(Collection<String> statements) {
    within(
        () -> {
          keepLines(List.of(""));
          keepLines(List.copyOf(statements));
          return true;
        });
  }

  private void keepLines(List<String> lines) {
    jdbc.sql(KEEP)
        .params(
            lines.stream()
                .map(line -> Hash.sha256(line.getBytes(StandardCharsets.UTF_8)).bytes())
                .toArray(byte[][]::new),
            lines.toArray(String[]::new))
        .update();
  }

  private void requireApart(JdbcClient controlPlane) {
    var here = within(() -> cluster(jdbc));
    if (here.isPresent() && here.equals(cluster(controlPlane))) {
      throw new IllegalStateException(
          "%s is the control plane's own PostgreSQL: a restore would set both back. Name another one"
              .formatted(place));
    }
  }

  /// Which PostgreSQL this is, its standbys and copies included; empty where that is not told.
  private static Optional<String> cluster(JdbcClient jdbc) {
    boolean tells =
        jdbc.sql("select has_function_privilege('pg_control_system()', 'execute')")
            .query(Boolean.class)
            .single();
    return tells
        ? jdbc.sql("select system_identifier::text from pg_control_system()")
            .query(String.class)
            .optional()
        : Optional.empty();
  }

  @Override
  public void close() {
    pool.close();
  }
}
