package org.openlockbox.server.notify;

import com.zerodeplibs.webpush.header.TTL;
import com.zerodeplibs.webpush.header.Urgency;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.http.HttpCaller;
import org.openlockbox.server.notify.outbox.DeliveryFault;
import org.openlockbox.server.notify.outbox.Outbox;
import org.openlockbox.server.notify.outbox.SubscriptionId;
import org.openlockbox.server.notify.push.PushSubscriptions;
import org.openlockbox.server.notify.push.PushTarget;
import org.openlockbox.server.notify.webhook.Destinations;
import org.openlockbox.server.tls.Trust;

/// Gives the push services what the [Outbox] holds for browsers (RFC 8030), encrypted for each
/// browser (RFC 8291) and signed as this server's (RFC 8292). It calls only what a webhook may
/// call, follows no redirect, and waits for an answer no longer than a quarter of a minute.
public final class PushCaller implements AutoCloseable {
  private static final Duration ANSWER = Duration.ofSeconds(15);

  /// How long a push service keeps a message for a browser that is off.
  private static final long KEPT_HOURS = 12;

  private static final Set<Integer> NO_SUCH_BROWSER = Set.of(404, 410);

  /// How long after each failed attempt the next is made. What comes later helps nobody: mail says
  /// the same.
  private static final List<Duration> AGAIN =
      List.of(
          Duration.ofSeconds(5),
          Duration.ofMinutes(1),
          Duration.ofMinutes(5),
          Duration.ofMinutes(30),
          Duration.ofHours(2));

  private final Outbox outbox;
  private final PushSubscriptions browsers;
  private final HttpCaller http;
  private final OutboxCalls calls;

  public PushCaller(Outbox outbox, PushSubscriptions browsers, Destinations destinations) {
    this.outbox = outbox;
    this.browsers = browsers;
    this.http =
        HttpCaller.toGuarded(Trust.of(Optional.empty()), ANSWER, new CheckedResolver(destinations));
    this.calls = new OutboxCalls(outbox, Outbox.DeliveryChannel.PUSH, this::make);
  }

  /// Gives away what is due.
  public void round() {
    calls.round();
  }

  private void make(Outbox.OutboxRow due) {
    var tenant = new TenantId(due.tenant());
    var id = new SubscriptionId(due.header().recipient());
    var target = browsers.target(tenant, id);
    if (target.isEmpty()) {
      outbox.failed(due, "the browser is not told any more", Optional.empty());
      return;
    }
    try {
      settle(due, tenant, id, http.status(call(due, target.get())));
    } catch (HttpCaller.NoAnswer e) {
      again(due, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      again(due, DeliveryFault.words(e));
    }
  }

  private HttpPost call(Outbox.OutboxRow due, PushTarget target) {
    var call = new HttpPost(target.endpoint());
    call.setHeader("Authorization", browsers.authorization(target.endpoint()));
    call.setHeader(TTL.HEADER_NAME, Long.toString(TTL.hours(KEPT_HOURS)));
    call.setHeader(Urgency.HEADER_NAME, due.header().urgent() ? Urgency.high() : Urgency.normal());
    call.setHeader("Content-Encoding", "aes128gcm");
    call.setEntity(
        new ByteArrayEntity(
            target.encrypted(due.content().text()).toArray(),
            ContentType.APPLICATION_OCTET_STREAM));
    return call;
  }

  private void settle(Outbox.OutboxRow due, TenantId tenant, SubscriptionId id, int status) {
    var answer = "answered " + status;
    if (status / 100 == 2) {
      outbox.sent(due, answer);
    } else if (NO_SUCH_BROWSER.contains(status)) {
      outbox.failed(due, answer + ": the browser is not subscribed any more", Optional.empty());
      browsers.gone(tenant, id);
    } else {
      again(due, answer);
    }
  }

  private void again(Outbox.OutboxRow due, String why) {
    int attempt = due.attempts() - 1;
    outbox.failed(
        due, why, attempt < AGAIN.size() ? Optional.of(AGAIN.get(attempt)) : Optional.empty());
  }

  @Override
  public void close() {
    calls.close();
    http.close();
  }
}
