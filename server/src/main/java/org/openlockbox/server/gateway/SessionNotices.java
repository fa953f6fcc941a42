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
import org.openlockbox.server.notify.message.MailText;
import org.openlockbox.server.notify.message.MailWords;
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
    MailText letter =
        words ->
            new MailMessage(
                session.request().toString(),
                "session%s%s"
                    .formatted(session.id().value().substring(2), session.course().state()),
                "[Lockbox] %s %s -> %s %s, %s (%s)"
                    .formatted(
                        words.say(open ? "headline.opened" : "headline.closed"),
                        session.engineer(),
                        notices.names().tenant(tenant),
                        session.target().resource(),
                        level(words, session),
                        session.request()),
                facts(words, tenant, session),
                List.of(
                    words.say(open ? "session.open" : "session.over"),
                    open
                        ? "lockbox sessions ls\nlockbox revoke %s --key %s"
                            .formatted(session.request(), words.say("command.key"))
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

  private static String level(MailWords words, SessionRows.SessionRow session) {
    return words.say("level." + session.target().level() + ".brief");
  }

  private List<MailField> facts(MailWords words, TenantId tenant, SessionRows.SessionRow session) {
    var course = session.course();
    var facts = new ArrayList<MailField>();
    facts.add(new MailField.PlainField(words.say("fact.request"), session.request().value()));
    facts.add(
        new MailField.NameField(
            words.say("fact.who"), notices.names().person(tenant, session.engineer())));
    facts.add(
        new MailField.PlainField(
            words.say("fact.what"), session.target().resource() + ", " + level(words, session)));
    facts.add(new MailField.QuotedField(words.say("fact.with"), session.origin().application()));
    facts.add(new MailField.QuotedField(words.say("fact.address"), session.origin().address()));
    facts.add(new MailField.MomentField(words.say("fact.opened"), course.opened(), ""));
    facts.add(
        course
            .ended()
            .<MailField>map(at -> new MailField.MomentField(words.say("fact.ended"), at, ""))
            .orElseGet(
                () -> new MailField.MomentField(words.say("fact.latest"), course.expires(), "")));
    if (course.ended().isPresent()) {
      var reason = words.known("closed." + course.reason()).orElse(course.reason());
      facts.add(new MailField.QuotedField(words.say("fact.because"), reason));
      facts.add(
          new MailField.PlainField(
              words.say("fact.statements"), Long.toString(session.work().statements())));
      facts.add(
          new MailField.PlainField(words.say("fact.rows"), Long.toString(session.work().rows())));
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
