package org.openlockbox.server.notify;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.http.HttpCaller;
import org.openlockbox.server.notify.outbox.DeliveryFault;
import org.openlockbox.server.notify.outbox.Outbox;
import org.openlockbox.server.notify.outbox.WebhookId;
import org.openlockbox.server.notify.webhook.Webhooks;
import org.openlockbox.server.tls.Trust;

/// Calls the webhooks that the [Outbox] holds calls for, as Standard Webhooks 1.0 says. Follows no
/// redirect, keeps no cookie and no connection, and waits for a whole answer no longer than a
/// quarter of a minute.
public final class WebhookCaller implements AutoCloseable {
  private static final Duration ANSWER = Duration.ofSeconds(15);
  private static final int GONE = 410;

  /// How long after each failed attempt the next is made. After the last, a call waits for a
  /// person.
  private static final List<Duration> AGAIN =
      List.of(
          Duration.ofSeconds(5),
          Duration.ofMinutes(5),
          Duration.ofMinutes(30),
          Duration.ofHours(2),
          Duration.ofHours(5),
          Duration.ofHours(10),
          Duration.ofHours(10));

  private final Outbox outbox;
  private final NotifySettings settings;
  private final Webhooks webhooks;
  private final InstantSource clock;
  private final HttpCaller http;
  private final OutboxCalls calls;

  public WebhookCaller(Outbox outbox, NotifySettings settings, InstantSource clock) {
    this.outbox = outbox;
    this.settings = settings;
    this.webhooks = settings.webhooks();
    this.clock = clock;
    this.http =
        HttpCaller.toGuarded(
            Trust.of(Optional.empty()), ANSWER, new CheckedResolver(webhooks.destinations()));
    this.calls = new OutboxCalls(outbox, Outbox.DeliveryChannel.WEBHOOK, this::make);
  }

  /// Makes the calls that are due.
  public void round() {
    calls.round();
  }

  private void make(Outbox.OutboxRow due) {
    var tenant = new TenantId(due.tenant());
    var id = new WebhookId(due.header().recipient());
    var target = webhooks.target(tenant, id);
    if (target.isEmpty()) {
      outbox.failed(due, "the webhook is off", Optional.empty());
      return;
    }
    settle(due, tenant, id, answer(due, target.get()));
  }

  /// What came of a call: a status, or 0 and why there is none.
  private record WebhookCallResult(int status, String what) {
    boolean taken() {
      return status / 100 == 2;
    }
  }

  private void settle(
      Outbox.OutboxRow due, TenantId tenant, WebhookId id, WebhookCallResult answer) {
    if (answer.taken()) {
      outbox.sent(due, answer.what);
      return;
    }
    if (answer.status == GONE) {
      settings.webhookGone(tenant, id, due.header().messageId());
      outbox.failed(due, answer.what, Optional.empty());
      return;
    }
    int attempt = due.attempts() - 1;
    outbox.failed(
        due,
        answer.what,
        attempt < AGAIN.size() ? Optional.of(AGAIN.get(attempt)) : Optional.empty());
  }

  private WebhookCallResult answer(Outbox.OutboxRow due, Webhooks.Target target) {
    try {
      int status = http.status(call(due, target));
      return new WebhookCallResult(status, "answered " + status);
    } catch (HttpCaller.NoAnswer e) {
      return new WebhookCallResult(0, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return new WebhookCallResult(0, DeliveryFault.words(e));
    }
  }

  private HttpPost call(Outbox.OutboxRow due, Webhooks.Target target) {
    var now = clock.instant();
    var call = new HttpPost(target.url());
    call.setHeader("webhook-id", due.header().messageId());
    call.setHeader("webhook-timestamp", Long.toString(now.getEpochSecond()));
    call.setHeader(
        "webhook-signature",
        target.secrets().stream()
            .map(secret -> secret.signature(due.header().messageId(), now, due.content().text()))
            .collect(Collectors.joining(" ")));
    call.setEntity(
        new StringEntity(
            due.content().text(),
            ContentType.create("application/cloudevents+json", StandardCharsets.UTF_8)));
    return call;
  }

  @Override
  public void close() {
    calls.close();
    http.close();
  }
}
