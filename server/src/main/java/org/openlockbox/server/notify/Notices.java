package org.openlockbox.server.notify;

import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.notify.contact.Audience;
import org.openlockbox.server.notify.contact.Contact;
import org.openlockbox.server.notify.contact.Contacts;
import org.openlockbox.server.notify.message.MailReader;
import org.openlockbox.server.notify.message.MailText;
import org.openlockbox.server.notify.message.Notice;
import org.openlockbox.server.notify.message.NoticeKind;
import org.openlockbox.server.notify.message.RenderedMail;
import org.openlockbox.server.notify.message.Topic;
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
  private final MailReaders readers;
  private final MailNames names;

  public Notices(
      Contacts contacts,
      Webhooks webhooks,
      PushSubscriptions browsers,
      Outbox outbox,
      InstantSource clock,
      MailReaders readers,
      MailNames names) {
    this.browsers = browsers;
    this.contacts = contacts;
    this.webhooks = webhooks;
    this.outbox = outbox;
    this.clock = clock;
    this.readers = readers;
    this.names = names;
  }

  /// What mails call tenants and people.
  public MailNames names() {
    return names;
  }

  /// Tells every contact, webhook and browser that wants to hear of such things.
  public void tell(TenantId tenant, Notice notice) {
    toContacts(tenant, notice, contact -> wants(contact, notice.kind()));
    browsers.tell(tenant, notice);
    toPrograms(tenant, notice);
  }

  private static boolean wants(Contact contact, NoticeKind kind) {
    boolean again = kind.isInClosingRecord() && contact.topics().contains(Topic.RECORDS);
    return contact.topics().contains(kind.topic()) && !again;
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
    mail(
        new Outbox.Label(Optional.of(tenant), notice.kind(), notice.about(), notice.urgent(), due),
        contact.address(),
        notice.letter(),
        readers.of(tenant, contact.address(), contact.zone(), links));
  }

  private void mail(Outbox.Label label, String address, MailText letter, MailReader reader) {
    var message = letter.in(reader.words());
    outbox.mail(label, address, message, new RenderedMail(message, reader));
  }

  /// Tells one of a tenant's people who may be no contact, at once and at this address alone.
  public void toOneOf(TenantId tenant, String address, Notice notice) {
    mail(
        new Outbox.Label(
            Optional.of(tenant), notice.kind(), notice.about(), notice.urgent(), clock.instant()),
        address,
        notice.letter(),
        readers.of(tenant, address, ZoneOffset.UTC, contacts.of(tenant).links()));
  }

  /// Tells one person, whoever's they are, at once and at this address alone.
  public void toPerson(
      Optional<TenantId> tenant, String address, NoticeKind kind, MailText letter) {
    mail(
        new Outbox.Label(tenant, kind, Optional.empty(), kind.isSecret(), clock.instant()),
        address,
        letter,
        readers.of(tenant, address, ZoneOffset.UTC));
  }

  /// Tells one person what was done for them on a page in this language, by themselves or by
  /// whoever invites them.
  public void toPerson(
      Optional<TenantId> tenant, String address, Locale page, NoticeKind kind, MailText letter) {
    mail(
        new Outbox.Label(tenant, kind, Optional.empty(), kind.isSecret(), clock.instant()),
        address,
        letter,
        readers.before(tenant, address, page));
  }
}
