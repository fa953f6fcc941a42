package org.openlockbox.portal.signin;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.identity.oidc.OidcIssuer;

/// An OpenID Connect issuer that says what a test wants: every answer of its token endpoint can be
/// another than a good issuer would give. What it gives by itself is good, and it is as strict as
/// one: a code is good once, for its client and for the verifier of its challenge.
final class HostileIssuer implements AutoCloseable {
  static final String CLIENT = "lockbox";
  static final String SECRET = "s e:cret&%";

  private final HttpServer http;
  private final Supplier<Instant> clock;
  private final Map<String, Begun> codes = new ConcurrentHashMap<>();
  private final AtomicInteger numbers = new AtomicInteger();
  final List<String> refused = new ArrayList<>();

  volatile RSAKey key = key("first");
  volatile List<RSAKey> published = List.of(key);

  /// Makes the ID token of an answer; `token` by default.
  volatile Function<Claims, String> tokens = this::token;

  /// The status of the token endpoint, if it is to answer none of its own.
  volatile Optional<Integer> status = Optional.empty();

  volatile boolean givesRefreshTokens = true;
  volatile boolean namesItself = true;
  volatile Map<String, Object> person = Map.of();

  private record Begun(Map<String, String> query, Map<String, Object> person) {}

  /// What an ID token is to say.
  record Claims(Map<String, Object> person, Optional<String> nonce) {}

  HostileIssuer(Supplier<Instant> clock) {
    this.clock = clock;
    try {
      http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    http.createContext("/.well-known/openid-configuration", call -> reply(call, 200, metadata()));
    http.createContext("/keys", call -> reply(call, 200, keys()));
    http.createContext("/token", this::token);
    http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    http.start();
  }

  static RSAKey key(String id) {
    try {
      return new RSAKeyGenerator(2048).keyID(id).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  String url() {
    return "http://127.0.0.1:" + http.getAddress().getPort();
  }

  private static final OidcIssuer.FactClaims FACTS =
      new OidcIssuer.FactClaims(
          Optional.of("ctry"),
          Optional.of("company"),
          Optional.of(new OidcIssuer.AgentClaim("actor", Set.of("bot"))));

  /// This issuer as a server knows it. The provider's says where people work, and who is a bot.
  OidcIssuer issuer(
      String name, Optional<TenantId> tenant, String domain, Map<String, Role> roles) {
    return new OidcIssuer(
        name,
        URI.create(url()),
        tenant,
        new OidcIssuer.RegisteredClient(
            CLIENT, () -> SECRET, List.of("openid", "email"), Map.of("prompt", "login")),
        new OidcIssuer.MailDomains(Set.of(domain), false, false),
        new OidcIssuer.ClaimRules(
            Map.of(),
            roles.isEmpty() ? Optional.empty() : Optional.of(new OidcIssuer.Roles("groups", roles)),
            tenant.isEmpty() ? Optional.of(FACTS) : Optional.empty()),
        Optional.empty());
  }

  private Map<String, Object> metadata() {
    return Map.of(
        "issuer", url(),
        "authorization_endpoint", url() + "/authorize?old=way",
        "token_endpoint", url() + "/token",
        "jwks_uri", url() + "/keys",
        "end_session_endpoint", url() + "/leave",
        "authorization_response_iss_parameter_supported", namesItself);
  }

  private Map<String, Object> keys() {
    return new JWKSet(List.copyOf(published)).toJSONObject(true);
  }

  /// What the issuer's page does when this person signs in there: the parameters with which their
  /// browser is sent back.
  Map<String, String> signIn(URI page, Map<String, Object> who) {
    var query = query(page.getRawQuery());
    var code = "code-" + numbers.incrementAndGet();
    codes.put(code, new Begun(query, who));
    return Map.of("code", code, "state", String.valueOf(query.get("state")), "iss", url());
  }

  static Map<String, String> query(String raw) {
    return Arrays.stream(raw.split("&"))
        .map(pair -> pair.split("=", 2))
        .collect(Collectors.toMap(pair -> pair[0], pair -> decoded(pair[1])));
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private void token(HttpExchange call) throws IOException {
    var form = query(new String(call.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    var basic = String.valueOf(call.getRequestHeaders().getFirst("Authorization"));
    if (status.isPresent()) {
      reply(call, status.get(), Map.of("error", "none"));
    } else if (!isClient(basic)) {
      refuse(call, "invalid_client");
    } else if ("authorization_code".equals(form.get("grant_type"))) {
      var begun = codes.remove(String.valueOf(form.get("code")));
      if (begun == null || !isFor(begun, form)) {
        refuse(call, "invalid_grant");
      } else {
        answer(call, new Claims(begun.person, Optional.ofNullable(begun.query.get("nonce"))));
      }
    } else if (person.isEmpty()) {
      refuse(call, "invalid_grant");
    } else {
      answer(call, new Claims(person, Optional.empty()));
    }
  }

  private static boolean isClient(String basic) {
    var parts = Bytes.ofBase64(basic.replaceFirst("^Basic ", "")).utf8().split(":", 2);
    return parts.length == 2
        && decoded(parts[0]).equals(CLIENT)
        && decoded(parts[1]).equals(SECRET);
  }

  private static boolean isFor(Begun begun, Map<String, String> form) {
    var verifier = Bytes.ofUtf8(String.valueOf(form.get("code_verifier")));
    var challenge = Bytes.of(verifier.sha256().bytes()).base64Url();
    return challenge.equals(begun.query.get("code_challenge"))
        && "S256".equals(begun.query.get("code_challenge_method"))
        && String.valueOf(form.get("redirect_uri")).equals(begun.query.get("redirect_uri"));
  }

  private void refuse(HttpExchange call, String why) throws IOException {
    refused.add(why);
    reply(call, 400, Map.of("error", why));
  }

  private void answer(HttpExchange call, Claims claims) throws IOException {
    var members = new TreeMap<String, Object>();
    members.put("token_type", "Bearer");
    members.put("access_token", "access");
    members.put("id_token", tokens.apply(claims));
    if (givesRefreshTokens) {
      members.put("refresh_token", "refresh-secret-" + numbers.incrementAndGet());
    }
    reply(call, 200, members);
  }

  /// A good ID token.
  String token(Claims claims) {
    return signed(claims(claims).build(), JWSAlgorithm.RS256, key);
  }

  JWTClaimsSet.Builder claims(Claims claims) {
    var now = clock.get();
    var set =
        new JWTClaimsSet.Builder()
            .issuer(url())
            .audience(CLIENT)
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plusSeconds(300)));
    claims.nonce.ifPresent(nonce -> set.claim("nonce", nonce));
    claims.person.forEach(set::claim);
    return set;
  }

  static String signed(JWTClaimsSet claims, JWSAlgorithm algorithm, RSAKey by) {
    try {
      var token =
          new SignedJWT(new JWSHeader.Builder(algorithm).keyID(by.getKeyID()).build(), claims);
      token.sign(new RSASSASigner(by));
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void reply(HttpExchange call, int status, Map<String, ?> members)
      throws IOException {
    var body = JSONObjectUtils.toJSONString(members).getBytes(StandardCharsets.UTF_8);
    call.getResponseHeaders().set("Content-Type", "application/json");
    call.sendResponseHeaders(status, body.length);
    call.getResponseBody().write(body);
    call.close();
  }

  @Override
  public void close() {
    http.stop(0);
  }
}
