package org.openlockbox.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Acme's approver, signed in at the demo's portal with the code from the mail: sends what a
/// browser sends when the button of a page that is open is pressed.
final class Approver {
  private static final String ADDRESS = "ann@acme.example";
  private static final Pattern TOKEN = Pattern.compile("name=\"token\" value=\"([^\"]+)\"");
  private static final Pattern CODE = Pattern.compile("Code +(\\d+ \\d+)");
  private static final int MAIL_SECONDS = 30;

  private final HttpClient http =
      HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
  private final String portal;
  private final Path mail;
  private String token = "";

  private Approver(String portal, Path mail) {
    this.portal = portal;
    this.mail = mail;
  }

  static Approver signedIn(Path state) throws InterruptedException {
    var ports = new Properties();
    try (var lines = Files.newBufferedReader(state.resolve("ports.properties"))) {
      ports.load(lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var approver =
        new Approver("http://localhost:" + ports.getProperty("server"), state.resolve("mail"));
    approver.signIn();
    return approver;
  }

  private void signIn() throws InterruptedException {
    token = found(TOKEN, send("GET", "/sign-in?next=/inbox", "").body());
    List<Path> before = letters();
    post("/sign-in", Map.of("address", ADDRESS, "next", "/inbox", "zone", "UTC"));
    post("/sign-in/code", Map.of("code", code(before), "zone", "UTC"));
    token = found(TOKEN, send("GET", "/inbox", "").body());
  }

  /// Presses *Stop this access*; answers when that was.
  ///
  /// @return milliseconds of the machine's clock
  long stop(String request) {
    long pressed = System.currentTimeMillis();
    post("/requests/" + request + "/stop", Map.of());
    return pressed;
  }

  private String code(List<Path> before) throws InterruptedException {
    for (int tries = 0; tries < MAIL_SECONDS * 10; tries++) {
      for (Path letter : letters()) {
        Matcher code = CODE.matcher(before.contains(letter) ? "" : read(letter));
        if (code.find()) {
          return code.group(1);
        }
      }
      Thread.sleep(100);
    }
    throw new IllegalStateException("no code for " + ADDRESS + " came to " + mail);
  }

  private List<Path> letters() {
    try (var files = Files.list(mail)) {
      return files.filter(file -> file.toString().endsWith("-to-" + ADDRESS + ".eml")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path letter) {
    try {
      return Files.readString(letter);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void post(String path, Map<String, String> fields) {
    var all = new TreeMap<>(fields);
    all.put("token", token);
    String form =
        all.entrySet().stream()
            .map(f -> f.getKey() + "=" + URLEncoder.encode(f.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    HttpResponse<String> answer = send("POST", path, form);
    if (answer.statusCode() >= 400) {
      throw new IllegalStateException("the portal answered " + path + " " + answer.statusCode());
    }
  }

  private HttpResponse<String> send(String method, String path, String form) {
    var request =
        HttpRequest.newBuilder(URI.create(portal + path))
            .header("Origin", portal)
            .header("Sec-Fetch-Site", "same-origin")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .method(method, HttpRequest.BodyPublishers.ofString(form))
            .build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String found(Pattern what, String page) {
    Matcher found = what.matcher(page);
    if (!found.find()) {
      throw new IllegalStateException("the portal's page has no " + what);
    }
    return found.group(1);
  }
}
