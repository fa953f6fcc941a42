package org.openlockbox.bench.log;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// SQL that makes two years of one tenant's requests, most of them over, each with a session; and
/// somebody who is signed in.
final class PortalRows {
  private PortalRows() {}

  /// One request in ten was granted by the policy alone.
  private static final String BY_PEOPLE = "(right(id, 1) <> '7')";

  /// What was mailed about them, and who may sign in.
  private static final List<String> BESIDE =
      List.of(
          """
          insert into outbox (tenant_id, channel, kind, request_id, message_id, thread_id, recipient, urgent,
                              subject, text_part, html_part, created_at, due_at, attempts, sent_at)
          select tenant_id, 'mail', 'request.created', id, id, id, 'ann@tenant.example', false, '', '', '',
                 created_at, created_at, 1, created_at
            from access_request where state = 'completed' order by log_index
          """,
          """
          insert into delivery_attempt (tenant_id, delivery_id, n, at, outcome, answer, ended_at)
          select tenant_id, id, 1, created_at, 'delivered', '250 OK', created_at from outbox
          """,
          """
          insert into person (tenant_id, subject, address, name, roles, created_at)
          values ('t0', 'auditor', 'auditor@tenant.example', 'Auditor',
                  '{auditor,approver,policy-admin,tenant-admin}', now()),
                 (null, 'engineer-1', 'engineer@vendor.example', 'Engineer 1', '{engineer}', now()),
                 (null, 'reviewer', 'reviewer@vendor.example', 'Reviewer', '{reviewer}', now()),
                 (null, 'operator', 'operator@vendor.example', 'Operator', '{operator}', now())
          """,
          """
          update session set removal_why = 'owns a temporary table'
           where tenant_id = 't0' and log_index in
                 (select log_index from session where state = 'closed' order by opened_at desc limit 30)
          """);

  /// The first requests of the tenant's `entries`: their rows only, at indices of its log.
  static List<String> of(int requests, long entries) {
    return Stream.concat(accesses(requests, entries).stream(), BESIDE.stream()).toList();
  }

  private static List<String> accesses(int requests, long entries) {
    return List.of(
        requests(requests, entries),
        """
        insert into decision (tenant_id, request_id, seq, verdict, approver, key_id, at, level,
                              not_before, not_after, duration_ms, limits)
        select tenant_id, id, log_index + 1, 'approve', 'approver-' || log_index %% 5, repeat('0', 64),
               decided_at, grant_level, grant_not_before, grant_not_after, duration_ms, grant_limits
          from access_request where state = 'completed' and %s
        """
            .formatted(BY_PEOPLE),
        """
        insert into automatic_grant (tenant_id, log_index)
        select tenant_id, log_index from access_request where state = 'completed' and not %s
        """
            .formatted(BY_PEOPLE),
        """
        insert into session (tenant_id, id, request_id, engineer_id, resource, level, gateway, boot,
                             certificate, address, application, opened_at, expires_at, log_index, state, ended_at,
                             reason, statements, rows, bytes)
        select tenant_id, 'S-000000' || substr(id, 3), id, engineer_id, resource, level, 'gw-0',
               '00000000000000b0', '{}', '127.0.0.1', 'psql', grant_not_before, grant_not_after,
               log_index + 2, 'closed', ended_at, 'client left', 4, 40, 4000
          from access_request where state = 'completed'
        """,
        """
        insert into request_closing (tenant_id, request_id, tables, refused, failed)
        select tenant_id, id, array['customers', 'table-' || log_index % 1000], log_index % 2,
               log_index % 2 + log_index % 3
          from access_request where state = 'completed'
        """);
  }

  /// What all other tenants have: each one request in force, every tenth one that waits, and those
  /// of the last month, many if its slot is a small one.
  static List<String> beside(int busy, int finished) {
    return List.of(
        neighbours("T", "approved", "true", "now() - interval '10 minutes'"),
        neighbours("W", "pending", "slot % 10 = 0", "now() - interval '8 hours'"),
        neighbours("D", "denied", "slot % 5 = 0", "now() - slot * interval '1 minute'"),
        """
        insert into session (tenant_id, id, request_id, engineer_id, resource, level, gateway, boot,
                             certificate, address, application, opened_at, expires_at, log_index, state)
        select tenant_id, 'S-000000' || substr(id, 3), id, engineer_id, resource, level,
               'gw-' || right(id, 1), '00000000000000b0', '{}', '127.0.0.1', 'psql', created_at, decide_by, 3, 'open'
          from access_request where tenant_id <> 't0' and state = 'approved'
        """,
        finished("F", "slot between 1 and %d".formatted(busy), finished),
        finished("G", "slot > %d".formatted(busy), 5),
        """
        insert into decision (tenant_id, request_id, seq, verdict, approver, key_id, at, level,
                              not_before, not_after, duration_ms, limits)
        select tenant_id, id, log_index + 1, 'approve', 'approver', repeat('0', 64),
               decided_at, grant_level, grant_not_before, grant_not_after, duration_ms, grant_limits
          from access_request where tenant_id <> 't0' and state in ('completed', 'approved')
        """,
        """
        insert into waiting_tenant (id, name, created_at)
        select 'w' || n, 'Waiting ' || n, now() from generate_series(1, 100) as n
        """);
  }

  private static String neighbours(String letter, String state, String where, String at) {
    return """
    insert into access_request (tenant_id, id, version, state, engineer_id, engineer_name,
                                engineer_country, engineer_employer, engineer_kind,
                                engineer_sources, engineer_key, purpose, reason, ticket, resource,
                                level, duration_ms, limits, assurance, provider_review, decide_by,
                                quorum, created_at, log_index, entry_sha256, decided_at, decided_by,
                                decided_side, grant_level, grant_not_before, grant_not_after,
                                grant_limits, rule_entry, rule_id, rule_says)
    select id, 'R-%1$s' || lpad(slot::text, 9, '0'), 2, '%2$s', 'engineer-' || slot %% 200,
           'Engineer ' || slot %% 200, 'DE', 'Vendor', 'human',
           '{"country":"directory","employer":"directory","kind":"directory","name":"directory"}', '%5$s', 'customer_ticket', 'A reason', 'SUP-' || slot,
           'resource-' || slot %% 10, 'masked', 3600000, '%6$s', 'gated', false,
           at + interval '12 hours', 1, at, 10000 + ascii('%1$s'), repeat('0', 64),
           case when '%2$s' <> 'pending' then at end, case when '%2$s' = 'denied' then 'approver' end,
           case when '%2$s' = 'denied' then 'tenant' end,
           case when '%2$s' = 'approved' then 'masked' end,
           case when '%2$s' = 'approved' then at end,
           case when '%2$s' = 'approved' then at + interval '30 days' end,
           case when '%2$s' = 'approved' then '%6$s' end, 0, 'ask', 'asked'
      from (select *, %4$s as at from tenant where slot > 0 and %3$s) t
    """
        .formatted(letter, state, where, at, TenantRows.key(), TenantRows.limits());
  }

  private static String finished(String letter, String which, int each) {
    return """
    insert into access_request (tenant_id, id, version, state, engineer_id, engineer_name,
                                engineer_country, engineer_employer, engineer_kind,
                                engineer_sources, engineer_key, purpose, reason, ticket, resource,
                                level, duration_ms, limits, assurance, provider_review, decide_by,
                                quorum, created_at, log_index, entry_sha256, decided_at, grant_level,
                                grant_not_before, grant_not_after, grant_limits, ended_as, ended_at,
                                ended_by, rule_entry, rule_id, rule_says)
    select id, 'R-%1$s' || lpad(slot::text, 5, '0') || lpad(n::text, 4, '0'), 2, 'completed',
           'engineer-' || n %% 200, 'Engineer ' || n %% 200, 'DE', 'Vendor', 'human',
           '{"country":"directory","employer":"directory","kind":"directory","name":"directory"}', '%4$s', 'customer_ticket',
           'A reason', 'SUP-' || n, 'resource-' || n %% 10, 'masked', 3600000, '%5$s', 'gated', false,
           at + interval '12 hours', 1, at, n, repeat('0', 64), at + n %% 600 * interval '1 second',
           'masked', at, at + interval '1 hour', '%5$s', 'completed', at + interval '30 minutes',
           'engineer-' || n %% 200, 0, 'ask', 'asked'
      from (select id, slot, n, now() - n * interval '29 days' / %3$d as at
              from tenant cross join generate_series(1, %3$d) as n where %2$s) t
    """
        .formatted(letter, which, each, TenantRows.key(), TenantRows.limits());
  }

  /// Each gateway's boot of now, and many that are over.
  static List<String> boots(List<String> certificates) {
    return IntStream.range(0, certificates.size()).mapToObj(n -> boots(n, certificates)).toList();
  }

  private static String boots(int gateway, List<String> certificates) {
    return """
    insert into gateway_boot (gateway, boot, seen_at, renewed_at, gone_at, superseded, key_id,
                              certificate, certified_until)
    select 'gw-%1$d', case n when 0 then '00000000000000b0' else lpad(to_hex(n), 16, '0') end,
           now() - n * interval '1 day', now() + (case n when 0 then 1 else -n end) * interval '1 day',
           case when n > 0 then now() - n * interval '1 day' end, n > 0,
           encode(sha256(('%1$d.' || n / 50)::bytea), 'hex'), '%2$s', now() + interval '1 day'
      from generate_series(0, 100) as n
    """
        .formatted(gateway, certificates.get(gateway));
  }

  private static String requests(int requests, long entries) {
    return """
    insert into access_request (tenant_id, id, version, state, engineer_id, engineer_name,
                                engineer_country, engineer_employer, engineer_kind, engineer_sources,
                                engineer_key,
                                purpose, reason, ticket, resource, level, duration_ms, limits,
                                assurance, provider_review, decide_by, quorum, created_at, log_index,
                                entry_sha256, decided_at, grant_level, grant_not_before,
                                grant_not_after, grant_limits, ended_as, ended_at, ended_by,
                                rule_entry, rule_id, rule_says)
    select 't0', 'R-' || lpad(n::text, 10, '0'), 2, 'completed', 'engineer-' || n %% 200,
           'Engineer ' || n %% 200, 'DE', 'Vendor', 'human',
           '{"country":"directory","employer":"directory","kind":"directory","name":"directory"}', '%3$s',
           (array['customer_ticket','provider_maintenance','security_incident'])[1 + n %% 3],
           'A reason of ordinary length for request ' || n, 'SUP-' || n, 'resource-' || n %% 10,
           (array['metadata','masked','read','write'])[1 + n %% 4], 3600000, '%4$s',
           'gated', false, at + interval '12 hours', 1, at, n * %1$d, repeat('0', 64),
           at + n %% 600 * interval '1 second', 'masked', at, at + interval '1 hour', '%4$s',
           'completed', at + interval '30 minutes', 'engineer-' || n %% 200, 0, 'ask', 'asked'
      from (select n, now() - (%2$d - n) * interval '730 days' / %2$d as at
              from generate_series(1, %2$d - 1) as n) r
    """
        .formatted(entries / requests, requests, TenantRows.key(), TenantRows.limits());
  }
}
