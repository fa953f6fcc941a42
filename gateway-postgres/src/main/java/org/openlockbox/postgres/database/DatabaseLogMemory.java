package org.openlockbox.postgres.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.resource.LogHead;
import org.openlockbox.gateway.resource.LogMemory;
import org.openlockbox.tlog.tree.Hash;

/// What the gateways of one protected database remember of tenants' logs, in that database: it
/// outlives every gateway, all gateways of the database share it, and the control plane has no way
/// to it (ADR 0041). It only grows; a crash between two steps leaves what was noted before.
///
/// Lost with the database's own backup: a restore brings back an older memory.
public final class DatabaseLogMemory implements LogMemory {
  private final AdminPool pool;

  DatabaseLogMemory(AdminPool pool) {
    this.pool = pool;
  }

  @Override
  public RememberedLog of(TenantId tenant, RequestId request) {
    return use(
        """
        select h.size, h.pin, h.root, h.keyring_index, h.keyring_entry, h.recovery,
               coalesce(h.noted < clock_timestamp() - interval '5 minutes', true),
               exists (select from lb.ended_request e where e.tenant = asked.tenant and e.request = ?)
          from (values (?)) asked (tenant)
          left join lb.log_head h on h.tenant = asked.tenant
        """,
        query -> {
          query.setString(1, request.value());
          query.setString(2, tenant.value());
          try (var row = query.executeQuery()) {
            row.next();
            long size = row.getLong(1);
            Optional<LogHead> head =
                row.wasNull()
                    ? Optional.empty()
                    : Optional.of(
                        new LogHead(
                            Hash.ofHex(row.getString(2)),
                            size,
                            Hash.ofHex(row.getString(3)),
                            row.getLong(4),
                            Hash.ofHex(row.getString(5)),
                            row.getLong(6)));
            return new RememberedLog(head, row.getBoolean(8), row.getBoolean(7));
          }
        });
  }

  @Override
  public boolean note(TenantId tenant, Optional<LogHead> before, LogHead now) {
    return use(
        "select lb.note_log(?, ?, ?, ?, ?, ?, ?, ?)",
        call -> {
          call.setString(1, tenant.value());
          call.setString(2, before.map(head -> head.root().hex()).orElse(""));
          call.setString(3, now.pin().hex());
          call.setLong(4, now.size());
          call.setString(5, now.root().hex());
          call.setLong(6, now.keyringIndex());
          call.setString(7, now.keyringDigest().hex());
          call.setLong(8, now.recovery());
          try (var row = call.executeQuery()) {
            return row.next() && row.getBoolean(1);
          }
        });
  }

  @Override
  public void noteEnd(TenantId tenant, RequestId request, Instant until) {
    use(
        "select lb.note_end(?, ?, ?)",
        call -> {
          call.setString(1, tenant.value());
          call.setString(2, request.value());
          call.setObject(3, until.atOffset(ZoneOffset.UTC));
          return call.execute();
        });
  }

  @Override
  public void raise(TenantId tenant, RequestId request, String problem) {
    noteAlarm(tenant, request, problem);
  }

  @Override
  public void delivered(StoredAlarm alarm) {
    noteAlarm(alarm.tenant(), alarm.request(), "");
  }

  private void noteAlarm(TenantId tenant, RequestId request, String problem) {
    use(
        "select lb.note_alarm(?, ?, ?)",
        call -> {
          call.setString(1, tenant.value());
          call.setString(2, request.value());
          call.setString(3, problem);
          return call.execute();
        });
  }

  @Override
  public List<StoredAlarm> alarms() {
    return use(
        "select tenant, request, problem, raised from lb.history_alarm order by raised",
        query -> {
          var alarms = new ArrayList<StoredAlarm>();
          try (var row = query.executeQuery()) {
            while (row.next()) {
              alarms.add(
                  new StoredAlarm(
                      new TenantId(row.getString(1)),
                      new RequestId(row.getString(2)),
                      row.getString(3),
                      row.getObject(4, OffsetDateTime.class).toInstant()));
            }
          }
          return alarms;
        });
  }

  private interface DatabaseCall<T> {
    T on(PreparedStatement statement) throws SQLException;
  }

  private <T> T use(String sql, DatabaseCall<T> call) {
    try {
      return pool.use(connection -> prepared(connection, sql, call));
    } catch (SQLException e) {
      throw new Unavailable(DatabaseErrorText.of(e).line(), e);
    }
  }

  private static <T> T prepared(Connection connection, String sql, DatabaseCall<T> call)
      throws SQLException {
    try (var statement = connection.prepareStatement(sql)) {
      return call.on(statement);
    }
  }
}
