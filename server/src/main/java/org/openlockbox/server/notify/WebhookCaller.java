package org.openlockbox.server.notify;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.http.HttpCaller;
import org.openlockbox.server.notify.outbox.DeliveryFault;
import org.openlockbox.server.notify.outbox.Outbox;
import org.openlockbox.server.notify.outbox.WebhookId;
import org.openlockbox.server.notify.webhook.Destinations;
import org.openlockbox.server.notify.webhook.Webhooks;
import org.openlockbox.server.tls.Trust;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Calls the webhooks that the [Outbox] holds calls for, as Standard Webhooks 1.0 says. Follows no
/// redirect, keeps no cookie and no connection, and waits for a whole answer no longer than a
/// quarter of a minute.
public final class WebhookCaller implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WebhookCaller.class);

  private static final Duration ANSWER = Duration.ofSeconds(15);
  private static final int AT_ONCE = 16;
  private static final int AT_ONCE_OF_A_TENANT = 2;
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
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore free = new Semaphore(AT_ONCE);

  public WebhookCaller(Outbox outbox, NotifySettings settings, InstantSource clock) {
    this.outbox = outbox;
    this.settings = settings;
    this.webhooks = settings.webhooks();
    this.clock = clock;
    this.http =
        HttpCaller.toGuarded(
            Trust.of(Optional.empty()), ANSWER, new CheckedResolver(webhooks.destinations()));
  }

  /// Resolves names to the addresses that were judged.
  private record CheckedResolver(Destinations destinations) implements DnsResolver {
    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
      return destinations.addresses(host);
    }

    @Override
    public String resolveCanonicalHostname(String host) {
      return host;
    }
  }

  /// Makes the calls that are due, many at once; returns when none is left to begin.
  public void round() {
    while (!Thread.currentThread().isInterrupted() && free.tryAcquire()) {
      var due = claimed();
      if (due.isEmpty()) {
        return;
      }
      threads.execute(() -> make(due.get()));
    }
  }

  private Optional<Outbox.OutboxRow> claimed() {
    var due = Optional.<Outbox.OutboxRow>empty();
    try {
      due = outbox.claim(Outbox.DeliveryChannel.WEBHOOK, AT_ONCE_OF_A_TENANT);
      return due;
    } finally {
      if (due.isEmpty()) {
        free.release();
      }
    }
  }

  private void make(Outbox.OutboxRow due) {
    try {
      var tenant = new TenantId(due.tenant());
      var id = new WebhookId(due.header().recipient());
      var target = webhooks.target(tenant, id);
      if (target.isEmpty()) {
        outbox.failed(due, "the webhook is off", Optional.empty());
        return;
      }
      settle(due, tenant, id, answer(due, target.get()));
    } catch (RuntimeException broken) {
      LOG.warn(
          "a call of webhook {} of {} is left", due.header().recipient(), due.tenant(), broken);
    } finally {
      free.release();
    }
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
    threads.shutdownNow();
    http.close();
  }
}
