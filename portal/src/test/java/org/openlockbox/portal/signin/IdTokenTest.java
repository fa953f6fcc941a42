package org.openlockbox.portal.signin;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.util.Date;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.openlockbox.portal.signin.HostileIssuer.Claims;

/// ID tokens that do not hold: each differs in one thing from one that signs somebody in.
final class IdTokenTest {
  private static final IssuerFixture ISSUERS = new IssuerFixture();

  @AfterAll
  static void close() {
    ISSUERS.close();
  }

  @BeforeEach
  void restore() {
    ISSUERS.restore();
  }

  static Stream<Arguments> lies() throws JOSEException {
    return Stream.concat(forged(), misdirected());
  }

  /// Not signed by the issuer.
  private static Stream<Arguments> forged() throws JOSEException {
    var acme = ISSUERS.acmeIssuer;
    var publicKey = acme.key.toRSAPublicKey().getEncoded();
    var other = HostileIssuer.key("first");
    var unknown = HostileIssuer.key("unknown");
    return Stream.of(
        lie("alg none", c -> new PlainJWT(acme.claims(c).build()).serialize()),
        lie("HS256 with the public key", c -> hs256(c, publicKey)),
        lie("HS256 with a secret", c -> hs256(c, new byte[32])),
        lie("another key by the same name", c -> signed(acme.claims(c), other)),
        lie("an unknown key", c -> signed(acme.claims(c), unknown)),
        lie("no token", _ -> "nonsense"));
  }

  /// Signed by the issuer, and not for this sign-in now.
  private static Stream<Arguments> misdirected() {
    var before = Date.from(ISSUERS.now().minusSeconds(90));
    var soon = Date.from(ISSUERS.now().plusSeconds(90));
    return Stream.of(
        with("expired", c -> c.expirationTime(before)),
        with("no expiry", c -> c.expirationTime(null)),
        with("from the future", c -> c.issueTime(soon)),
        with("another audience", c -> c.audience("other")),
        with("several audiences, no azp", c -> c.audience(List.of("x", HostileIssuer.CLIENT))),
        with("issued to another client", c -> c.claim("azp", "other")),
        with("another issuer", c -> c.issuer("https://other.example")),
        with("the other tenant's issuer", c -> c.issuer(ISSUERS.globexIssuer.url())),
        with("another nonce", c -> c.claim("nonce", "other")),
        with("no nonce", c -> c.claim("nonce", null)),
        with("no subject", c -> c.subject(null)));
  }

  private static Arguments with(String name, UnaryOperator<JWTClaimsSet.Builder> change) {
    var acme = ISSUERS.acmeIssuer;
    return lie(name, c -> signed(change.apply(acme.claims(c)), acme.key));
  }

  private static Arguments lie(String name, Function<Claims, String> token) {
    return Arguments.of(name, token);
  }

  private static String signed(JWTClaimsSet.Builder claims, RSAKey by) {
    return HostileIssuer.signed(claims.build(), JWSAlgorithm.RS256, by);
  }

  private static String hs256(Claims claims, byte[] secret) {
    try {
      var token =
          new SignedJWT(
              new JWSHeader(JWSAlgorithm.HS256), ISSUERS.acmeIssuer.claims(claims).build());
      token.sign(new MACSigner(secret));
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("lies")
  void aTokenThatDoesNotHoldSignsNobodyIn(String name, Function<Claims, String> token) {
    ISSUERS.acmeIssuer.tokens = token;
    var browser = ISSUERS.browser();
    var page = ISSUERS.signIn(browser, ISSUERS.somebody("lockbox-approvers"));
    assertThat(page.status()).as(name).isEqualTo(403);
    assertThat(ISSUERS.isIn(browser)).isFalse();
  }

  @Test
  void theTokenThatTheyDifferFromSignsIn() {
    ISSUERS.signedIn(ISSUERS.somebody("lockbox-approvers"));
  }
}
