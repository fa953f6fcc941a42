package org.openlockbox.server.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ProxySelector;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/// Calls programs of others by HTTP. Each call has a limit in time, the whole of the answer
/// included, and in bytes. No redirect is followed, no cookie or password is kept, nothing is
/// decompressed and nothing is sent twice. An answer that is not read to its end ends with its
/// connection. No exception's text, nor that of its cause, has what was sent or answered.
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

    NoAnswer(String what) {
      super(what);
    }

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
          var response = http.executeOpen(null, call, null);
          return new Response(response.getCode(), body(response.getEntity()));
        });
  }

  /// The status of the answer; its body is left unread.
  public int status(HttpUriRequestBase call) throws IOException {
    return within(call, () -> http.executeOpen(null, call, null).getCode());
  }

  private String body(@Nullable HttpEntity entity) throws IOException {
    if (entity == null) {
      return "";
    }
    byte[] bytes = entity.getContent().readNBytes(longest + 1);
    if (bytes.length > longest) {
      throw new NoAnswer("an answer of more than %d bytes".formatted(longest));
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /// The call is cancelled whatever came of it: to close its response would read what is left of
  /// the body. Reading the body to its end has given the connection back, and nothing is cancelled
  /// then.
  private <T> T within(HttpUriRequestBase call, Callable<T> exchange) throws IOException {
    var running = threads.submit(exchange);
    try {
      return running.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw late(e);
    } catch (ExecutionException e) {
      throw told(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NoAnswer("the server stopped", e);
    } finally {
      call.cancel();
    }
  }

  /// What failed, in the words of the network and of TLS or in our own. Those of an HTTP library
  /// quote the answer.
  private IOException told(@Nullable Throwable failed) {
    return switch (failed) {
      case NoAnswer known -> known;
      case SocketException network -> network;
      case UnknownHostException unknown -> unknown;
      case InterruptedIOException e -> late(e); // its socket's limit is the same
      case SSLException tls -> tls;
      case NoHttpResponseException _ -> new NoAnswer("the connection ended before an answer");
      case ConnectionClosedException _ -> new NoAnswer("the answer ended early");
      case null, default -> unreadable(failed);
    };
  }

  private NoAnswer late(Exception cause) {
    return new NoAnswer("no answer within %d s".formatted(patience.toSeconds()), cause);
  }

  /// Where it failed stays, and the type of the failure.
  private static IOException unreadable(@Nullable Throwable failed) {
    if (failed == null) {
      return new NoAnswer("the answer cannot be read");
    }
    var told = new NoAnswer("the answer cannot be read: " + failed.getClass().getSimpleName());
    told.setStackTrace(failed.getStackTrace());
    return told;
  }

  @Override
  public void close() {
    threads.shutdownNow();
    http.close(CloseMode.IMMEDIATE);
  }
}
