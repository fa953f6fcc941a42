package org.openlockbox.e2e.crash;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// Asks the service that speaks HTTP, with a new connection now and then. The marker stands in the
/// query, and an answer counts once the first byte of its body has come.
final class HttpReader implements Reader {
  private static final int OK = 200;

  private final String tenant;
  private final ServiceLogin login;
  private final RandomGenerator random;
  private final Markers markers;

  HttpReader(String name, String tenant, ServiceLogin login, RandomGenerator random) {
    this.markers = new Markers(name);
    this.tenant = tenant;
    this.login = login;
    this.random = random;
  }

  /// What `lockbox connect ID env` sets.
  ///
  /// @param header the file with the header that signs in
  /// @param authority the file with the certificate that the gateway's is held against
  record ServiceLogin(String url, Path header, Path authority) {
    private HttpClient client() {
      try (InputStream in = Files.newInputStream(authority)) {
        var trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry(
            "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
        var managers = TrustManagerFactory.getInstance("PKIX");
        managers.init(trusted);
        var tls = SSLContext.getInstance("TLS");
        tls.init(null, managers.getTrustManagers(), null);
        return HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(tls)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }

    private HttpRequest.Builder get(String path) {
      try {
        String[] field = Files.readString(header).strip().split(": ", 2);
        return HttpRequest.newBuilder(URI.create(url + path)).header(field[0], field[1]);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public String tenant() {
    return tenant;
  }

  @Override
  public Markers markers() {
    return markers;
  }

  @Override
  public void run() {
    while (!markers.isStopped()) {
      try (HttpClient client = login.client()) {
        do {
          read(client);
          LockSupport.parkNanos(Duration.ofMillis(random.nextInt(20)).toNanos());
        } while (!markers.isStopped() && random.nextInt(15) > 0);
        client.shutdownNow();
      } catch (IOException broken) {
        LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void read(HttpClient client) throws IOException, InterruptedException {
    String marker = markers.next();
    String path = "/v1/tenants/%s/tickets?status=marker-%s.".formatted(tenant, marker);
    HttpRequest request = login.get(path).timeout(Duration.ofSeconds(10)).build();
    markers.underWay(true);
    var answer = client.send(request, BodyHandlers.ofInputStream());
    try (InputStream body = answer.body()) {
      if (answer.statusCode() == OK && body.read() >= 0) {
        markers.received(marker);
      }
      body.readAllBytes();
    }
    markers.underWay(false);
  }
}
