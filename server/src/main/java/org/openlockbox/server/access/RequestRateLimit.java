package org.openlockbox.server.access;

import static org.openlockbox.server.request.ColumnValues.at;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.Submission;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.request.ColumnValues;
import org.openlockbox.server.request.StoredRequest;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Keeps one engineer from paging a tenant's people all night. Everything is counted from the
/// requests themselves, under the lock of the tenant's log head, so several servers count as one
/// and withdrawing a request takes nothing off.
final class RequestRateLimit {
  private static final Duration REMEMBERED = Duration.ofHours(6);
  private static final int MANY = 10;
  private static final Duration SOON = Duration.ofMinutes(10);
  private static final Duration LATER = Duration.ofHours(1);

  private final JdbcClient jdbc;
  private final RequestRates limits;

  RequestRateLimit(JdbcClient jdbc, RequestRates limits) {
    this.jdbc = jdbc;
    this.limits = limits;
  }

  /// Refuses one more request of this engineer where it is too many; says when to try again.
  void check(TenantId tenant, SubjectId engineer, Instant now) {
    refuse(
        newest(tenant, "engineer_id", engineer.value(), limits.perEngineer()),
        now,
        "you have asked this tenant %d times within %d minutes"
            .formatted(limits.perEngineer(), minutes(limits.within())));
    refuse(
        newest(tenant, "tenant_id", tenant.value(), limits.perTenant()),
        now,
        "this tenant was asked %d times within %d minutes"
            .formatted(limits.perTenant(), minutes(limits.within())));
  }

  private static long minutes(Duration time) {
    return time.plusSeconds(59).toMinutes();
  }

  private void refuse(Optional<Instant> asked, Instant now, String why) {
    asked
        .map(moment -> moment.plus(limits.within()))
        .filter(free -> free.isAfter(now))
        .ifPresent(
            free -> {
              var wait = Duration.between(now, free);
              throw Problem.tooOften("%s; ask again in %d minutes".formatted(why, minutes(wait)))
                  .after(wait);
            });
  }

  /// When the n-th newest request of these was made, if there are so many.
  private Optional<Instant> newest(TenantId tenant, String column, String value, int n) {
    if (n == Integer.MAX_VALUE) {
      return Optional.empty();
    }
    return jdbc.sql(
            """
            select created_at from access_request
             where tenant_id = ? and %s = ?
             order by created_at desc
             limit 1 offset ?
            """
                .formatted(column))
        .params(tenant.value(), value, n - 1)
        .query((row, i) -> ColumnValues.instant(row, "created_at"))
        .optional();
  }

  /// Notes of this request, which is stored, that the mail about it waits to be one with others, if
  /// its engineer has asked much. What could change data, an incident and an emergency each have a
  /// mail of their own: how many there can be, the limits of requests say.
  void hold(StoredRequest stored, Instant now) {
    long asked = asked(stored, now);
    if (asked <= limits.toldSingly() || isToldSingly(stored.submission())) {
      return;
    }
    jdbc.sql(
            """
            insert into grouped_request (tenant_id, request_id, engineer_id, due_at)
            values (?, ?, ?, ?)
            """)
        .params(
            stored.tenant().value(),
            stored.id().value(),
            stored.submission().engineer().id().value(),
            at(now.plus(longest(asked, Duration.between(now, stored.submission().decideBy())))))
        .update();
  }

  private static boolean isToldSingly(Submission asked) {
    return asked.terms().level() == Level.WRITE
        || switch (asked.purpose()) {
          case SECURITY_INCIDENT, EMERGENCY -> true;
          case CUSTOMER_TICKET, PROVIDER_MAINTENANCE, LEGAL_DEMAND -> false;
        };
  }

  /// How long the mail waits for others, and never longer than a quarter of the time to answer.
  private static Duration longest(long asked, Duration answer) {
    var wait = asked <= MANY ? SOON : LATER;
    var quarter = answer.dividedBy(4);
    return quarter.compareTo(wait) < 0 ? quarter : wait;
  }

  private long asked(StoredRequest stored, Instant now) {
    return jdbc.sql(
            """
            select count(*) from access_request
             where tenant_id = ? and engineer_id = ? and created_at > ?
            """)
        .params(
            stored.tenant().value(),
            stored.submission().engineer().id().value(),
            at(now.minus(REMEMBERED)))
        .query(Long.class)
        .single();
  }
}
