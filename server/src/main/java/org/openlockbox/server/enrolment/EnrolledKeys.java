package org.openlockbox.server.enrolment;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.keyring.ApproverKey;
import org.openlockbox.core.signing.KeyId;
import org.openlockbox.core.signing.VerifyingKey;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.problem.Problem;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The passkeys that people of tenants have made here. A row lets nobody sign: that a key counts is
/// in the tenant's log, signed by the key itself and by those before it. A row that is lost or
/// false makes a passkey that has to be made again.
public final class EnrolledKeys {
  /// The most that one person may have.
  static final int MOST = 20;

  private final JdbcClient jdbc;
  private final InstantSource clock;

  public EnrolledKeys(JdbcClient jdbc, InstantSource clock) {
    this.jdbc = jdbc;
    this.clock = clock;
  }

  public void add(TenantId tenant, ApproverKey key, boolean backedUp) {
    if (of(tenant, key.approver()).size() >= MOST) {
      throw Problem.conflict("too_many_passkeys", "you have made too many passkeys; forget some");
    }
    int added =
        jdbc.sql(
                """
                insert into enrolled_key
                  (tenant_id, key_id, approver, name, key, backed_up, enrolled_at)
                values (?, ?, ?, ?, ?, ?, ?)
                on conflict (tenant_id, key_id) do nothing
                """)
            .param(tenant.value())
            .param(key.key().keyId().hex())
            .param(key.approver().value())
            .param(key.name())
            .param(CanonicalJson.text(key.key().toJson()))
            .param(backedUp)
            .param(clock.instant().atOffset(ZoneOffset.UTC))
            .update();
    if (added != 1) {
      throw Problem.conflict("enrolled", "this passkey is enrolled already");
    }
  }

  /// All of a tenant, by person.
  public List<EnrolledKey> of(TenantId tenant) {
    return jdbc.sql(
            """
            select approver, name, key, backed_up, enrolled_at from enrolled_key
             where tenant_id = ? order by approver, enrolled_at, key_id
            """)
        .params(tenant.value())
        .query((row, n) -> read(row))
        .list();
  }

  public List<EnrolledKey> of(TenantId tenant, SubjectId approver) {
    return of(tenant).stream().filter(one -> one.key().approver().equals(approver)).toList();
  }

  private static EnrolledKey read(ResultSet row) throws SQLException {
    return new EnrolledKey(
        new ApproverKey(
            new SubjectId(row.getString("approver")),
            row.getString("name"),
            VerifyingKey.parse(CanonicalJson.parse(Bytes.ofUtf8(row.getString("key"))))),
        row.getBoolean("backed_up"),
        row.getObject("enrolled_at", OffsetDateTime.class).toInstant());
  }

  /// Forgets one of this person's; false if there is none.
  public boolean forget(TenantId tenant, SubjectId approver, KeyId id) {
    return jdbc.sql("delete from enrolled_key where tenant_id = ? and approver = ? and key_id = ?")
            .params(tenant.value(), approver.value(), id.hex())
            .update()
        == 1;
  }
}
