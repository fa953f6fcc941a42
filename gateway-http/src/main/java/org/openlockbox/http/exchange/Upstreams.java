package org.openlockbox.http.exchange;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.InputStreamResponseListener;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.openlockbox.core.access.SessionId;

/// Speaks to the protected services. No session shares a connection, a cookie or an answer with
/// another, and no redirect is followed.
public final class Upstreams implements AutoCloseable {
  private static final Duration CONNECT_WITHIN = Duration.ofSeconds(5);
  private static final Duration SILENT_FOR = Duration.ofSeconds(60);
  private static final int CONNECTIONS = 16;

  private final HttpClient client;

  /// @param trust whom it takes for an upstream
  public Upstreams(SSLContext trust) {
    SslContextFactory.Client tls = new SslContextFactory.Client();
    tls.setSslContext(trust);
    tls.setEndpointIdentificationAlgorithm("HTTPS");
    ClientConnector connector = new ClientConnector();
    connector.setSslContextFactory(tls);
    client = new HttpClient(new HttpClientTransportOverHTTP(connector));
    client.setFollowRedirects(false);
    client.setHttpCookieStore(new HttpCookieStore.Empty());
    client.setUserAgentField(null);
    client.setConnectTimeout(CONNECT_WITHIN.toMillis());
    client.setIdleTimeout(SILENT_FOR.toMillis());
    client.setMaxConnectionsPerDestination(CONNECTIONS);
    start(client);
    client.getContentDecoderFactories().clear();
    client.getProtocolHandlers().clear();
  }

  private static void start(HttpClient client) {
    try {
      client.start();
    } catch (Exception e) {
      throw new IllegalStateException("the client for upstreams cannot start", e);
    }
  }

  /// An answer whose head has come.
  record UpstreamAnswer(int status, HttpFields headers, InputStream body) {}

  /// A request on its way.
  record SentRequest(Request request, InputStreamResponseListener listener) {
    /// Waits for the head of its answer.
    UpstreamAnswer answer() throws IOException {
      try {
        var head = listener.get(SILENT_FOR.toMillis(), TimeUnit.MILLISECONDS);
        return new UpstreamAnswer(head.getStatus(), head.getHeaders(), listener.getInputStream());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      } catch (TimeoutException e) {
        abort();
        throw new IOException("no answer within " + SILENT_FOR.toSeconds() + " s", e);
      } catch (ExecutionException e) {
        throw new IOException("no answer", e.getCause());
      }
    }

    void abort() {
      var _ = request.abort(new IOException("the access has ended"));
    }
  }

  /// Sends it. Never waits for the answer.
  SentRequest send(URI base, SessionId session, AcceptedRequest request) {
    Request sent =
        client
            .newRequest(base)
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
    if (!request.body().isEmpty()) {
      sent.body(new BytesRequestContent(request.body().toArray()));
    }
    var listener = new InputStreamResponseListener();
    sent.send(listener);
    return new SentRequest(sent, listener);
  }

  @Override
  public void close() {
    try {
      client.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the client for upstreams did not stop", e);
    }
  }
}
