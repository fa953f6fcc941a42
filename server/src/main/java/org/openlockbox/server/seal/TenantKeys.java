package org.openlockbox.server.seal;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.openlockbox.core.cache.RecentlyUsed;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.database.Rows;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The data keys of the tenants, numbered from 1 in each; the newest one seals. The database holds
/// them only wrapped. What memory holds is bounded, and is used only for a number that the caller
/// has read in the same transaction to be in force: another server may have destroyed it.
public final class TenantKeys {
  /// Keys that are kept in memory; an older one is unwrapped again.
  private static final int KEPT = 100_000;

  private static final int WRAPPED_AT_ONCE = 500;

  private final JdbcClient jdbc;
  private final KeyWrapping wrapping;
  private final InstantSource clock;
  private final SecureRandom random;
  private final Map<DataKeyNumber, SealingKey> kept = new RecentlyUsed<>(KEPT);

  /// A data key, by its number.
  public record DataKeyNumber(TenantId tenant, int no) {}

  private record WrappedKey(TenantId tenant, int no, String by, Bytes key) {}

  public TenantKeys(
      JdbcClient jdbc, KeyWrapping wrapping, InstantSource clock, SecureRandom random) {
    this.jdbc = jdbc;
    this.wrapping = wrapping;
    this.clock = clock;
    this.random = random;
  }

  /// Makes the data key with this number, inside the caller's transaction.
  public void make(TenantId tenant, int no) {
    var key = SealingKey.random(random);
    jdbc.sql(
            """
            insert into tenant_key (tenant_id, no, wrapped_by, wrapped, made_at)
            values (?, ?, ?, ?, ?)
            """)
        .params(
            tenant.value(),
            no,
            wrapping.current(),
            wrapping.wrap(key.bytes(), context(tenant, no)).toArray(),
            clock.instant().atOffset(ZoneOffset.UTC))
        .update();
  }

  /// Destroys the data key with this number, inside the caller's transaction; after its commit
  /// nobody who has only the database and the wrapping key opens what it sealed.
  public void destroy(TenantId tenant, int no) {
    int changed =
        jdbc.sql(
                """
                update tenant_key set wrapped = null, destroyed_at = ?
                 where tenant_id = ? and no = ? and wrapped is not null
                """)
            .params(clock.instant().atOffset(ZoneOffset.UTC), tenant.value(), no)
            .update();
    if (changed != 1) {
      throw new IllegalStateException("there is no data key %d of %s".formatted(no, tenant));
    }
    synchronized (kept) {
      kept.remove(new DataKeyNumber(tenant, no));
    }
  }

  /// The data key with this number, of which the caller knows that it is in force. Throws
  /// [KeyUnavailable] if it was destroyed.
  public SealingKey key(TenantId tenant, int no) {
    return Objects.requireNonNull(keys(Map.of(tenant, no)).get(tenant));
  }

  /// The data keys with these numbers, of which the caller knows that they are in force, with at
  /// most one query. Throws [KeyUnavailable] if one was destroyed.
  public Map<TenantId, SealingKey> keys(Map<TenantId, Integer> numbers) {
    var keys = new HashMap<TenantId, SealingKey>();
    var missing = new HashMap<TenantId, Integer>(numbers);
    synchronized (kept) {
      numbers.forEach(
          (tenant, no) -> {
            var known = kept.get(new DataKeyNumber(tenant, no));
            if (known != null) {
              keys.put(tenant, known);
              missing.remove(tenant);
            }
          });
    }
    if (!missing.isEmpty()) {
      keys.putAll(unwrapped(missing));
    }
    return keys;
  }

  private Map<TenantId, SealingKey> unwrapped(Map<TenantId, Integer> numbers) {
    var keys = new HashMap<TenantId, SealingKey>();
    for (var wrapped : wrapped(numbers)) {
      keys.put(wrapped.tenant(), SealingKey.of(unwrapped(wrapped)));
    }
    numbers.forEach(
        (tenant, no) -> {
          var key = keys.get(tenant);
          if (key == null) {
            throw new KeyUnavailable("data key %d of %s was destroyed".formatted(no, tenant));
          }
          synchronized (kept) {
            kept.put(new DataKeyNumber(tenant, no), key);
          }
        });
    return keys;
  }

  private List<WrappedKey> wrapped(Map<TenantId, Integer> numbers) {
    var tenants = List.copyOf(numbers.keySet());
    return jdbc.sql(
            """
            select k.tenant_id, k.no, k.wrapped_by, k.wrapped
              from unnest(?::text[], ?::int[]) as w (tenant_id, no)
              join tenant_key k on k.tenant_id = w.tenant_id and k.no = w.no
             where k.wrapped is not null
            """)
        .param(tenants.stream().map(TenantId::value).toArray(String[]::new))
        .param(tenants.stream().map(numbers::get).toArray(Integer[]::new))
        .query((row, n) -> wrapped(row))
        .list();
  }

  private static WrappedKey wrapped(ResultSet row) throws SQLException {
    return new WrappedKey(
        new TenantId(row.getString("tenant_id")),
        row.getInt("no"),
        row.getString("wrapped_by"),
        Bytes.of(row.getBytes("wrapped")));
  }

  private Bytes unwrapped(WrappedKey wrapped) {
    return wrapping.unwrap(wrapped.by(), wrapped.key(), context(wrapped.tenant(), wrapped.no()));
  }

  private static Bytes context(TenantId tenant, int no) {
    return Bytes.of(
        "lockbox data key v1\n%s\n%d".formatted(tenant, no).getBytes(StandardCharsets.UTF_8));
  }

  /// Refuses to go on, in words for the operator, unless every data key can be unwrapped; then
  /// wraps anew what the current key has not wrapped. May run on several servers at once, and be
  /// killed anywhere: each data key is wrapped by one or the other.
  ///
  /// @return how many were wrapped anew
  public int adopt() {
    var names =
        jdbc.sql("select distinct wrapped_by from tenant_key where wrapped is not null")
            .query((row, n) -> row.getString("wrapped_by"))
            .list();
    for (var name : names) {
      if (!wrapping.holds(name)) {
        throw new IllegalStateException(
            """
            the tenants' data keys are wrapped by key %s, which %s does not hold: \
            nothing is started. Put back the wrapping key that belongs to this database\
            """
                .formatted(name, wrapping));
      }
    }
    int count = 0;
    for (var some = stale(); !some.isEmpty(); some = stale()) {
      for (var wrapped : some) {
        count += rewrap(wrapped);
      }
    }
    return count;
  }

  private List<WrappedKey> stale() {
    return jdbc.sql(
            """
            select tenant_id, no, wrapped_by, wrapped from tenant_key
             where wrapped is not null and wrapped_by <> ?
             limit ?
            """)
        .params(wrapping.current(), WRAPPED_AT_ONCE)
        .query((row, n) -> wrapped(row))
        .list();
  }

  private int rewrap(WrappedKey old) {
    return jdbc.sql(
            """
            update tenant_key set wrapped_by = ?, wrapped = ?
             where tenant_id = ? and no = ? and wrapped_by = ? and wrapped is not null
            """)
        .params(
            wrapping.current(),
            wrapping.wrap(unwrapped(old), context(old.tenant(), old.no())).toArray(),
            old.tenant().value(),
            old.no(),
            old.by())
        .update();
  }

  /// The destroyed data keys of which sealed rows may still lie about.
  public List<DataKeyNumber> destroyed() {
    return jdbc.sql(
            """
            select tenant_id, no from tenant_key
             where destroyed_at is not null and emptied_at is null
            """)
        .query(
            (row, n) ->
                new DataKeyNumber(new TenantId(row.getString("tenant_id")), row.getInt("no")))
        .list();
  }

  /// Nothing that this destroyed key has sealed lies about any more.
  public void emptied(DataKeyNumber key) {
    Rows.one(
        jdbc.sql("update tenant_key set emptied_at = ? where tenant_id = ? and no = ?")
            .params(clock.instant().atOffset(ZoneOffset.UTC), key.tenant().value(), key.no())
            .update());
  }

  /// Seals at a place, with randomness of this server.
  public byte[] seal(SealingKey key, byte[] text, Bytes place) {
    return key.seal(text, place, random);
  }
}
