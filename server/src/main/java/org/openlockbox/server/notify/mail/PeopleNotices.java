package org.openlockbox.server.notify.mail;

import java.net.URI;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.openlockbox.core.access.Crockford;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.notify.Notices;
import org.openlockbox.server.notify.message.MailMessage;
import org.openlockbox.server.notify.message.MailMessage.MailField;
import org.openlockbox.server.notify.message.MailText;
import org.openlockbox.server.notify.message.Notice;
import org.openlockbox.server.notify.message.NoticeKind;

/// Tells a tenant that an administrator of its own changed who can sign in for it, in the
/// transaction that changes it: whoever takes over an administrator's mailbox is seen.
public final class PeopleNotices {
  private final Notices notices;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final URI publicUrl;

  /// `publicUrl` is where people reach the server's pages.
  public PeopleNotices(
      Notices notices, InstantSource clock, RandomGenerator random, URI publicUrl) {
    this.notices = notices;
    this.clock = clock;
    this.random = random;
    this.publicUrl = publicUrl;
  }

  /// Who was changed by whom, and the words of the roles that they have now; none once they are
  /// removed.
  public record RoleChange(TenantId tenant, SubjectId who, List<String> roles, SubjectId by) {
    public RoleChange {
      roles = List.copyOf(roles);
    }
  }

  public void tell(RoleChange changed) {
    var tenant = changed.tenant;
    var names = notices.names();
    var step = Crockford.random(10, random).toLowerCase(Locale.ROOT);
    MailText letter =
        words ->
            new MailMessage(
                "people",
                step,
                "[Lockbox] " + words.say("people.subject", names.tenant(tenant)),
                List.of(
                    new MailField.NameField(
                        words.say("fact.changedBy"), names.person(tenant, changed.by)),
                    new MailField.NameField(
                        words.say("fact.who"), names.person(tenant, changed.who)),
                    new MailField.PlainField(
                        words.say("fact.now"),
                        changed.roles.isEmpty()
                            ? words.say("people.removed")
                            : words.roles(changed.roles))),
                List.of(words.say("people.closing")),
                Optional.of(publicUrl.resolve("/people")));
    var data =
        Json.object()
            .put("tenant", tenant.value())
            .put("person", changed.who.value())
            .put("at", clock.instant().truncatedTo(ChronoUnit.MILLIS))
            .build();
    notices.tell(
        tenant,
        new Notice(
            NoticeKind.PEOPLE_CHANGED, Optional.empty(), letter, data, true, Optional.empty()));
  }
}
