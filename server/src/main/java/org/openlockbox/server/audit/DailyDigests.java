package org.openlockbox.server.audit;

import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.notify.Notices;
import org.openlockbox.server.notify.message.MailMessage;
import org.openlockbox.server.notify.message.MailMessage.MailField;
import org.openlockbox.server.notify.message.MailWords;
import org.openlockbox.server.notify.message.Notice;
import org.openlockbox.server.notify.message.NoticeKind;
import org.openlockbox.server.tenant.Store;

/// One letter a day to whoever wants that: what waits, what is open, and what the last day brought.
/// A day on which there is nothing to say has none. Whoever moves the tenant's row on writes the
/// letter, in the same transaction, whichever server it is.
public final class DailyDigests {
  /// From this time of the day on, in UTC.
  static final Duration FROM = Duration.ofHours(6);

  private static final Duration DAY = Duration.ofDays(1);

  private final Store store;
  private final Notices notices;
  private final InstantSource clock;
  private final URI publicUrl;

  public DailyDigests(Store store, Notices notices, InstantSource clock, URI publicUrl) {
    this.store = store;
    this.notices = notices;
    this.clock = clock;
    this.publicUrl = publicUrl;
  }

  public void round() {
    var day = LocalDate.ofInstant(clock.instant().minus(FROM), ZoneOffset.UTC);
    new TenantTurns(store.transaction())
        .each("the digest for " + day, last -> due(day, last), tenant -> take(tenant, day));
  }

  /// Tenants of which somebody wants it and has not been sent that of this day.
  private List<TenantId> due(LocalDate day, String last) {
    return store
        .jdbc()
        .sql(
            """
            select distinct tenant_id from contact c
             where 'digest' = any (topics) and tenant_id > ?
               and not exists (select from daily_digest d
                                where d.tenant_id = c.tenant_id and d.day >= ?)
             order by tenant_id limit ?
            """)
        .params(last, day, TenantTurns.PAGE)
        .query((row, n) -> new TenantId(row.getString("tenant_id")))
        .list();
  }

  private void take(TenantId tenant, LocalDate day) {
    int taken =
        store
            .jdbc()
            .sql(
                """
                insert into daily_digest (tenant_id, day) values (?, ?)
                on conflict (tenant_id) do update set day = excluded.day
                 where daily_digest.day < excluded.day
                """)
            .params(tenant.value(), day)
            .update();
    var counts = counts(tenant, clock.instant());
    if (taken == 1 && !counts.equals(DigestCounts.NONE)) {
      notices.tell(tenant, notice(tenant, day, counts));
    }
  }

  /// What waits and what is open now; what was asked, decided and ended in the day before.
  private record DigestCounts(long waiting, long open, long asked, long decided, long ended) {
    static final DigestCounts NONE = new DigestCounts(0, 0, 0, 0, 0);

    static DigestCounts read(ResultSet row) throws SQLException {
      return new DigestCounts(
          row.getLong("waiting"),
          row.getLong("open"),
          row.getLong("asked"),
          row.getLong("decided"),
          row.getLong("ended"));
    }
  }

  private DigestCounts counts(TenantId tenant, Instant now) {
    return store
        .jdbc()
        .sql(
            """
            select count(*) filter (where state = 'pending' and decide_by > :now) as waiting,
                   count(*) filter (where state = 'approved' and :now >= grant_not_before and :now < grant_not_after) as open,
                   count(*) filter (where created_at > :since) as asked,
                   count(*) filter (where decided_at > :since) as decided,
                   count(*) filter (where ended_at > :since) as ended
              from access_request
             where tenant_id = :tenant
               and (state in ('pending', 'approved') or created_at > :longAgo)
            """)
        .param("now", at(now))
        .param("since", at(now.minus(DAY)))
        .param("longAgo", at(now.minus(DAY.multipliedBy(60))))
        .param("tenant", tenant.value())
        .query((row, n) -> DigestCounts.read(row))
        .single();
  }

  private static OffsetDateTime at(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  private Notice notice(TenantId tenant, LocalDate day, DigestCounts counts) {
    var data =
        Json.object()
            .put("tenant", tenant.value())
            .put("day", day.toString())
            .put("waiting", counts.waiting)
            .put("open", counts.open)
            .put("asked", counts.asked)
            .put("decided", counts.decided)
            .put("ended", counts.ended)
            .build();
    return new Notice(
        NoticeKind.DAILY_DIGEST,
        Optional.empty(),
        words -> letter(words, tenant, day, counts),
        data,
        false,
        Optional.empty());
  }

  private MailMessage letter(MailWords words, TenantId tenant, LocalDate day, DigestCounts counts) {
    return new MailMessage(
        "digest-%s-%s".formatted(tenant, day),
        "digest",
        "[Lockbox] %s: %s, %s"
            .formatted(
                store.tenants().name(tenant),
                words.say("digest.waiting", counts.waiting),
                words.say("digest.open", counts.open)),
        List.of(
            new MailField.PlainField(words.say("fact.waiting"), Long.toString(counts.waiting)),
            new MailField.PlainField(words.say("fact.active"), Long.toString(counts.open)),
            new MailField.PlainField(words.say("fact.day.asked"), Long.toString(counts.asked)),
            new MailField.PlainField(words.say("fact.day.decided"), Long.toString(counts.decided)),
            new MailField.PlainField(words.say("fact.day.ended"), Long.toString(counts.ended))),
        List.of(words.say(counts.open == 0 ? "digest.nobody" : "digest.somebody")),
        Optional.of(publicUrl.resolve("/inbox")));
  }
}
