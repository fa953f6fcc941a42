package org.openlockbox.http.websocket;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.WebSocketComponents;
import org.eclipse.jetty.websocket.core.client.CoreClientUpgradeRequest;
import org.eclipse.jetty.websocket.core.client.WebSocketCoreClient;
import org.eclipse.jetty.websocket.core.exception.UpgradeException;
import org.openlockbox.core.access.SessionId;

/// Begins WebSockets with the protected services.
public final class WebSocketServices implements AutoCloseable {
  private static final Duration WITHIN = Duration.ofSeconds(10);

  private final WebSocketCoreClient client;

  /// @param http for these alone; it is stopped with them
  public WebSocketServices(HttpClient http) {
    client = new WebSocketCoreClient(http, new WebSocketComponents());
    try {
      client.start();
    } catch (Exception e) {
      throw new IllegalStateException("the client for WebSockets cannot start", e);
    }
  }

  /// What a WebSocket begins with.
  ///
  /// @param headers those that pass
  /// @param subprotocol what it is to speak
  public record WebSocketStart(
      URI upstream,
      String target,
      SessionId session,
      HttpFields headers,
      Optional<String> subprotocol) {}

  /// The service has answered, and does not want a WebSocket.
  public static final class NoWebSocket extends IOException {
    private static final long serialVersionUID = 1L;
    private final int status;

    NoWebSocket(int status, Throwable cause) {
      super("the service answers " + status, cause);
      this.status = status;
    }

    public int status() {
      return status;
    }
  }

  /// Waits until the service has agreed. Nothing begins after the leg was aborted, and what has
  /// begun is given up then.
  ///
  /// @param leg what becomes of it
  /// @return the subprotocol that the service has chosen
  public Optional<String> connect(WebSocketStart start, WebSocketLeg leg) throws IOException {
    var request = new UpgradeRequest(client, address(start), leg);
    request.setConfiguration(WebSocketUpgrades.configuration());
    request.tag(start.session());
    start.subprotocol().ifPresent(word -> request.setSubProtocols(List.of(word)));
    request.headers(headers -> start.headers().forEach(headers::put));
    try {
      if (leg.isAborted()) {
        throw new IOException("the access has ended");
      }
      CompletableFuture<CoreSession> agreed = request.sendAsync();
      leg.connects(() -> agreed.cancel(true)); // which aborts the request
      CoreSession session = agreed.get(WITHIN.toMillis(), TimeUnit.MILLISECONDS);
      return Optional.ofNullable(session.getNegotiatedSubProtocol()).filter(it -> !it.isEmpty());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (TimeoutException e) {
      leg.abort();
      throw new IOException("no answer within " + WITHIN.toSeconds() + " s", e);
    } catch (CancellationException e) {
      throw new IOException("the access has ended", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UpgradeException refused && refused.getResponseStatusCode() > 0) {
        throw new NoWebSocket(refused.getResponseStatusCode(), refused);
      }
      throw new IOException("no answer", e.getCause());
    }
  }

  private static URI address(WebSocketStart start) {
    String scheme = start.upstream().getScheme().equals("https") ? "wss" : "ws";
    return URI.create(scheme + "://" + start.upstream().getRawAuthority() + start.target());
  }

  private static final class UpgradeRequest extends CoreClientUpgradeRequest {
    private final WebSocketLeg leg;

    UpgradeRequest(WebSocketCoreClient client, URI address, WebSocketLeg leg) {
      super(client, address);
      this.leg = leg;
    }

    @Override
    public FrameHandler getFrameHandler() {
      return leg;
    }
  }

  @Override
  public void close() {
    try {
      client.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the client for WebSockets did not stop", e);
    }
  }
}
