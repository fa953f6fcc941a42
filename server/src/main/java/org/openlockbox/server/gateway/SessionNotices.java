package org.openlockbox.server.gateway;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.notify.Notices;
import org.openlockbox.server.notify.message.MailMessage;
import org.openlockbox.server.notify.message.MailMessage.MailField;
import org.openlockbox.server.notify.message.Notice;
import org.openlockbox.server.notify.message.NoticeKind;

/// Tells a tenant's programs, and those people who want to know, that a session has opened or
/// ended; in the transaction that records it.
public final class SessionNotices {
  private final SessionRows sessions;
  private final Notices notices;
  private final URI publicUrl;

  /// `publicUrl` is where people reach this server's pages.
  public SessionNotices(SessionRows sessions, Notices notices, URI publicUrl) {
    this.sessions = sessions;
    this.notices = notices;
    this.publicUrl = publicUrl;
  }

  void tell(TenantId tenant, SessionId id) {
    sessions.find(tenant, id).ifPresent(session -> notices.tell(tenant, notice(tenant, session)));
  }

  private Notice notice(TenantId tenant, SessionRows.SessionRow session) {
    boolean open = session.course().ended().isEmpty();
    var headline = open ? "Session opened:" : "Session ended:";
    var letter =
        new MailMessage(
            session.request().toString(),
            "session%s%s".formatted(session.id().value().substring(2), session.course().state()),
            "[Lockbox] %s %s -> %s %s, %s (%s)"
                .formatted(
                    headline,
                    session.engineer(),
                    tenant,
                    session.target().resource(),
                    session.target().level(),
                    session.request()),
            facts(session),
            List.of(
                open
                    ? "You can watch it, and end it at any time:"
                    : "What was done is in your log:",
                open
                    ? "lockbox sessions ls\nlockbox revoke %s --key YOUR-KEY"
                        .formatted(session.request())
                    : "lockbox log --request %s".formatted(session.request())),
            Optional.of(
                publicUrl.resolve(
                    "/requests/%s/%s".formatted(session.request(), open ? "live" : "record"))));
    return new Notice(
        open ? NoticeKind.SESSION_OPENED : NoticeKind.SESSION_ENDED,
        Optional.of(session.request()),
        letter,
        thin(tenant, session),
        false,
        Optional.empty());
  }

  private static List<MailField> facts(SessionRows.SessionRow session) {
    var facts = new ArrayList<MailField>();
    facts.add(new MailField.PlainField("Request", session.request().value()));
    facts.add(new MailField.PlainField("Who", session.engineer().value()));
    facts.add(
        new MailField.PlainField(
            "What", session.target().resource() + ", " + session.target().level()));
    facts.add(new MailField.QuotedField("With", session.origin().application()));
    facts.add(new MailField.QuotedField("From", session.origin().address()));
    facts.add(new MailField.MomentField("Opened", session.course().opened(), ""));
    facts.add(
        session
            .course()
            .ended()
            .<MailField>map(at -> new MailField.MomentField("Ended", at, ""))
            .orElseGet(
                () ->
                    new MailField.MomentField(
                        "Over at the latest", session.course().expires(), "")));
    if (session.course().ended().isPresent()) {
      facts.add(new MailField.QuotedField("Because", session.course().reason()));
      facts.add(new MailField.PlainField("Statements", Long.toString(session.work().statements())));
      facts.add(new MailField.PlainField("Rows", Long.toString(session.work().rows())));
    }
    return facts;
  }

  private static Json.Object thin(TenantId tenant, SessionRows.SessionRow session) {
    return Json.object()
        .put("tenant", tenant.value())
        .put("request", session.request().value())
        .put("session", session.id().value())
        .put("engineer", session.engineer().value())
        .put("resource", session.target().resource())
        .put("level", session.target().level())
        .put("state", session.course().state())
        .build();
  }
}
