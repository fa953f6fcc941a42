package org.openlockbox.server.notify.mail;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.log.RecoveryEvent;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.notify.Notices;
import org.openlockbox.server.notify.message.MailMessage;
import org.openlockbox.server.notify.message.MailMessage.MailField;
import org.openlockbox.server.notify.message.MailText;
import org.openlockbox.server.notify.message.Notice;
import org.openlockbox.server.notify.message.NoticeKind;

/// Tells every contact of a tenant, whatever it chose to hear of, that something is wrong with the
/// tenant's log: that the provider lost entries of it, or that a gateway refused it.
public final class LogNotices {
  private static final long HOUR = 3_600_000L;
  private static final Optional<Instant> NEVER_LATE = Optional.empty();

  private final Notices notices;
  private final URI publicUrl;

  /// `publicUrl` is where people reach the server's pages.
  public LogNotices(Notices notices, URI publicUrl) {
    this.notices = notices;
    this.publicUrl = publicUrl;
  }

  /// A gateway's word of a history that it refused.
  public record HistoryRefusal(
      TenantId tenant, RequestId request, GatewayId gateway, String problem, Instant at) {}

  /// In the transaction that writes the entry.
  public void recovered(TenantId tenant, RecoveryEvent recovery) {
    boolean isEpochs = recovery instanceof RecoveryEvent.EpochsLost;
    MailText letter =
        words ->
            new MailMessage(
                "recovery",
                recovery.lostRoot().hex().substring(0, 32) + (isEpochs ? ".epochs" : ""),
                "[Lockbox] " + words.say("lost.subject", notices.names().tenant(tenant)),
                List.of(
                    new MailField.PlainField(
                        words.say("fact.log"), words.say(isEpochs ? "lost.epochs" : "lost.log")),
                    new MailField.PlainField(
                        words.say("fact.lostSize"), Long.toString(recovery.lostSize())),
                    new MailField.PlainField(words.say("fact.lostRoot"), recovery.lostRoot().hex()),
                    new MailField.QuotedField(words.say("fact.given"), recovery.reason())),
                List.of(words.say("lost.lead"), words.say("lost.ask")),
                Optional.of(publicUrl.resolve("/audit")));
    var data =
        Json.object()
            .put("tenant", tenant.value())
            .put("lostSize", recovery.lostSize())
            .put("lostRoot", recovery.lostRoot())
            .build();
    tell(
        tenant,
        new Notice(NoticeKind.LOG_RECOVERED, Optional.empty(), letter, data, true, NEVER_LATE));
  }

  /// The same problem with the same request is told once an hour at most.
  public void refused(HistoryRefusal refusal) {
    var step =
        Bytes.ofUtf8(refusal.problem()).sha256().hex().substring(0, 16)
            + "."
            + refusal.at().toEpochMilli() / HOUR;
    MailText letter =
        words ->
            new MailMessage(
                "refused." + refusal.request().value().toLowerCase(Locale.ROOT),
                step,
                "[Lockbox] "
                    + words.say("refused.subject", notices.names().tenant(refusal.tenant())),
                List.of(
                    new MailField.PlainField(words.say("fact.gateway"), refusal.gateway().value()),
                    new MailField.PlainField(words.say("fact.request"), refusal.request().value()),
                    new MailField.PlainField(words.say("fact.problem"), refusal.problem())),
                List.of(words.say("refused.lead"), words.say("refused.ask")),
                Optional.of(publicUrl.resolve("/audit")));
    var data =
        Json.object()
            .put("tenant", refusal.tenant().value())
            .put("request", refusal.request().value())
            .put("gateway", refusal.gateway().value())
            .put("problem", refusal.problem())
            .build();
    tell(
        refusal.tenant(),
        new Notice(
            NoticeKind.LOG_REFUSED,
            Optional.of(refusal.request()),
            letter,
            data,
            true,
            NEVER_LATE));
  }

  private void tell(TenantId tenant, Notice notice) {
    notices.tellAll(tenant, notice);
    notices.toPrograms(tenant, notice);
  }
}
