package org.openlockbox.portal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.openlockbox.server.TestServer;

/// A browser without a screen: it keeps the portal's cookie, sends what browsers send with a form,
/// and fills in the hidden fields of the page it is on. Redirects are looked at, not followed.
public final class TestBrowser {
  public static final String PORTAL = "http://127.0.0.1";
  public static final String APPROVE = "https://approve.acme.example";
  private static final Pattern CODE = Pattern.compile("(\\d{4}) (\\d{4})");
  private static final String DONE = "lockbox-done=";

  private final TestServer server;
  private final HttpClient http = HttpClient.newHttpClient();
  private Optional<String> language = Optional.empty();
  private String cookie = "";
  private String done = "";

  public TestBrowser(TestServer server) {
    this.server = server;
  }

  /// A page as it came.
  public record Page(HttpResponse<String> response) {
    public int status() {
      return response.statusCode();
    }

    public String text() {
      return response.body();
    }

    /// The same without what only tells words of a text apart: as a reader's eye puts it together.
    public String read() {
      return response.body().replaceAll("</?(?:span|mark)[^>]*>", "");
    }

    public String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    /// The value of the first field with this name.
    public String field(String name) {
      var field =
          Pattern.compile("name=\"" + name + "\" value=\"([^\"]*)\"").matcher(response.body());
      assertThat(field.find()).as(name + " in " + response.body()).isTrue();
      return field.group(1);
    }

    public boolean has(String name) {
      return response.body().contains("name=\"" + name + "\"");
    }

    @Override
    public String toString() {
      return status() + " " + response.headers().map() + "\n" + response.body();
    }
  }

  public String cookie() {
    return cookie;
  }

  public void setCookie(String value) {
    cookie = value;
  }

  public Page get(String path) {
    return call("GET", path, "", Map.of());
  }

  /// Asks for pages in this language from now on.
  public TestBrowser reads(String tag) {
    language = Optional.of(tag);
    return this;
  }

  /// Posts a form from the portal's own page, with its token.
  public Page post(String path, Map<String, String> fields) {
    var page = get("/sign-in?next=/inbox");
    var token = page.status() == 200 ? page.field("token") : get("/inbox").field("token");
    var all = new LinkedHashMap<>(fields);
    all.put("token", token);
    return send(path, all, Map.of("Origin", PORTAL, "Sec-Fetch-Site", "same-origin"));
  }

  /// Posts these bytes as a form from the portal's own page, with its token.
  public Page postRaw(String path, String fields) {
    var page = get("/sign-in?next=/inbox");
    var token = page.status() == 200 ? page.field("token") : get("/inbox").field("token");
    return call(
        "POST",
        path,
        fields + "&token=" + token,
        Map.of(
            "Origin",
            PORTAL,
            "Sec-Fetch-Site",
            "same-origin",
            "Content-Type",
            "application/x-www-form-urlencoded"));
  }

  /// Posts a form with exactly these fields and headers.
  public Page send(String path, Map<String, String> fields, Map<String, String> headers) {
    var all = new TreeMap<>(headers);
    all.put("Content-Type", "application/x-www-form-urlencoded");
    return call("POST", path, form(fields), all);
  }

  /// Posts to the approve origin as the portal's page does.
  public Page handOver(Map<String, String> fields) {
    return approve("/sign", fields, PORTAL);
  }

  public Page approve(String path, Map<String, String> fields, String origin) {
    return approve(path, form(fields), origin);
  }

  /// The same with a form as it is sent, in which a field may stand several times.
  public Page approve(String path, String fields, String origin) {
    var kept = cookie;
    var confirmed = done;
    cookie = "";
    done = "";
    var headers =
        Map.of(
            "Host",
            "approve.acme.example",
            "Origin",
            origin,
            "Content-Type",
            "application/x-www-form-urlencoded");
    var page = call("POST", path, fields, headers);
    cookie = kept;
    done = confirmed;
    return page;
  }

  private static String form(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(
            field ->
                field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  /// A file as it came.
  public byte[] bytes(String path) {
    return send(request("GET", path, "", Map.of()), HttpResponse.BodyHandlers.ofByteArray()).body();
  }

  /// An answer that goes on, from the server of this index.
  public HttpResponse<InputStream> stream(int at, String path, Map<String, String> headers) {
    return send(request(at, "GET", path, "", headers), HttpResponse.BodyHandlers.ofInputStream());
  }

  public Page call(String method, String path, String body, Map<String, String> headers) {
    var page =
        new Page(send(request(method, path, body, headers), HttpResponse.BodyHandlers.ofString()));
    page.response().headers().allValues("Set-Cookie").stream()
        .filter(set -> set.startsWith("lockbox="))
        .forEach(set -> cookie = set.substring("lockbox=".length(), set.indexOf(';')));
    page.response().headers().allValues("Set-Cookie").stream()
        .filter(set -> set.startsWith(DONE))
        .forEach(set -> done = set.substring(DONE.length(), set.indexOf(';')));
    return page;
  }

  private HttpRequest request(
      String method, String path, String body, Map<String, String> headers) {
    return request(0, method, path, body, headers);
  }

  private HttpRequest request(
      int at, String method, String path, String body, Map<String, String> headers) {
    var request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:%d%s".formatted(server.server(at).port(), path)))
            .timeout(Duration.ofSeconds(30))
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    headers.forEach(request::header);
    language.ifPresent(tag -> request.header("Accept-Language", tag));
    if (!cookie.isEmpty()) {
      request.header("Cookie", "lockbox=" + cookie);
    }
    if (!done.isEmpty()) {
      request.header("Cookie", DONE + done);
    }
    return request.build();
  }

  private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> body) {
    try {
      return http.send(request, body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Asks for a code for this address and answers the one that is on its way.
  public String askForCode(String address) {
    assertThat(post("/sign-in", Map.of("address", address)).status()).isEqualTo(200);
    return newestCode(address);
  }

  public String newestCode(String address) {
    var text =
        server
            .rows(
                "select text_part from outbox where recipient = '%s' and kind = 'signIn' order by id desc limit 1"
                    .formatted(address))
            .getFirst();
    var code = CODE.matcher(text);
    assertThat(code.find()).as(text).isTrue();
    return code.group(1) + code.group(2);
  }

  /// Signs in.
  public TestBrowser as(String address) {
    var page = post("/sign-in/code", Map.of("code", askForCode(address), "zone", "Europe/Berlin"));
    assertThat(page.status()).as(page.toString()).isEqualTo(303);
    return this;
  }
}
