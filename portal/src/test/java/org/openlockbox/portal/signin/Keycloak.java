package org.openlockbox.portal.signin;

import static java.net.http.HttpResponse.BodyHandlers.ofString;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieHandler;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.openlockbox.server.Pause;

/// A real Keycloak of its own process, as the build unpacked it, with the realms of
/// `src/test/resources/keycloak`. It knows nothing of an earlier run.
final class Keycloak implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(6);
  private static final String ADMIN = "admin";
  private static final Pattern FORM =
      Pattern.compile("id=\"kc-form-login\"[^>]* action=\"([^\"]+)");
  private static final Pattern CONSENT =
      Pattern.compile("<form[^>]* action=\"([^\"]*consent[^\"]*)\"");
  private static final Pattern CODE = Pattern.compile("name=\"code\" value=\"([^\"]*)\"");
  private static final Pattern ID = Pattern.compile("\"id\":\"([0-9a-f-]{36})\"");

  private final HttpClient http = HttpClient.newHttpClient();
  private final Path home;
  private final int port;
  private final Process process;

  Keycloak() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var unpacked = Files.list(Path.of("target", "keycloak"))) {
      port = socket.getLocalPort();
      var found = unpacked.filter(d -> Files.exists(d.resolve("bin/kc.sh"))).findFirst();
      assertThat(found).as("what the build unpacked").isPresent();
      home = found.orElseThrow();
      realms(home.resolve("data"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    process = start();
    awaitReady();
  }

  private static void realms(Path data) throws IOException {
    if (Files.exists(data)) {
      try (var old = Files.walk(data)) {
        old.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
      }
    }
    Files.createDirectories(data.resolve("import"));
    try (var realms = Files.list(Path.of("src", "test", "resources", "keycloak"))) {
      for (var realm : realms.toList()) {
        Files.copy(realm, data.resolve("import").resolve(realm.getFileName()));
      }
    }
  }

  private Process start() {
    var builder =
        new ProcessBuilder(
            "sh",
            "bin/kc.sh",
            "start-dev",
            "--db=dev-mem",
            "--import-realm",
            "--http-host=127.0.0.1",
            "--http-port=" + port);
    builder
        .environment()
        .putAll(
            Map.of(
                "JAVA_HOME",
                System.getProperty("java.home"),
                "JAVA_OPTS_KC_HEAP",
                "-Xms64m -Xmx400m",
                "JAVA_OPTS_APPEND",
                "-XX:TieredStopAtLevel=1",
                "KC_BOOTSTRAP_ADMIN_USERNAME",
                ADMIN,
                "KC_BOOTSTRAP_ADMIN_PASSWORD",
                ADMIN));
    try {
      return builder
          .directory(home.toFile())
          .redirectErrorStream(true)
          .redirectOutput(home.resolve("log").toFile())
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitReady() {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (!answers()) {
      if (System.nanoTime() > until || !process.isAlive()) {
        close();
        fail("Keycloak does not answer: " + log());
      }
      Pause.shortly();
    }
    // The first token takes a cold Keycloak longer than the server would wait.
    adminToken();
  }

  private boolean answers() {
    try {
      var metadata = URI.create(url("vendor") + "/.well-known/openid-configuration");
      var request = HttpRequest.newBuilder(metadata).timeout(Duration.ofSeconds(10)).build();
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private String log() {
    try {
      return Files.readString(home.resolve("log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What this realm names itself.
  String url(String realm) {
    return "http://127.0.0.1:%d/realms/%s".formatted(port, realm);
  }

  /// Opens the sign-in page in a fresh browser, and types name and password; where the browser is
  /// sent to then.
  URI signIn(URI page, String user) {
    var opened = send(HttpRequest.newBuilder(page), Map.of());
    assertThat(opened.statusCode()).as(opened.body()).isEqualTo(200);
    var form = FORM.matcher(opened.body());
    assertThat(form.find()).as(opened.body()).isTrue();
    var action = URI.create(form.group(1).replace("&amp;", "&"));
    var sent =
        send(
            form(action, Map.of("username", user, "password", user + "-password")),
            cookies(opened));
    assertThat(sent.statusCode()).as(sent.body()).isEqualTo(302);
    return URI.create(sent.headers().firstValue("Location").orElseThrow());
  }

  /// Opens the page of a device sign-in in a fresh browser, types name and password, and says yes.
  void grants(URI page, String user) {
    try (var browser =
        HttpClient.newBuilder()
            .cookieHandler(new AllCookies())
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build()) {
      var opened = browser.send(HttpRequest.newBuilder(page).build(), ofString());
      var login = FORM.matcher(opened.body());
      assertThat(login.find()).as(opened.body()).isTrue();
      var typed = Map.of("username", user, "password", user + "-password");
      var asked = browser.send(form(action(opened, login.group(1)), typed).build(), ofString());
      var consent = CONSENT.matcher(asked.body());
      var code = CODE.matcher(asked.body());
      assertThat(consent.find() && code.find()).as(asked.body()).isTrue();
      var yes = Map.of("code", code.group(1), "accept", "Yes");
      var done = browser.send(form(action(asked, consent.group(1)), yes).build(), ofString());
      assertThat(done.statusCode()).as(done.body()).isEqualTo(200);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Sends back each cookie, also one that a browser takes over plain HTTP from this machine alone.
  private static final class AllCookies extends CookieHandler {
    private final Map<String, String> kept = new LinkedHashMap<>();

    @Override
    public Map<String, List<String>> get(URI to, Map<String, List<String>> headers) {
      var all = kept.entrySet().stream().map(one -> one.getKey() + "=" + one.getValue());
      return Map.of("Cookie", List.of(all.collect(Collectors.joining("; "))));
    }

    @Override
    public void put(URI from, Map<String, List<String>> headers) {
      headers.forEach(
          (name, values) -> {
            if ("set-cookie".equalsIgnoreCase(name)) {
              values.forEach(this::keep);
            }
          });
    }

    private void keep(String set) {
      var pair = set.split(";", 2)[0].split("=", 2);
      if (set.contains("Max-Age=0")) {
        kept.remove(pair[0]);
      } else {
        kept.put(pair[0], pair[1]);
      }
    }
  }

  private static URI action(HttpResponse<String> page, String action) {
    return page.uri().resolve(action.replace("&amp;", "&"));
  }

  private static Map<String, String> cookies(HttpResponse<String> from) {
    var cookies = new LinkedHashMap<String, String>();
    for (var set : from.headers().allValues("Set-Cookie")) {
      var pair = set.split(";", 2)[0].split("=", 2);
      cookies.put(pair[0], pair[1]);
    }
    return cookies;
  }

  /// An administrator disables this account.
  void disable(String realm, String user) {
    admin(realm, "PUT", "/users/" + id(realm, "/users?exact=true&username=" + user), disabled());
  }

  private static String disabled() {
    return "{\"enabled\":false}";
  }

  /// An administrator takes this user out of the group.
  void leave(String realm, String user, String group) {
    admin(
        realm,
        "DELETE",
        "/users/%s/groups/%s"
            .formatted(
                id(realm, "/users?exact=true&username=" + user),
                id(realm, "/groups?exact=true&search=" + group)),
        "");
  }

  /// All sessions of this user end.
  void signOut(String realm, String user) {
    var id = id(realm, "/users?exact=true&username=" + user);
    admin(realm, "POST", "/users/" + id + "/logout", "");
  }

  private String id(String realm, String query) {
    var found = ID.matcher(admin(realm, "GET", query, ""));
    assertThat(found.find()).as(query).isTrue();
    return found.group(1);
  }

  private String admin(String realm, String method, String path, String body) {
    var there = "http://127.0.0.1:%d/admin/realms/%s%s".formatted(port, realm, path);
    var answer =
        send(
            HttpRequest.newBuilder(URI.create(there))
                .header("Authorization", "Bearer " + adminToken())
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body)),
            Map.of());
    assertThat(answer.statusCode()).as(method + " " + path + answer.body()).isBetween(200, 204);
    return answer.body();
  }

  private String adminToken() {
    var fields =
        Map.of(
            "grant_type",
            "password",
            "client_id",
            "admin-cli",
            "username",
            ADMIN,
            "password",
            ADMIN);
    var at = URI.create(url("master") + "/protocol/openid-connect/token");
    var answer = send(form(at, fields), Map.of());
    try {
      return String.valueOf(JSONObjectUtils.parse(answer.body()).get("access_token"));
    } catch (ParseException e) {
      throw new IllegalStateException(answer.body(), e);
    }
  }

  private static HttpRequest.Builder form(URI action, Map<String, String> fields) {
    var body =
        fields.entrySet().stream()
            .map(one -> one.getKey() + "=" + encoded(one.getValue()))
            .collect(Collectors.joining("&"));
    return HttpRequest.newBuilder(action)
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(BodyPublishers.ofString(body));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private HttpResponse<String> send(HttpRequest.Builder request, Map<String, String> cookies) {
    if (!cookies.isEmpty()) {
      request.header(
          "Cookie",
          cookies.entrySet().stream()
              .map(one -> one.getKey() + "=" + one.getValue())
              .collect(Collectors.joining("; ")));
    }
    try {
      return http.send(
          request.timeout(Duration.ofSeconds(60)).build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Ends it: the script and the Java that it started.
  @Override
  public void close() {
    var started = process.descendants().toList();
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } finally {
      started.forEach(ProcessHandle::destroyForcibly);
      http.close();
    }
  }
}
