package org.openlockbox.server.notify;

import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.openlockbox.core.access.Crockford;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.identity.Person;
import org.openlockbox.server.notify.contact.Contact;
import org.openlockbox.server.notify.contact.Contacts;
import org.openlockbox.server.notify.contact.Notifications;
import org.openlockbox.server.notify.message.MailMessage;
import org.openlockbox.server.notify.message.MailMessage.MailField;
import org.openlockbox.server.notify.message.Notice;
import org.openlockbox.server.notify.message.NoticeKind;
import org.openlockbox.server.notify.message.Topic;
import org.openlockbox.server.notify.outbox.SubscriptionId;
import org.openlockbox.server.notify.outbox.WebhookId;
import org.openlockbox.server.notify.push.PushSubscriptions;
import org.openlockbox.server.notify.webhook.Webhook;
import org.openlockbox.server.notify.webhook.Webhooks;
import org.openlockbox.server.problem.Problem;

/// Changes how a tenant is told what happens. Whoever is told before or after a change is told of
/// it, so that nobody is silenced unseen. Every method works inside the caller's transaction.
public final class NotifySettings {
  private final Contacts contacts;
  private final Webhooks webhooks;
  private final PushSubscriptions browsers;
  private final Notices notices;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final URI publicUrl;

  /// `publicUrl` is where people reach the server's pages.
  public NotifySettings(
      Contacts contacts,
      Webhooks webhooks,
      PushSubscriptions browsers,
      Notices notices,
      InstantSource clock,
      RandomGenerator random,
      URI publicUrl) {
    this.contacts = contacts;
    this.webhooks = webhooks;
    this.browsers = browsers;
    this.notices = notices;
    this.clock = clock;
    this.random = random;
    this.publicUrl = publicUrl;
  }

  public Notifications of(TenantId tenant) {
    return contacts.of(tenant);
  }

  public PushSubscriptions browsers() {
    return browsers;
  }

  public Webhooks webhooks() {
    return webhooks;
  }

  /// Changes contacts and links if they are still what `etag` names.
  public Notifications change(TenantId tenant, String etag, Notifications wanted, SubjectId by) {
    var before = contacts.of(tenant);
    if (!before.etag().equals(etag)) {
      throw Problem.stale();
    }
    var notice = changed(tenant, by, differences(before, wanted));
    notices.tellAll(tenant, notice);
    var after = contacts.change(tenant, before, wanted);
    notices.tellAll(tenant, notice);
    notices.toPrograms(tenant, notice);
    return after;
  }

  private static List<MailField> differences(Notifications before, Notifications after) {
    var facts = new ArrayList<MailField>();
    for (var contact : after.contacts()) {
      if (!before.contacts().contains(contact)) {
        facts.add(new MailField.PlainField("Told from now on", told(contact)));
      }
    }
    for (var contact : before.contacts()) {
      if (!after.contacts().contains(contact)) {
        facts.add(new MailField.PlainField("As before no more", told(contact)));
      }
    }
    if (before.links() != after.links()) {
      facts.add(new MailField.PlainField("Links in mail", after.links() ? "yes" : "no"));
    }
    return facts;
  }

  private static String told(Contact contact) {
    return "%s (%s: %s)"
        .formatted(
            contact.address(),
            contact.audience().word(),
            contact.words().isEmpty() ? "reminders only" : String.join(", ", contact.words()));
  }

  public Webhooks.NewWebhook addWebhook(TenantId tenant, URI url, Set<Topic> topics, SubjectId by) {
    var issued = webhooks.add(tenant, url, topics, by);
    tell(tenant, by, issued.webhook(), "Webhook added");
    return issued;
  }

  public Webhooks.NewWebhook rotateWebhook(TenantId tenant, WebhookId id, SubjectId by) {
    var issued = webhooks.rotate(tenant, id);
    tell(tenant, by, issued.webhook(), "New secret of webhook");
    return issued;
  }

  public Webhook turnWebhook(TenantId tenant, WebhookId id, boolean on, SubjectId by) {
    var webhook = webhooks.turn(tenant, id, on);
    tell(tenant, by, webhook, on ? "Webhook switched on" : "Webhook switched off");
    return webhook;
  }

  /// Switches off a webhook whose receiver, called with the message `id`, wants no more calls. The
  /// letter comes first and has the message's id, so that it is written, and once, whatever
  /// crashes; of many calls that are answered so the first one tells.
  void webhookGone(TenantId tenant, WebhookId webhook, String id) {
    var gone = webhooks.find(tenant, webhook);
    if (!gone.on()) {
      return;
    }
    notices.tellAll(
        tenant,
        notice(
            tenant,
            NoticeKind.NOTIFICATIONS_CHANGED,
            "gone-" + id,
            "[Lockbox] A webhook was switched off: " + tenant,
            List.of(
                new MailField.PlainField("Webhook", gone.url().getHost()),
                new MailField.PlainField(
                    "Why", "its receiver answered 410, that it wants no more calls")),
            List.of(
                "Nothing is told to it any more. If it is to go on, see to its receiver first:",
                "lockbox webhook on " + webhook)));
    webhooks.turn(tenant, webhook, false);
  }

  public void removeWebhook(TenantId tenant, WebhookId id, SubjectId by) {
    var webhook = webhooks.find(tenant, id);
    webhooks.remove(tenant, id);
    tell(tenant, by, webhook, "Webhook removed");
  }

  private void tell(TenantId tenant, SubjectId by, Webhook webhook, String what) {
    notices.tellAll(
        tenant,
        changed(tenant, by, List.of(new MailField.PlainField(what, webhook.url().getHost()))));
  }

  private Notice changed(TenantId tenant, SubjectId by, List<MailField> differences) {
    var facts = new ArrayList<MailField>();
    facts.add(new MailField.PlainField("Changed by", by.value()));
    facts.addAll(differences);
    return notice(
        tenant,
        NoticeKind.NOTIFICATIONS_CHANGED,
        randomStep(),
        "[Lockbox] Who is told was changed: " + tenant,
        facts,
        List.of(
            "If none of you did this, change it back and look who can sign in for you:",
            "lockbox notify show"));
  }

  /// Sends a mail that asks nothing to every contact.
  public void test(TenantId tenant, SubjectId by) {
    notices.tellAll(tenant, test(tenant, by, "mail"));
  }

  /// Calls this webhook with an event that means nothing.
  public void testWebhook(TenantId tenant, WebhookId id, SubjectId by) {
    if (!webhooks.find(tenant, id).on()) {
      throw Problem.conflict("webhook_off", "the webhook is off");
    }
    webhooks.call(tenant, id, test(tenant, by, "webhook"));
  }

  /// Sends this browser of its owner a message that means nothing.
  public void testBrowser(TenantId tenant, Person owner, SubscriptionId id) {
    browsers.test(tenant, owner, id, test(tenant, owner.subject(), "browser"));
  }

  private Notice test(TenantId tenant, SubjectId by, String what) {
    return notice(
        tenant,
        NoticeKind.TEST,
        randomStep(),
        "[Lockbox] This is a test: " + tenant,
        List.of(
            new MailField.PlainField("Asked for by", by.value()),
            new MailField.MomentField("At", clock.instant(), "")),
        List.of("Your %s works. There is nothing to do.".formatted(what)));
  }

  private String randomStep() {
    return Crockford.random(10, random).toLowerCase(Locale.ROOT);
  }

  private Notice notice(
      TenantId tenant,
      NoticeKind kind,
      String step,
      String subject,
      List<MailField> facts,
      List<String> closing) {
    Instant now = clock.instant();
    return new Notice(
        kind,
        Optional.empty(),
        new MailMessage(
            "notifications",
            step,
            subject,
            facts,
            closing,
            Optional.of(publicUrl.resolve("/notifications"))),
        Json.object()
            .put("tenant", tenant.value())
            .put("at", now.truncatedTo(ChronoUnit.MILLIS))
            .build(),
        true,
        Optional.empty());
  }
}
