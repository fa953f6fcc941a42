package org.openlockbox.server.tenant;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.database.Rows;
import org.openlockbox.tlog.LogVerifier;
import org.openlockbox.tlog.tree.Hash;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Which pair of keys each log names last, as rows have it: an index for whoever replaces log keys.
/// The log itself decides which pair signs it.
public final class LogKeyRows {
  private final JdbcClient jdbc;

  public LogKeyRows(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// A pair, whatever log it signs.
  static byte[] id(LogVerifier pair) {
    var vkeys = String.join("\n", pair.named("x").vkeys());
    return Hash.sha256(vkeys.getBytes(StandardCharsets.US_ASCII)).bytes();
  }

  void set(TenantId tenant, LogVerifier pair) {
    Rows.one(
        jdbc.sql("update tenant set log_keys = ? where id = ?")
            .params(id(pair), tenant.value())
            .update());
  }

  /// Some tenants whose log names another pair than this one last.
  List<TenantId> others(LogVerifier pair, int most) {
    return jdbc.sql("select id from tenant where log_keys <> ? order by id limit ?")
        .params(id(pair), most)
        .query((row, n) -> new TenantId(row.getString("id")))
        .list();
  }

  /// How many such tenants there are.
  public long countOthers(LogVerifier pair) {
    return jdbc.sql("select count(*) from tenant where log_keys <> ?")
        .params(id(pair))
        .query(Long.class)
        .single();
  }
}
