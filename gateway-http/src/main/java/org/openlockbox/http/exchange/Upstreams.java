package org.openlockbox.http.exchange;

import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.ContinueProtocolHandler;
import org.eclipse.jetty.client.EarlyHintsProtocolHandler;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.OutputStreamRequestContent;
import org.eclipse.jetty.client.ProcessingProtocolHandler;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.Invocable;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.http.websocket.WebSocketServices;

/// Speaks to the protected services. No session shares a connection, a cookie or an answer with
/// another, and no redirect is followed.
public final class Upstreams implements AutoCloseable {
  private static final Duration CONNECT_WITHIN = Duration.ofSeconds(5);
  private static final Duration SILENT_FOR = Duration.ofSeconds(60);

  /// A stream may pause for a while. That its client has left is seen when the next piece comes, so
  /// this bounds how long it goes on after that.
  private static final Duration STREAM_SILENT_FOR = Duration.ofMinutes(5);

  /// Nothing is kept of an upstream that nobody asked for so long.
  private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(10);

  private static final int CONNECTIONS = 16;
  private static final int BUFFER = 64 * 1024;

  private static final Duration LOOK = Duration.ofSeconds(1);

  private final Duration patience;
  private final HttpClient client;
  private final WebSocketServices webSockets;
  private final Set<SentRequest> awaited = ConcurrentHashMap.newKeySet();

  /// @param trust whom it takes for an upstream
  public Upstreams(SSLContext trust) {
    this(trust, SILENT_FOR);
  }

  /// @param patience how long somebody waits for an answer to begin
  Upstreams(SSLContext trust, Duration patience) {
    this.patience = patience;
    client = client(trust);
    client.setResponseBufferSize(BUFFER);
    client.getHttpClientTransport().setInvocationType(Invocable.InvocationType.NON_BLOCKING);
    start(client);
    client.getContentDecoderFactories().clear();
    client.getProtocolHandlers().clear();
    // What a service says before its answer (RFC 9110, 15.2) is passed over.
    client.getProtocolHandlers().put(new ContinueProtocolHandler());
    client.getProtocolHandlers().put(new ProcessingProtocolHandler());
    client.getProtocolHandlers().put(new EarlyHintsProtocolHandler());
    webSockets = new WebSocketServices(client(trust));
    lookAgain();
  }

  /// One look at all requests that wait for an answer, instead of a timer for each.
  private void look() {
    try {
      long now = System.nanoTime();
      awaited.forEach(each -> each.abortAfter(patience, now));
    } finally {
      lookAgain();
    }
  }

  private void lookAgain() {
    var _ = client.getScheduler().schedule(this::look, LOOK.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static HttpClient client(SSLContext trust) {
    SslContextFactory.Client tls = new SslContextFactory.Client();
    tls.setSslContext(trust);
    tls.setEndpointIdentificationAlgorithm("HTTPS");
    ClientConnector connector = new ClientConnector();
    connector.setSslContextFactory(tls);
    HttpClient made = new HttpClient(new HttpClientTransportOverHTTP(connector));
    made.setFollowRedirects(false);
    made.setHttpCookieStore(new HttpCookieStore.Empty());
    made.setUserAgentField(null);
    made.setConnectTimeout(CONNECT_WITHIN.toMillis());
    made.setIdleTimeout(SILENT_FOR.toMillis());
    made.setMaxConnectionsPerDestination(CONNECTIONS);
    made.setDestinationIdleTimeout(FORGOTTEN_AFTER.toMillis());
    return made;
  }

  private static void start(HttpClient client) {
    try {
      client.start();
    } catch (Exception e) {
      throw new IllegalStateException("the client for upstreams cannot start", e);
    }
  }

  WebSocketServices webSockets() {
    return webSockets;
  }

  /// Sends it. Never waits for the answer.
  SentRequest send(SessionId session, AcceptedRequest request) {
    Request sent =
        client
            .newRequest(request.upstream())
            .method(request.route().method().name())
            .path(request.target())
            .tag(session)
            .headers(
                headers -> {
                  headers.clear();
                  for (HttpField each : request.headers()) {
                    headers.add(each);
                  }
                });
    if (request.route().answer().form().isStream()) {
      sent.idleTimeout(STREAM_SILENT_FOR.toMillis(), TimeUnit.MILLISECONDS);
    }
    Optional<OutputStream> body =
        switch (request.body()) {
          case ForwardedBody.KeptBody(Bytes bytes) -> {
            if (!bytes.isEmpty()) {
              sent.body(new BytesRequestContent(bytes.toArray()));
            }
            yield Optional.empty();
          }
          case ForwardedBody.LongBody longer -> {
            var content = new LongContent(longer.length());
            sent.body(content);
            yield Optional.of(content.getOutputStream());
          }
        };
    var onItsWay = new SentRequest(sent, body, awaited);
    onItsWay.send();
    return onItsWay;
  }

  /// A body that comes part by part. Whoever writes waits until the socket has taken it.
  private static final class LongContent extends OutputStreamRequestContent {
    private final long length;

    LongContent(long length) {
      this.length = length;
    }

    @Override
    public long getLength() {
      return length;
    }
  }

  @Override
  public void close() {
    try {
      webSockets.close();
      client.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the client for upstreams did not stop", e);
    }
  }
}
