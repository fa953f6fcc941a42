package org.openlockbox.server.notify.mail;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.notify.Notices;
import org.openlockbox.server.notify.message.MailMessage;
import org.openlockbox.server.notify.message.MailText;
import org.openlockbox.server.notify.message.NoticeKind;

/// The mail that invites somebody to become one of a tenant's people. Its link shows a page and
/// does nothing else, whoever follows it: a button there takes the invitation, and then a code that
/// is mailed to the same address signs in.
public final class InvitationMails {
  private final Notices notices;
  private final URI portal;

  public InvitationMails(Notices notices, URI portal) {
    this.notices = notices;
    this.portal = portal;
  }

  /// What the letter says; `step` tells one from the next. `roles` are their words; `page` is the
  /// language of the page on which they were invited, if it was one.
  public record InvitationDetails(
      TenantId tenant,
      String tenantName,
      List<String> roles,
      String by,
      Optional<Locale> page,
      String path,
      String step) {
    public InvitationDetails {
      roles = List.copyOf(roles);
    }
  }

  public void send(String address, InvitationDetails invited) {
    MailText letter =
        words ->
            new MailMessage(
                "invitation",
                invited.step,
                "[Lockbox] " + words.say("invitation.subject", invited.tenantName),
                List.of(
                    new MailMessage.MailField.QuotedField(
                        words.say("fact.organisation"), invited.tenantName),
                    new MailMessage.MailField.PlainField(
                        words.say("fact.as"), words.roles(invited.roles)),
                    new MailMessage.MailField.QuotedField(words.say("fact.invitedBy"), invited.by)),
                List.of(words.say("invitation.closing"), words.say("invitation.ignore")),
                Optional.of(portal.resolve(invited.path)));
    var tenant = Optional.of(invited.tenant);
    invited.page.ifPresentOrElse(
        page -> notices.toPerson(tenant, address, page, NoticeKind.INVITATION, letter),
        () -> notices.toPerson(tenant, address, NoticeKind.INVITATION, letter));
  }
}
