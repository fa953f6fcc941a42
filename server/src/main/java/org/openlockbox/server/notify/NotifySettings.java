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
import java.util.function.Function;
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
import org.openlockbox.server.notify.message.MailText;
import org.openlockbox.server.notify.message.MailWords;
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
    var notice = changed(tenant, by, words -> differences(words, before, wanted));
    notices.tellAll(tenant, notice);
    var after = contacts.change(tenant, before, wanted);
    notices.tellAll(tenant, notice);
    notices.toPrograms(tenant, notice);
    return after;
  }

  private static List<MailField> differences(
      MailWords words, Notifications before, Notifications after) {
    var facts = new ArrayList<MailField>();
    for (var contact : after.contacts()) {
      if (!before.contacts().contains(contact)) {
        facts.add(new MailField.PlainField(words.say("contacts.now"), told(words, contact)));
      }
    }
    for (var contact : before.contacts()) {
      if (!after.contacts().contains(contact)) {
        facts.add(new MailField.PlainField(words.say("contacts.gone"), told(words, contact)));
      }
    }
    if (before.links() != after.links()) {
      facts.add(
          new MailField.PlainField(
              words.say("contacts.links"),
              words.say(after.links() ? "contacts.yes" : "contacts.no")));
    }
    return facts;
  }

  private static String told(MailWords words, Contact contact) {
    var topics = contact.words().stream().map(topic -> words.say("topic." + topic)).toList();
    return "%s (%s: %s)"
        .formatted(
            contact.address(),
            words.say("audience." + contact.audience().word()),
            topics.isEmpty() ? words.say("contacts.reminders") : String.join(", ", topics));
  }

  public Webhooks.NewWebhook addWebhook(TenantId tenant, URI url, Set<Topic> topics, SubjectId by) {
    var issued = webhooks.add(tenant, url, topics, by);
    tell(tenant, by, issued.webhook(), "webhook.added");
    return issued;
  }

  public Webhooks.NewWebhook rotateWebhook(TenantId tenant, WebhookId id, SubjectId by) {
    var issued = webhooks.rotate(tenant, id);
    tell(tenant, by, issued.webhook(), "webhook.rotated");
    return issued;
  }

  public Webhook turnWebhook(TenantId tenant, WebhookId id, boolean on, SubjectId by) {
    var webhook = webhooks.turn(tenant, id, on);
    tell(tenant, by, webhook, on ? "webhook.on" : "webhook.off");
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
            words ->
                message(
                    "gone-" + id,
                    words.say("webhook.gone", name(tenant)),
                    List.of(
                        new MailField.PlainField(words.say("fact.webhook"), gone.url().getHost()),
                        new MailField.PlainField(
                            words.say("fact.why"), words.say("webhook.gone.why"))),
                    List.of(words.say("webhook.gone.closing"), "lockbox webhook on " + webhook))));
    webhooks.turn(tenant, webhook, false);
  }

  public void removeWebhook(TenantId tenant, WebhookId id, SubjectId by) {
    var webhook = webhooks.find(tenant, id);
    webhooks.remove(tenant, id);
    tell(tenant, by, webhook, "webhook.removed");
  }

  private void tell(TenantId tenant, SubjectId by, Webhook webhook, String what) {
    notices.tellAll(
        tenant,
        changed(
            tenant,
            by,
            words -> List.of(new MailField.PlainField(words.say(what), webhook.url().getHost()))));
  }

  private String name(TenantId tenant) {
    return notices.names().tenant(tenant);
  }

  private Notice changed(
      TenantId tenant, SubjectId by, Function<MailWords, List<MailField>> differences) {
    var step = randomStep();
    return notice(
        tenant,
        NoticeKind.NOTIFICATIONS_CHANGED,
        words -> {
          var facts = new ArrayList<MailField>();
          facts.add(
              new MailField.NameField(
                  words.say("fact.changedBy"), notices.names().person(tenant, by)));
          facts.addAll(differences.apply(words));
          return message(
              step,
              words.say("contacts.subject", name(tenant)),
              facts,
              List.of(words.say("contacts.closing"), "lockbox notify show"));
        });
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
    var step = randomStep();
    var now = clock.instant();
    return notice(
        tenant,
        NoticeKind.TEST,
        words ->
            message(
                step,
                words.say("test.subject", name(tenant)),
                List.of(
                    new MailField.NameField(
                        words.say("fact.askedBy"), notices.names().person(tenant, by)),
                    new MailField.MomentField(words.say("fact.at"), now, "")),
                List.of(words.say("test." + what))));
  }

  private String randomStep() {
    return Crockford.random(10, random).toLowerCase(Locale.ROOT);
  }

  private MailMessage message(
      String step, String subject, List<MailField> facts, List<String> closing) {
    return new MailMessage(
        "notifications",
        step,
        "[Lockbox] " + subject,
        facts,
        closing,
        Optional.of(publicUrl.resolve("/notifications")));
  }

  private Notice notice(TenantId tenant, NoticeKind kind, MailText letter) {
    Instant now = clock.instant();
    return new Notice(
        kind,
        Optional.empty(),
        letter,
        Json.object()
            .put("tenant", tenant.value())
            .put("at", now.truncatedTo(ChronoUnit.MILLIS))
            .build(),
        true,
        Optional.empty());
  }
}
