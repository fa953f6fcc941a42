package org.openlockbox.bench.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.openlockbox.server.access.SigningIntent;
import org.openlockbox.server.access.SigningTokens;
import org.openlockbox.server.identity.Secret;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/// Somebody who is signed in at the portal of a site, past the mail, and what their browser sends.
final class PortalVisit implements AutoCloseable {
  private static final String PORTAL = "http://127.0.0.1";
  private static final Pattern TOKEN = Pattern.compile("name=\"token\" value=\"([^\"]+)\"");

  private final LogSite site;
  private final SingleConnectionDataSource database;
  private final SigningTokens tokens;
  private final Secret secret = Secret.random(new SecureRandom());
  private final HttpClient http = HttpClient.newHttpClient();

  private PortalVisit(LogSite site) {
    this.site = site;
    database = site.connection();
    tokens =
        new SigningTokens(
            JdbcClient.create(database), InstantSource.system(), new SecureRandom(), _ -> {});
  }

  static PortalVisit of(LogSite site, String subject) {
    var visit = new PortalVisit(site);
    JdbcClient.create(visit.database)
        .sql(
            """
            insert into visit (secret, person_id, zone, created_at, seen_at)
            select ?, id, 'Europe/Berlin', now(), now() from person where subject = ?
            """)
        .params(visit.secret.hash(), subject)
        .update();
    return visit;
  }

  /// A page with what it is sent: nothing, or a form.
  record PageCall(String path, Map<String, String> form) {
    PageCall {
      form = Map.copyOf(form);
    }

    static PageCall get(String path) {
      return new PageCall(path, Map.of());
    }
  }

  /// A form of the portal, with the token that stands in it.
  PageCall form(String path, Map<String, String> fields) {
    var page = new String(send(PageCall.get(path)).body(), StandardCharsets.UTF_8);
    var token = TOKEN.matcher(page);
    if (!token.find()) {
      throw new IllegalStateException(path + " has no form");
    }
    var form = new HashMap<>(fields);
    form.put("token", token.group(1));
    return new PageCall(path, form);
  }

  /// A form that hands over to a page on which a passkey signs. Its token is good once.
  PageCall signing(String path, SigningIntent intent, Map<String, String> fields) {
    var form = new HashMap<>(fields);
    form.put("handover", tokens.issue(secret, LogSite.tenant(0), intent).forTheBrowser());
    return new PageCall(path, form);
  }

  HttpResponse<byte[]> send(PageCall call) {
    boolean signing = call.path.startsWith("/sign");
    var origin = "http://%s:%d".formatted(signing ? "localhost" : "127.0.0.1", site.port());
    var request = HttpRequest.newBuilder(URI.create(origin + call.path)).header("Origin", PORTAL);
    if (!signing) {
      request.header("Cookie", "lockbox=" + secret.forTheBrowser());
    }
    if (!call.form.isEmpty()) {
      request
          .header("Content-Type", "application/x-www-form-urlencoded")
          .POST(HttpRequest.BodyPublishers.ofString(encoded(call.form)));
    }
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String encoded(Map<String, String> form) {
    return form.entrySet().stream()
        .map(
            field ->
                field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  @Override
  public void close() {
    http.close();
    database.destroy();
  }
}
