package org.openlockbox.server.audit;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.notify.Notices;
import org.openlockbox.server.notify.message.MailMessage;
import org.openlockbox.server.notify.message.MailMessage.MailField;
import org.openlockbox.server.notify.message.Notice;
import org.openlockbox.server.notify.message.NoticeKind;
import org.openlockbox.server.tenant.Store;

/// Sends each tenant the figures of the month that is over, once, to whoever wants records. Whoever
/// moves the tenant's row on writes the letter, in the same transaction, whichever server it is.
public final class MonthlyReports {
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("MMMM yyyy", Locale.ENGLISH);

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
        letter(tenant, figures),
        data,
        false,
        Optional.empty());
  }

  private MailMessage letter(TenantId tenant, MonthFigures figures) {
    var month = NAME.format(figures.month());
    var name = store.tenants().find(tenant).orElseThrow().name();
    return new MailMessage(
        "report-%s-%s".formatted(tenant, figures.month()),
        "report",
        "[Lockbox] %s: access to your data in %s".formatted(name, month),
        List.of(
            new MailField.PlainField("Month", month + " (UTC)"),
            new MailField.PlainField("Requests", Long.toString(figures.counts().requests())),
            new MailField.PlainField("Approved", approved(figures)),
            new MailField.PlainField("Denied", Long.toString(figures.counts().denied())),
            new MailField.PlainField(
                "Half answered", figures.answered().map(it -> "within " + words(it)).orElse("-")),
            new MailField.PlainField("Access open", words(figures.access()) + " in all")),
        List.of(
            figures.counts().requests() == 0
                ? "Nobody asked for access in this month."
                : "Each request, what was done under it and the proofs are on the audit page."),
        Optional.of(publicUrl.resolve("/figures")));
  }

  private static String approved(MonthFigures figures) {
    return "%d, %d of them with less than was asked, %d by your policy alone"
        .formatted(
            figures.counts().approved(), figures.counts().narrowed(), figures.counts().automatic());
  }

  /// `31 h 05 min`.
  private static String words(Duration time) {
    return "%d h %02d min".formatted(time.toHours(), time.toMinutesPart());
  }
}
