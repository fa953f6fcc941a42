package org.openlockbox.server.notify;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.EmptyWebhookSecretException;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;

/// A customer's program behind a webhook, over real HTTP. It checks each call with the verifier
/// that the Standard Webhooks project publishes, and can be told to fail.
public final class HookReceiver implements AutoCloseable {
  /// How it answers.
  public enum Mood {
    WELL,
    /// Says 500 and takes nothing.
    FAILS,
    /// Takes everything and hangs up without an answer.
    FORGETS_TO_ANSWER,
    /// Sends the caller somewhere else.
    REDIRECTS,
    /// Says 410: it wants no more calls.
    GONE,
    /// Answers nobody before [#goOn].
    SLOW
  }

  /// One call as it came.
  public record Received(Map<String, String> headers, String body) {
    public String id() {
      return headers.getOrDefault("webhook-id", "");
    }

    public Fields event() {
      return Fields.of(Json.read(body.getBytes(StandardCharsets.UTF_8)), "event");
    }

    public boolean isSignedWith(String secret) {
      var all = new HashMap<String, List<String>>();
      headers.forEach((name, value) -> all.put(name, List.of(value)));
      try {
        new Webhook(secret).verify(body, all);
        return true;
      } catch (WebhookVerificationException | EmptyWebhookSecretException e) {
        return false;
      }
    }
  }

  private final HttpServer http;
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private final AtomicReference<Mood> mood = new AtomicReference<>(Mood.WELL);
  private final CountDownLatch goOn = new CountDownLatch(1);

  public HookReceiver() {
    try {
      http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    http.createContext("/", this::answer);
    http.start();
  }

  public String url() {
    return "http://127.0.0.1:" + http.getAddress().getPort() + "/lockbox";
  }

  public void be(Mood next) {
    mood.set(next);
  }

  public void goOn() {
    mood.set(Mood.WELL);
    goOn.countDown();
  }

  /// What it has taken, in the order it came.
  public List<Received> received() {
    return new ArrayList<>(received);
  }

  private void answer(HttpExchange exchange) throws IOException {
    var headers = new HashMap<String, String>();
    exchange
        .getRequestHeaders()
        .forEach((n, values) -> headers.put(n.toLowerCase(Locale.ROOT), values.getFirst()));
    headers.put("path", exchange.getRequestURI().getPath());
    var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    var call = new Received(headers, body);
    int status =
        switch (mood.get()) {
          case WELL -> taken(call, 204);
          case FAILS -> 500;
          case REDIRECTS -> {
            exchange.getResponseHeaders().set("Location", url() + "/elsewhere");
            yield taken(call, 307);
          }
          case GONE -> 410;
          case FORGETS_TO_ANSWER -> taken(call, 0);
          case SLOW -> {
            waitForGoOn();
            yield taken(call, 204);
          }
        };
    if (status > 0) {
      exchange.sendResponseHeaders(status, -1);
    }
    exchange.close();
  }

  private int taken(Received call, int status) {
    received.add(call);
    return status;
  }

  private void waitForGoOn() {
    try {
      goOn.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    goOn.countDown();
    http.stop(0);
  }
}
