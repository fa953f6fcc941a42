package org.openlockbox.server.audit;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
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

/// Sends each tenant the figures of the month that is over, once, to whoever wants records. Whoever
/// moves the tenant's row on writes the letter, in the same transaction, whichever server it is.
public final class MonthlyReports {
  private final Store store;
  private final Notices notices;
  private final InstantSource clock;
  private final URI publicUrl;

  public MonthlyReports(Store store, Notices notices, InstantSource clock, URI publicUrl) {
    this.store = store;
    this.notices = notices;
    this.clock = clock;
    this.publicUrl = publicUrl;
  }

  public void round() {
    var month = YearMonth.from(clock.instant().atOffset(ZoneOffset.UTC)).minusMonths(1);
    new TenantTurns(store.transaction())
        .each("the report for " + month, last -> due(month, last), tenant -> take(tenant, month));
  }

  /// Tenants that were there in this month and have not been sent its report.
  private List<TenantId> due(YearMonth month, String last) {
    return store
        .jdbc()
        .sql(
            """
            select id from tenant t
             where created_at < ? and id > ?
               and not exists (select from monthly_report r
                                where r.tenant_id = t.id and r.month >= ?)
             order by id limit ?
            """)
        .param(month.plusMonths(1).atDay(1).atStartOfDay().atOffset(ZoneOffset.UTC))
        .param(last)
        .param(month.atDay(1))
        .param(TenantTurns.PAGE)
        .query((row, n) -> new TenantId(row.getString("id")))
        .list();
  }

  private void take(TenantId tenant, YearMonth month) {
    int taken =
        store
            .jdbc()
            .sql(
                """
                insert into monthly_report (tenant_id, month) values (?, ?)
                on conflict (tenant_id) do update set month = excluded.month
                 where monthly_report.month < excluded.month
                """)
            .params(tenant.value(), month.atDay(1))
            .update();
    if (taken == 1) {
      notices.tell(tenant, notice(tenant, month));
    }
  }

  private Notice notice(TenantId tenant, YearMonth month) {
    var figures = new Figures(store.jdbc(), tenant, clock.instant()).of(month);
    var data =
        Json.object()
            .put("tenant", tenant.value())
            .put("month", month.toString())
            .put("requests", figures.counts().requests())
            .put("approved", figures.counts().approved())
            .put("automatic", figures.counts().automatic())
            .put("narrowed", figures.counts().narrowed())
            .put("denied", figures.counts().denied())
            .put("accessSeconds", figures.access().toSeconds())
            .build();
    return new Notice(
        NoticeKind.MONTHLY_REPORT,
        Optional.empty(),
        words -> letter(words, tenant, figures),
        data,
        false,
        Optional.empty());
  }

  private MailMessage letter(MailWords words, TenantId tenant, MonthFigures figures) {
    var month = DateTimeFormatter.ofPattern("LLLL yyyy", words.locale()).format(figures.month());
    var counts = figures.counts();
    return new MailMessage(
        "report-%s-%s".formatted(tenant, figures.month()),
        "report",
        "[Lockbox] " + words.say("report.subject", store.tenants().name(tenant), month),
        List.of(
            new MailField.PlainField(words.say("fact.month"), month + " (UTC)"),
            new MailField.PlainField(words.say("fact.requests"), Long.toString(counts.requests())),
            new MailField.PlainField(
                words.say("fact.approved"),
                words.say(
                    "report.approved", counts.approved(), counts.narrowed(), counts.automatic())),
            new MailField.PlainField(words.say("fact.denied"), Long.toString(counts.denied())),
            new MailField.PlainField(
                words.say("fact.median"),
                figures
                    .answered()
                    .map(it -> words.say("report.within", length(words, it)))
                    .orElse("-")),
            new MailField.PlainField(
                words.say("fact.active"),
                words.say("report.access", length(words, figures.access())))),
        List.of(words.say(counts.requests() == 0 ? "report.nobody" : "report.closing")),
        Optional.of(publicUrl.resolve("/figures")));
  }

  /// `31 h 05 min`.
  private static String length(MailWords words, Duration time) {
    return words.say("time.long", time.toHours(), time.toMinutesPart());
  }
}
