package org.openlockbox.server.identity.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.RemoteKeySourceException;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jose.util.Resource;
import com.nimbusds.jwt.JWTClaimsSet;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.canonical.Bytes;

/// One issuer, asked: where its sign-in page is, whom a code names, whether it still vouches for
/// somebody. Metadata are read again after [#METADATA]; keys when they are old, and at once when a
/// token is signed by one that is not known.
final class IssuerClient {
  private static final Duration METADATA = Duration.ofMinutes(10);

  private final OidcIssuer issuer;
  private final InstantSource clock;
  private final IssuerHttp line;
  private volatile @Nullable CachedMetadata known;

  private record CachedMetadata(IssuerMetadata metadata, IdTokens tokens, Instant until) {}

  IssuerClient(OidcIssuer issuer, InstantSource clock) {
    this.issuer = issuer;
    this.clock = clock;
    this.line = new IssuerHttp(issuer, clock);
  }

  OidcIssuer issuer() {
    return issuer;
  }

  /// For how long it has answered no question; zero if it answered the last one.
  Duration silence() {
    return line.silence();
  }

  /// What the issuer says of itself; throws if it cannot be asked or says nothing usable.
  IssuerMetadata metadata() throws IOException {
    return known().metadata;
  }

  /// Asks it something that it has to answer, whatever is remembered of it.
  void look() throws IOException {
    line.get(discovery());
  }

  private URI discovery() {
    var base = issuer.url().toString().replaceFirst("/$", "");
    return URI.create(base + "/.well-known/openid-configuration");
  }

  private CachedMetadata known() throws IOException {
    var now = known;
    if (now != null && clock.instant().isBefore(now.until)) {
      return now;
    }
    var reply = line.get(discovery());
    try {
      var metadata = IssuerMetadata.read(issuer, reply);
      var tokens =
          now != null && now.metadata.keys().equals(metadata.keys())
              ? now.tokens
              : new IdTokens(issuer, keys(metadata), clock);
      var next = new CachedMetadata(metadata, tokens, clock.instant().plus(METADATA));
      known = next;
      return next;
    } catch (ParseException e) {
      throw new IOException("the metadata of %s: %s".formatted(issuer, e.getMessage()), e);
    }
  }

  private JWKSource<SecurityContext> keys(IssuerMetadata metadata) throws MalformedURLException {
    return JWKSourceBuilder.<SecurityContext>create(
            metadata.keys().toURL(),
            url -> new Resource(line.get(URI.create(url.toString())), "application/json"))
        .refreshAheadCache(false)
        .retrying(false)
        .build();
  }

  /// Whom this code names: one that answers the sign-in of this nonce, and was asked for by whoever
  /// knows the verifier.
  IssuerAnswer redeem(String code, String verifier, String nonce, URI back) {
    var form = new LinkedHashMap<String, String>();
    form.put("grant_type", "authorization_code");
    form.put("code", code);
    form.put("redirect_uri", back.toString());
    form.put("code_verifier", verifier);
    return ask(form, Optional.empty(), (tokens, token) -> tokens.verified(token, nonce));
  }

  /// Begins a sign-in that a browser elsewhere completes; empty if the issuer offers none.
  Optional<DeviceOffer> offer(String verifier) throws IOException {
    var metadata = metadata();
    if (metadata.device().isEmpty()) {
      return Optional.empty();
    }
    var form = new LinkedHashMap<String, String>();
    form.put("scope", String.join(" ", issuer.client().scopes()));
    form.put("code_challenge", challenge(verifier));
    form.put("code_challenge_method", "S256");
    return switch (line.post(metadata, metadata.device().get(), form)) {
      case IssuerHttp.TokenReply.TokenBody(String body) -> Optional.of(DeviceOffer.read(body));
      case IssuerHttp.TokenReply.TokenRefusal(String why, String error) ->
          throw new IOException("%s %s".formatted(why, error));
    };
  }

  /// Whom the browser elsewhere has named by now.
  DeviceAnswer redeem(String device, String verifier) {
    var form = new LinkedHashMap<String, String>();
    form.put("grant_type", "urn:ietf:params:oauth:grant-type:device_code");
    form.put("device_code", device);
    form.put("code_verifier", verifier);
    try {
      var at = known();
      return switch (line.post(at.metadata, form)) {
        case IssuerHttp.TokenReply.TokenBody(String body) ->
            new DeviceAnswer.Named(read(at.tokens, body, Optional.empty(), IdTokens::verified));
        case IssuerHttp.TokenReply.TokenRefusal(String why, String error) ->
            switch (error) {
              case "authorization_pending" -> new DeviceAnswer.AwaitsBrowser(false);
              case "slow_down" -> new DeviceAnswer.AwaitsBrowser(true);
              default -> new DeviceAnswer.Named(new IssuerAnswer.No(why + " " + error));
            };
      };
    } catch (IOException e) {
      return new DeviceAnswer.Named(new IssuerAnswer.Silence(String.valueOf(e.getMessage())));
    }
  }

  /// Whether it still vouches for who was given this.
  IssuerAnswer again(RefreshToken refresh) {
    var form = new LinkedHashMap<String, String>();
    form.put("grant_type", "refresh_token");
    form.put("refresh_token", refresh.forTheIssuer());
    return ask(form, Optional.of(refresh), IdTokens::verified);
  }

  @FunctionalInterface
  private interface Check {
    JWTClaimsSet of(IdTokens tokens, String token)
        throws ParseException, BadJOSEException, JOSEException;
  }

  private IssuerAnswer ask(Map<String, String> form, Optional<RefreshToken> before, Check check) {
    try {
      var at = known();
      return switch (line.post(at.metadata, form)) {
        case IssuerHttp.TokenReply.TokenBody(String body) -> read(at.tokens, body, before, check);
        case IssuerHttp.TokenReply.TokenRefusal(String why, _) -> new IssuerAnswer.No(why);
      };
    } catch (IOException e) {
      return new IssuerAnswer.Silence(String.valueOf(e.getMessage()));
    }
  }

  /// Without a refresh token nobody could ask again, so an answer without one is a no.
  private IssuerAnswer read(
      IdTokens tokens, String body, Optional<RefreshToken> before, Check check) {
    try {
      var members = JSONObjectUtils.parse(body);
      var idToken = JSONObjectUtils.getString(members, "id_token");
      var refresh =
          Optional.ofNullable(JSONObjectUtils.getString(members, "refresh_token"))
              .map(RefreshToken::new)
              .or(() -> before);
      if (idToken == null || refresh.isEmpty()) {
        return new IssuerAnswer.No("it sent no ID token, or no refresh token");
      }
      return new IssuerAnswer.Yes(Claims.of(issuer, check.of(tokens, idToken)), refresh.get());
    } catch (RemoteKeySourceException | JWKSetUnavailableException e) {
      return new IssuerAnswer.Silence("its keys cannot be read: " + e.getMessage());
    } catch (ParseException e) {
      return new IssuerAnswer.No("what it sent cannot be read");
    } catch (BadJOSEException | JOSEException e) {
      return new IssuerAnswer.No("its ID token does not hold: " + e.getMessage());
    }
  }

  /// The challenge of RFC 7636 for this verifier.
  static String challenge(String verifier) {
    return Bytes.of(Bytes.ofUtf8(verifier).sha256().bytes()).base64Url();
  }
}
