package org.openlockbox.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// HTTPS with PEM files, and client certificates at the gateways' door.
final class TlsTest {
  private static final char[] SECRET = "secret".toCharArray();

  @TempDir static Path directory;

  /// Started by the first test, when the directory is there.
  private static final class Running {
    static final KeyStore KEYS = keys();
    static final TestServer SERVER =
        new TestServer(
            Optional.empty(),
            Optional.of(
                new ServerConfig.TlsConfig(
                    pem("server.pem", "CERTIFICATE", certificate("server")),
                    pem("server.key", "PRIVATE KEY", key("server")),
                    Optional.of(pem("ca.pem", "CERTIFICATE", certificate("ca"))))));
  }

  @AfterAll
  static void close() {
    Running.SERVER.close();
  }

  private static KeyStore keys() {
    keytool("ca", "-ext", "bc:c");
    keytool("other", "-ext", "bc:c");
    keytool("server", "-ext", "san=ip:127.0.0.1", "-signer", "ca");
    keytool("gw-1", "-signer", "ca");
    keytool("stranger", "-signer", "other");
    try {
      return KeyStore.getInstance(directory.resolve("store.p12").toFile(), SECRET);
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void keytool(String alias, String... more) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-genkeypair", "-keyalg", "EC", "-groupname", "secp256r1"));
    command.addAll(List.of("-alias", alias, "-dname", "CN=" + alias, "-storepass", "secret"));
    command.addAll(List.of("-keystore", directory.resolve("store.p12").toString()));
    command.addAll(List.of(more));
    try {
      var made = new ProcessBuilder(command).redirectErrorStream(true).start();
      var said = new String(made.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(made.waitFor()).as(said).isZero();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] certificate(String alias) {
    try {
      return Running.KEYS.getCertificate(alias).getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] key(String alias) {
    try {
      return Running.KEYS.getKey(alias, SECRET).getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Path pem(String name, String kind, byte[] der) {
    try {
      return Files.writeString(
          directory.resolve(name),
          "-----BEGIN %s-----\n%s\n-----END %s-----\n"
              .formatted(kind, Base64.getMimeEncoder().encodeToString(der), kind));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Trusts the authority, and shows the certificate of this alias if there is one.
  private static HttpClient client(Optional<String> alias) {
    try {
      var trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry("ca", Running.KEYS.getCertificate("ca"));
      var trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(trusted);
      var context = SSLContext.getInstance("TLS");
      context.init(own(alias), trust.getTrustManagers(), null);
      return HttpClient.newBuilder().sslContext(context).build();
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyManager[] own(Optional<String> alias)
      throws IOException, GeneralSecurityException {
    var own = KeyStore.getInstance("PKCS12");
    own.load(null, null);
    if (alias.isPresent()) {
      var name = alias.get();
      own.setKeyEntry(
          name, Running.KEYS.getKey(name, SECRET), SECRET, Running.KEYS.getCertificateChain(name));
    }
    var keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(own, SECRET);
    return keys.getKeyManagers();
  }

  private static HttpResponse<String> call(
      Optional<String> certificate, String profile, String path, String body) throws Exception {
    var uri = "https://127.0.0.1:%d%s".formatted(Running.SERVER.server(0).port(), path);
    var request =
        HttpRequest.newBuilder(URI.create(uri))
            .header("Authorization", "Bearer " + Running.SERVER.bearer(profile));
    if (!body.isEmpty()) {
      request.POST(HttpRequest.BodyPublishers.ofString(body));
    }
    try (var client = client(certificate)) {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  private static final String LEASE =
      "{\"boot\":\"00000000000000ee\",\"gateway\":\"gw-1\",\"watch\":[]}";

  @Test
  void peopleComeInWithoutACertificate() throws Exception {
    var answer = call(Optional.empty(), "engineer", "/v1/whoami", "");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.sslSession().orElseThrow().getProtocol()).isIn("TLSv1.3", "TLSv1.2");
  }

  @Test
  void aGatewayShowsACertificateOfTheAuthority() throws Exception {
    var known = call(Optional.of("gw-1"), "gw-1", "/gateway/v1/lease", LEASE);
    assertThat(known.body()).contains("certificate_needed"); // the gateway authority's, now
    var bare = call(Optional.empty(), "gw-1", "/gateway/v1/lease", LEASE);
    assertThat(bare.statusCode()).isEqualTo(403);
    assertThat(bare.body()).contains("client certificate");
  }

  @Test
  void aStrangersCertificateIsNoneAtAll() throws Exception {
    try {
      var answer = call(Optional.of("stranger"), "gw-1", "/gateway/v1/lease", LEASE);
      assertThat(answer.statusCode()).isEqualTo(403);
    } catch (IOException refused) {
      assertThat(refused).isInstanceOf(SSLException.class);
    }
  }

  @Test
  void plainHttpIsNotSpoken() {
    var uri = URI.create("http://127.0.0.1:" + Running.SERVER.server(0).port() + "/v1/whoami");
    try (var client = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(uri)
              .header("Authorization", "Bearer " + Running.SERVER.bearer("engineer"))
              .build();
      var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(400);
    } catch (IOException | InterruptedException e) {
      assertThatThrownBy(
              () -> {
                throw e;
              })
          .isInstanceOf(IOException.class);
    }
  }
}
