package org.openlockbox.server.notify;

import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.notify.contact.Audience;
import org.openlockbox.server.notify.contact.Contact;
import org.openlockbox.server.notify.contact.Contacts;
import org.openlockbox.server.notify.message.MailMessage;
import org.openlockbox.server.notify.message.Notice;
import org.openlockbox.server.notify.message.NoticeKind;
import org.openlockbox.server.notify.message.RenderedMail;
import org.openlockbox.server.notify.outbox.Outbox;
import org.openlockbox.server.notify.push.PushSubscriptions;
import org.openlockbox.server.notify.webhook.Webhooks;

/// Tells a tenant's people and programs what happened. Called inside the transaction in which it
/// happens, so that nothing is told that did not happen, and nothing happens untold.
public final class Notices {
  private final Contacts contacts;
  private final Webhooks webhooks;
  private final PushSubscriptions browsers;
  private final Outbox outbox;
  private final InstantSource clock;
  private final BiPredicate<TenantId, String> terminals;

  /// @param terminals whether who reads mail of this tenant at this address types commands
  public Notices(
      Contacts contacts,
      Webhooks webhooks,
      PushSubscriptions browsers,
      Outbox outbox,
      InstantSource clock,
      BiPredicate<TenantId, String> terminals) {
    this.terminals = terminals;
    this.browsers = browsers;
    this.contacts = contacts;
    this.webhooks = webhooks;
    this.outbox = outbox;
    this.clock = clock;
  }

  /// Tells every contact, webhook and browser that wants to hear of such things.
  public void tell(TenantId tenant, Notice notice) {
    toContacts(tenant, notice, contact -> contact.topics().contains(notice.kind().topic()));
    browsers.tell(tenant, notice);
    toPrograms(tenant, notice);
  }

  /// Tells this audience, whatever else it wants to hear of, and the webhooks; approvers in their
  /// browsers too.
  public void tell(TenantId tenant, Audience audience, Notice notice) {
    toContacts(tenant, notice, contact -> contact.audience() == audience);
    if (audience == Audience.APPROVERS) {
      browsers.tell(tenant, notice);
    }
    toPrograms(tenant, notice);
  }

  /// Tells every contact there is, and no program.
  public void tellAll(TenantId tenant, Notice notice) {
    toContacts(tenant, notice, contact -> true);
  }

  /// Tells the webhooks alone.
  public void toPrograms(TenantId tenant, Notice notice) {
    webhooks.tell(tenant, notice);
  }

  private void toContacts(TenantId tenant, Notice notice, Predicate<Contact> whom) {
    var wanted = contacts.of(tenant);
    for (var contact : wanted.contacts().stream().filter(whom).toList()) {
      toContact(tenant, wanted.links(), contact, notice);
    }
  }

  private void toContact(TenantId tenant, boolean links, Contact contact, Notice notice) {
    var now = clock.instant();
    var due = notice.urgent() ? now : contact.due(now, notice.deadline());
    outbox.mail(
        new Outbox.Label(Optional.of(tenant), notice.kind(), notice.about(), notice.urgent(), due),
        contact.address(),
        notice.letter(),
        new RenderedMail(
            notice.letter(), contact.zone(), links, commands(tenant, contact.address(), notice)));
  }

  /// Tells one of a tenant's people who may be no contact, at once and at this address alone.
  public void toOneOf(TenantId tenant, String address, Notice notice) {
    outbox.mail(
        new Outbox.Label(
            Optional.of(tenant), notice.kind(), notice.about(), notice.urgent(), clock.instant()),
        address,
        notice.letter(),
        new RenderedMail(
            notice.letter(),
            ZoneOffset.UTC,
            contacts.of(tenant).links(),
            commands(tenant, address, notice)));
  }

  /// Tells one person, whoever's they are, at once and at this address alone.
  public void toPerson(
      Optional<TenantId> tenant, String address, NoticeKind kind, MailMessage letter) {
    outbox.mail(
        new Outbox.Label(tenant, kind, Optional.empty(), kind.isSecret(), clock.instant()),
        address,
        letter,
        new RenderedMail(letter, ZoneOffset.UTC, true, true));
  }

  private boolean commands(TenantId tenant, String address, Notice notice) {
    return !notice.letter().commands().isEmpty() && terminals.test(tenant, address);
  }
}
