package org.openlockbox.server;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import org.openlockbox.server.notify.Contacts;
import org.openlockbox.server.notify.Deliveries;
import org.openlockbox.server.notify.MailDelivery;
import org.openlockbox.server.notify.Notices;
import org.openlockbox.server.notify.NotifySettings;
import org.openlockbox.server.notify.Outbox;
import org.openlockbox.server.notify.WebhookCaller;
import org.openlockbox.server.notify.Webhooks;
import org.openlockbox.server.seal.KeyWrapping;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The part of [Wiring] that tells people and programs what happens.
public final class NotificationWiring implements AutoCloseable {
  private final Contacts contacts;
  private final Notices notices;
  private final NotifySettings settings;
  private final Deliveries deliveries;
  private final WebhookCaller caller;
  private final Optional<MailDelivery> postman;

  NotificationWiring(
      ServerConfig config, JdbcClient jdbc, KeyWrapping wrapping, SecureRandom random) {
    var clock = config.clock();
    var outbox = new Outbox(jdbc, clock, config.logHost());
    var webhooks = webhooks(config, jdbc, outbox, wrapping, random);
    contacts = new Contacts(jdbc);
    notices = new Notices(contacts, webhooks, outbox, clock);
    settings = new NotifySettings(contacts, webhooks, notices, clock, random, config.publicUrl());
    deliveries = new Deliveries(jdbc, clock);
    caller = new WebhookCaller(outbox, settings, clock);
    postman = config.smtp().map(smtp -> new MailDelivery(outbox, smtp, config.logHost(), clock));
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
            config.privateWebhookHosts(),
            config.logHost(),
            config.clock(),
            random);
    webhooks.adopt();
    return webhooks;
  }

  void start(Rounds rounds) {
    rounds.every(Duration.ofMillis(200), "calling webhooks", caller::round);
    postman.ifPresent(
        sender -> rounds.every(Duration.ofMillis(500), "sending mail", sender::deliver));
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
  }
}
