package org.openlockbox.server.identity.oidc;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.server.http.HttpCaller;
import org.openlockbox.server.tls.Trust;

/// HTTP to one issuer: a whole answer within [#PATIENCE] and not longer than [#LONGEST]. What it
/// says is in no exception's text.
final class IssuerHttp {
  static final Duration PATIENCE = Duration.ofSeconds(8);
  private static final int LONGEST = 1 << 20;
  private static final int OK = 200;
  private static final int TIMEOUT = 408;
  private static final int TOO_MANY = 429;
  private static final int SERVER_FAULT = 500;

  private final OidcIssuer issuer;
  private final HttpCaller http;

  private final InstantSource clock;
  private final AtomicReference<@Nullable Instant> silentSince = new AtomicReference<>();

  IssuerHttp(OidcIssuer issuer, InstantSource clock) {
    this.issuer = issuer;
    this.clock = clock;
    this.http = HttpCaller.toNamed(Trust.of(issuer.ca()), PATIENCE, LONGEST);
  }

  /// What the token endpoint answered.
  sealed interface TokenReply {
    record TokenBody(String body) implements TokenReply {
      @Override
      public String toString() {
        return "Said";
      }
    }

    /// It says no.
    ///
    /// @param error the word of RFC 6749, 5.2, or RFC 8628, 3.5; empty if there is none
    record TokenRefusal(String why, String error) implements TokenReply {}
  }

  /// For how long no call has been answered; zero if the last one was.
  Duration silence() {
    var since = silentSince.get();
    return since == null ? Duration.ZERO : Duration.between(since, clock.instant());
  }

  private interface IssuerCall<T> {
    T answer() throws IOException;
  }

  private <T> T answered(IssuerCall<T> call) throws IOException {
    try {
      T answer = call.answer();
      silentSince.set(null);
      return answer;
    } catch (IOException e) {
      silentSince.compareAndSet(null, clock.instant());
      throw e;
    }
  }

  String get(URI url) throws IOException {
    return answered(() -> got(url));
  }

  private String got(URI url) throws IOException {
    var answer = http.send(new HttpGet(url));
    if (answer.status() != OK) {
      throw new IOException("%s answered %d".formatted(url, answer.status()));
    }
    return answer.body();
  }

  /// Posts a form to the token endpoint as this client; throws for what is no answer to it.
  TokenReply post(IssuerMetadata metadata, Map<String, String> form) throws IOException {
    return post(metadata, metadata.token(), form);
  }

  /// The same to another endpoint that knows clients.
  TokenReply post(IssuerMetadata metadata, URI endpoint, Map<String, String> form)
      throws IOException {
    return answered(() -> posted(metadata, endpoint, form));
  }

  private TokenReply posted(IssuerMetadata metadata, URI endpoint, Map<String, String> form)
      throws IOException {
    var fields = new LinkedHashMap<>(form);
    var call = new HttpPost(endpoint);
    if (metadata.wantsSecretInBody()) {
      fields.put("client_id", issuer.client().id());
      fields.put("client_secret", issuer.client().secret().get());
    } else {
      call.setHeader("Authorization", basic());
    }
    call.setHeader("Accept", "application/json");
    call.setEntity(new StringEntity(encoded(fields), ContentType.APPLICATION_FORM_URLENCODED));
    var answer = http.send(call);
    int status = answer.status();
    if (status == OK) {
      return new TokenReply.TokenBody(answer.body());
    }
    if (status == TIMEOUT || status == TOO_MANY || status >= SERVER_FAULT) {
      throw new IOException("%s answered %d".formatted(endpoint, status));
    }
    return new TokenReply.TokenRefusal(
        "%s answered %d".formatted(endpoint.getPath(), status), error(answer.body()));
  }

  private static String error(String body) {
    try {
      return Objects.requireNonNullElse(
          JSONObjectUtils.getString(JSONObjectUtils.parse(body), "error"), "");
    } catch (ParseException e) {
      return "";
    }
  }

  /// RFC 6749, 2.3.1: both parts are encoded before they are joined.
  private String basic() {
    var both = encoded(issuer.client().id()) + ":" + encoded(issuer.client().secret().get());
    return "Basic " + Bytes.ofUtf8(both).base64();
  }

  static String encoded(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
