package org.openlockbox.server.http;

import java.io.IOException;
import java.net.ProxySelector;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/// Calls programs of others by HTTP. Each call has a limit in time, the whole of the answer
/// included, and in bytes. No redirect is followed, no cookie or password is kept, nothing is
/// decompressed and nothing is sent twice. No exception's text has what was sent or answered.
public final class HttpCaller implements AutoCloseable {
  private static final int AT_ONCE = 64;

  private final CloseableHttpClient http;
  private final Duration patience;
  private final int longest;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private HttpCaller(CloseableHttpClient http, Duration patience, int longest) {
    this.http = http;
    this.patience = patience;
    this.longest = longest;
  }

  /// A status, and a body that was read to its end.
  public record Response(int status, String body) {
    /// Without the body, which may hold secrets.
    @Override
    public String toString() {
      return "Response[%d]".formatted(status);
    }
  }

  /// There was no answer, or not the whole of it, in time. Its text is for people.
  public static final class NoAnswer extends IOException {
    private static final long serialVersionUID = 1L;

    NoAnswer(String what, Exception cause) {
      super(what, cause);
    }
  }

  /// For programs that the operator named: through the JVM's proxy, if it has one, and over
  /// connections that are kept.
  ///
  /// @param longest how many bytes of a body there may be
  public static HttpCaller toNamed(SSLContext trust, Duration patience, int longest) {
    var http =
        client(trust, patience, SystemDefaultDnsResolver.INSTANCE)
            .setProxySelector(ProxySelector.getDefault())
            .build();
    return new HttpCaller(http, patience, longest);
  }

  /// For URLs that others chose: calls the very addresses that the resolver allows, through no
  /// proxy, each time over a new connection. Only the status of an answer is read.
  public static HttpCaller toGuarded(SSLContext trust, Duration patience, DnsResolver allowed) {
    var http =
        client(trust, patience, allowed)
            .setConnectionReuseStrategy((request, response, context) -> false)
            .build();
    return new HttpCaller(http, patience, 0);
  }

  private static HttpClientBuilder client(SSLContext trust, Duration wait, DnsResolver resolver) {
    var patience = Timeout.of(wait);
    var connections =
        PoolingHttpClientConnectionManagerBuilder.create()
            .setDnsResolver(resolver)
            .setTlsSocketStrategy(new DefaultClientTlsStrategy(trust))
            .setMaxConnTotal(AT_ONCE)
            .setMaxConnPerRoute(AT_ONCE)
            .setDefaultConnectionConfig(
                ConnectionConfig.custom()
                    .setConnectTimeout(patience)
                    .setSocketTimeout(patience)
                    .setValidateAfterInactivity(TimeValue.ZERO_MILLISECONDS) // before each use
                    .build())
            .build();
    return HttpClientBuilder.create()
        .setConnectionManager(connections)
        .setUserAgent("OpenLockbox")
        .disableRedirectHandling()
        .disableAutomaticRetries()
        .disableCookieManagement()
        .disableAuthCaching()
        .disableContentCompression();
  }

  /// The whole answer. Throws if there is none in time, or if it is too long.
  public Response send(HttpUriRequestBase call) throws IOException {
    return within(
        call,
        () -> {
          try (var response = http.executeOpen(null, call, null)) {
            return new Response(response.getCode(), body(response.getEntity()));
          }
        });
  }

  /// The status of the answer; its body is left unread.
  public int status(HttpUriRequestBase call) throws IOException {
    return within(
        call,
        () -> {
          try (var response = http.executeOpen(null, call, null)) {
            return response.getCode();
          }
        });
  }

  /// The stream is not closed here, because that would read on to its end.
  private String body(@Nullable HttpEntity entity) throws IOException {
    if (entity == null) {
      return "";
    }
    byte[] bytes = entity.getContent().readNBytes(longest + 1);
    if (bytes.length > longest) {
      throw new IOException("an answer of more than %d bytes".formatted(longest));
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private <T> T within(HttpUriRequestBase call, Callable<T> exchange) throws IOException {
    var running = threads.submit(exchange);
    try {
      return running.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      call.cancel();
      throw new NoAnswer("no answer within %d s".formatted(patience.toSeconds()), e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException failed
          ? failed
          : new IOException(String.valueOf(e.getCause()), e);
    } catch (InterruptedException e) {
      call.cancel();
      Thread.currentThread().interrupt();
      throw new NoAnswer("the server stopped", e);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    http.close(CloseMode.IMMEDIATE);
  }
}
