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
    var letter =
        new MailMessage(
            "recovery",
            recovery.lostRoot().hex().substring(0, 32) + (isEpochs ? ".epochs" : ""),
            "[Lockbox] Your provider lost signed entries: " + tenant,
            List.of(
                new MailField.PlainField(
                    "Log", isEpochs ? "the log of all epochs" : "your tenant log"),
                new MailField.PlainField(
                    "Entries that were signed", Long.toString(recovery.lostSize())),
                new MailField.PlainField("Their root", recovery.lostRoot().hex()),
                new MailField.QuotedField("Reason given", recovery.reason())),
            List.of(
                "The log goes on without what was lost, after an entry that says so.",
                "Ask your provider what happened. Compare with the copy that `lockbox watch` keeps."),
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
    var letter =
        new MailMessage(
            "refused." + refusal.request().value().toLowerCase(Locale.ROOT),
            step,
            "[Lockbox] A gateway refused your log: " + refusal.tenant(),
            List.of(
                new MailField.PlainField("Gateway", refusal.gateway().value()),
                new MailField.PlainField("Request", refusal.request().value()),
                new MailField.PlainField("Problem", refusal.problem())),
            List.of(
                "Nothing was opened. The gateway was shown a history that it had reason not to believe.",
                "Somebody may have changed your provider's records. Ask your provider, and check"
                    + " your log yourself: lockbox watch"),
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
