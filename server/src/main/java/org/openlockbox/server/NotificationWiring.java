package org.openlockbox.server;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.openlockbox.server.audit.DailyDigests;
import org.openlockbox.server.audit.MonthlyReports;
import org.openlockbox.server.identity.People;
import org.openlockbox.server.notify.CommandLineUsers;
import org.openlockbox.server.notify.MailNames;
import org.openlockbox.server.notify.MailReaders;
import org.openlockbox.server.notify.Notices;
import org.openlockbox.server.notify.NotifySettings;
import org.openlockbox.server.notify.PushCaller;
import org.openlockbox.server.notify.WebhookCaller;
import org.openlockbox.server.notify.contact.Contacts;
import org.openlockbox.server.notify.outbox.Deliveries;
import org.openlockbox.server.notify.outbox.MailDelivery;
import org.openlockbox.server.notify.outbox.Outbox;
import org.openlockbox.server.notify.outbox.Smtp;
import org.openlockbox.server.notify.push.PushSubscriptions;
import org.openlockbox.server.notify.webhook.Destinations;
import org.openlockbox.server.notify.webhook.Webhooks;
import org.openlockbox.server.seal.KeyWrapping;
import org.openlockbox.server.tenant.Store;
import org.openlockbox.server.trace.ServerTraces;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What tells people and programs what happens.
public final class NotificationWiring implements AutoCloseable {
  private final Contacts contacts;
  private final Notices notices;
  private final NotifySettings settings;
  private final Deliveries deliveries;
  private final PushSubscriptions browsers;
  private final WebhookCaller caller;
  private final PushCaller pushing;
  private final MonthlyReports reports;
  private final DailyDigests digests;
  private final Function<Smtp, MailDelivery> mailing;
  private volatile Optional<MailDelivery> delivery;

  NotificationWiring(
      ServerConfig config,
      Store store,
      KeyWrapping wrapping,
      SecureRandom random,
      ServerTraces traces) {
    var clock = config.clock();
    var url = config.web().publicUrl();
    var host = config.log().host();
    var jdbc = store.jdbc();
    var outbox = new Outbox(jdbc, clock, host);
    var webhooks = webhooks(config, jdbc, outbox, wrapping, random);
    browsers = browsers(config, jdbc, outbox, wrapping, webhooks.destinations(), random);
    contacts = new Contacts(jdbc);
    notices =
        new Notices(
            contacts,
            webhooks,
            browsers,
            outbox,
            clock,
            new MailReaders(
                jdbc,
                new CommandLineUsers(store, new People(jdbc, clock))::are,
                config.web().program()),
            new MailNames(jdbc, config.access().provider()));
    settings = new NotifySettings(contacts, webhooks, browsers, notices, clock, random, url);
    deliveries = new Deliveries(jdbc, clock);
    reports = new MonthlyReports(store, notices, clock, url);
    digests = new DailyDigests(store, notices, clock, url);
    caller = new WebhookCaller(outbox, settings, clock);
    pushing = new PushCaller(outbox, browsers, webhooks.destinations());
    mailing = smtp -> new MailDelivery(outbox, smtp, host, clock, traces);
    delivery = config.notifications().smtp().map(mailing);
  }

  /// The tenants' webhooks, their secrets wrapped by the newest wrapping key.
  static Webhooks webhooks(
      ServerConfig config,
      JdbcClient jdbc,
      Outbox outbox,
      KeyWrapping wrapping,
      SecureRandom random) {
    var webhooks =
        new Webhooks(
            jdbc,
            outbox,
            wrapping,
            config.notifications().privateWebhookHosts(),
            config.log().host(),
            config.clock(),
            random);
    webhooks.adopt();
    return webhooks;
  }

  /// The approvers' browsers; where they are reached is wrapped by the newest wrapping key.
  static PushSubscriptions browsers(
      ServerConfig config,
      JdbcClient jdbc,
      Outbox outbox,
      KeyWrapping wrapping,
      Destinations destinations,
      SecureRandom random) {
    var browsers =
        new PushSubscriptions(
            jdbc, outbox, wrapping, destinations, config.clock(), random, config.web().publicUrl());
    browsers.adopt();
    return browsers;
  }

  void start(Rounds rounds) {
    rounds.every(Duration.ofMillis(200), "telling browsers", pushing::round);
    rounds.every(Duration.ofMillis(200), "calling webhooks", caller::round);
    rounds.every(Duration.ofMinutes(10), "reporting the month", reports::round);
    rounds.every(Duration.ofMinutes(10), "telling the day", digests::round);
    rounds.every(
        Duration.ofMillis(500), "sending mail", () -> delivery.ifPresent(MailDelivery::deliver));
  }

  /// Mail goes out as this says from now on.
  void reload(ServerConfig.NotificationConfig next) {
    delivery = next.smtp().map(mailing);
  }

  public Contacts contacts() {
    return contacts;
  }

  public Notices notices() {
    return notices;
  }

  public NotifySettings settings() {
    return settings;
  }

  public Deliveries deliveries() {
    return deliveries;
  }

  @Override
  public void close() {
    caller.close();
    pushing.close();
  }
}
