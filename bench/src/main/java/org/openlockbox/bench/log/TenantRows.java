package org.openlockbox.bench.log;

import java.security.SecureRandom;
import java.util.List;
import java.util.stream.Stream;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.signing.Scheme;
import org.openlockbox.core.signing.SoftwareKey;
import org.openlockbox.core.statement.LimitsJson;

/// SQL that makes many tenants at once.
final class TenantRows {
  private TenantRows() {}

  static List<String> of(int tenants, String logHost, int gateways, String boot) {
    return Stream.concat(
            heads("Tenant", 0, tenants, logHost).stream(), sessions(gateways, boot).stream())
        .toList();
  }

  /// Tenants without a log, from this slot to before that one.
  static List<String> heads(String name, int from, int until, String logHost) {
    return List.of(
        """
        insert into tenant (id, name, origin, pin, slot, head_secret, log_keys, created_at)
        select 't' || n, '%s ' || n, '%s/t/t' || n, repeat('0', 64), n, sha256(n::text::bytea), sha256('keys'), now()
          from generate_series(%d, %d) as n
        """
            .formatted(name, logHost, from, until - 1),
        """
        insert into log_checkpoint (tenant_id, size, root, signatures)
        select id, 0, sha256(''), '' from tenant where slot >= %d
        """
            .formatted(from),
        "insert into log_moved (tenant_id) select id from tenant where slot >= " + from);
  }

  /// A request in force and an open session for each tenant that there is.
  static List<String> sessions(int gateways, String boot) {
    return List.of(
        """
        insert into access_request (tenant_id, id, version, state, engineer_id, engineer_name,
                                    engineer_country, engineer_employer, engineer_kind, engineer_sources,
                                    engineer_key,
                                    purpose, reason, ticket, resource, level, duration_ms, limits,
                                    assurance, provider_review, decide_by, quorum, created_at, log_index,
                                    entry_sha256, decided_at, grant_level, grant_not_before,
                                    grant_not_after, grant_limits, rule_entry, rule_id, rule_says)
        select id, 'R-' || lpad(slot::text, 10, '0'), 2, 'approved', 'eve', 'Eve', 'DE', 'Vendor',
               'human',
               '{"country":"directory","employer":"directory","kind":"directory","name":"directory"}', '%1$s', 'customer_ticket', 'a benchmark', 'B-1', 'helpdesk', 'read', 3600000, '%2$s',
               'gated', false, now(), 1, now(), 0, repeat('0', 64), now(), 'read', now(),
               now() + interval '30 days', '%2$s', 0, 'ask', ''
          from tenant
        """
            .formatted(key(), limits()),
        """
        insert into session (tenant_id, id, request_id, engineer_id, resource, level, gateway, boot,
                             certificate, address, application, opened_at, expires_at, log_index, state)
        select id, 'S-' || lpad(slot::text, 16, '0'), 'R-' || lpad(slot::text, 10, '0'), 'eve',
               'helpdesk', 'read', 'gw-' || slot %% %d, '%s', '{}', '127.0.0.1', 'psql', now(),
               now() + interval '30 days', 0, 'open'
          from tenant
        """
            .formatted(gateways, boot));
  }

  /// An engineer's key as it stands in a row.
  static String key() {
    return CanonicalJson.text(
        SoftwareKey.generate(Scheme.ED25519, new SecureRandom()).key().toJson());
  }

  /// No limits, as they stand in a row.
  static String limits() {
    return CanonicalJson.text(LimitsJson.toJson(Limits.UNWRITTEN));
  }
}
