package org.openlockbox.server.notify.mail;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.notify.Notices;
import org.openlockbox.server.notify.message.MailMessage;
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

  /// What the letter says; `step` tells one from the next.
  public record InvitationDetails(
      TenantId tenant, String tenantName, String roles, String by, String path, String step) {}

  public void send(String address, InvitationDetails invited) {
    var letter =
        new MailMessage(
            "invitation",
            invited.step,
            "[Lockbox] You are invited to " + invited.tenantName,
            List.of(
                new MailMessage.MailField.QuotedField("Organisation", invited.tenantName),
                new MailMessage.MailField.PlainField("As", invited.roles),
                new MailMessage.MailField.QuotedField("Invited by", invited.by)),
            List.of(
                "Lockbox is where your organisation decides whether its provider may look at its"
                    + " data. The link shows you the invitation; it works once, within 7 days, and"
                    + " for this address alone.",
                "If you did not expect this, ignore this mail."),
            Optional.of(portal.resolve(invited.path)));
    notices.toPerson(Optional.of(invited.tenant), address, NoticeKind.INVITATION, letter);
  }
}
