package org.openlockbox.server.enrolment;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.openlockbox.core.signing.KeyId;
import org.openlockbox.core.tenant.TenantId;
import org.springframework.jdbc.core.simple.JdbcClient;

/// When keys of a tenant signed last, as this server's tables say: a decision, or a change that was
/// proposed here. It is for people to see which key they use, and proves nothing.
public final class KeyUses {
  private static final String LAST =
      """
      select k.id,
             greatest((select max(d.at) from decision d
                        where d.tenant_id = :tenant and d.key_id = k.id),
                      (select max(s.signed_at) from proposal_signature s
                        where s.tenant_id = :tenant and s.key_id = k.id)) as used
        from unnest(:keys::text[]) as k (id)
      """;

  private KeyUses() {}

  /// Of each of these keys that ever signed, when it did so last.
  public static Map<KeyId, Instant> last(JdbcClient jdbc, TenantId tenant, Collection<KeyId> keys) {
    var last = new HashMap<KeyId, Instant>();
    jdbc.sql(LAST)
        .param("tenant", tenant.value())
        .param("keys", keys.stream().map(KeyId::hex).toArray(String[]::new))
        .query(
            row -> {
              var used = row.getObject("used", OffsetDateTime.class);
              if (used != null) {
                last.put(KeyId.parse(row.getString("id")), used.toInstant());
              }
            });
    return last;
  }
}
