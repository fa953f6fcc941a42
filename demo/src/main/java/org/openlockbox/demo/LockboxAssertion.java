package org.openlockbox.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Checks the assertion that an OpenLockbox gateway sends with each request (docs/assertion.md).
/// Needs a JDK alone. Copy this file into your service, and refuse with 401 what it refuses.
public final class LockboxAssertion {
  /// Who asks, for which customer, and which entry of the customer's log says so.
  public record AssertedEngineer(
      String engineer, String tenant, String level, String request, String session, long number) {}

  private static final Pattern HEADER =
      Pattern.compile("\\{\"alg\":\"ES256\",\"kid\":\"([\\w-]{43})\",\"typ\":\"lockbox\\+jwt\"}");
  private static final Pattern KEY =
      Pattern.compile("\"kid\":\"([\\w-]+)\"[^}]*\"x\":\"([\\w-]{43})\",\"y\":\"([\\w-]{43})\"");

  private final Supplier<String> jwks;
  private final String audience;
  private final InstantSource clock;
  private Map<String, PublicKey> keys = Map.of();
  private Instant fetched = Instant.EPOCH;

  /// @param jwks fetches `/.well-known/jwks.json` of the gateway over TLS
  public LockboxAssertion(Supplier<String> jwks, String audience, InstantSource clock) {
    this.jwks = jwks;
    this.audience = audience;
    this.clock = clock;
  }

  /// Who calls, as the gateway says.
  ///
  /// @param path as it stands in the request line, still encoded, without the query
  /// @return empty if this is no assertion for this very request
  public Optional<AssertedEngineer> verify(String assertion, String method, String path) {
    try {
      String[] parts = assertion.split("\\.", -1);
      Matcher header = HEADER.matcher(parts.length == 3 ? text(parts[0]) : "");
      if (!header.matches()) {
        return Optional.empty();
      }
      var check = Signature.getInstance("SHA256withECDSAinP1363Format");
      check.initVerify(key(header.group(1)));
      check.update((parts[0] + "." + parts[1]).getBytes(UTF_8));
      if (!check.verify(Base64.getUrlDecoder().decode(parts[2]))) {
        return Optional.empty();
      }
      String claims = text(parts[1]);
      long now = clock.instant().getEpochSecond();
      boolean good =
          claim(claims, "aud").equals(audience)
              && claim(claims, "htm").equals(method)
              && claim(claims, "htu").equals(path)
              && Long.parseLong(claim(claims, "nbf")) <= now + 5
              && Long.parseLong(claim(claims, "exp")) > now - 5;
      return good ? Optional.of(caller(claims)) : Optional.empty();
    } catch (GeneralSecurityException | RuntimeException e) {
      return Optional.empty();
    }
  }

  private static AssertedEngineer caller(String claims) {
    return new AssertedEngineer(
        claim(claims, "sub"),
        claim(claims, "tenant"),
        claim(claims, "level"),
        claim(claims, "request"),
        claim(claims, "session"),
        Long.parseLong(claim(claims, "n")));
  }

  /// The gateway writes canonical JSON, and no claim holds a quotation mark or a backslash.
  private static String claim(String claims, String name) {
    Matcher found =
        Pattern.compile("\"" + name + "\":(?:\"([^\"\\\\]*)\"|(\\d+)[,}])").matcher(claims);
    if (!found.find()) {
      return "";
    }
    return found.group(1) != null ? found.group(1) : found.group(2);
  }

  private static String text(String part) {
    return new String(Base64.getUrlDecoder().decode(part), UTF_8);
  }

  private synchronized PublicKey key(String id) throws GeneralSecurityException {
    Duration age = Duration.between(fetched, clock.instant());
    if (age.toMinutes() >= 5 || (!keys.containsKey(id) && age.toSeconds() >= 10)) {
      keys = read(jwks.get());
      fetched = clock.instant();
    }
    return Optional.ofNullable(keys.get(id)).orElseThrow(() -> new InvalidKeyException(id));
  }

  private static Map<String, PublicKey> read(String jwks) throws GeneralSecurityException {
    var curve = AlgorithmParameters.getInstance("EC");
    curve.init(new ECGenParameterSpec("secp256r1"));
    var p256 = curve.getParameterSpec(ECParameterSpec.class);
    Map<String, PublicKey> read = new HashMap<>();
    for (Matcher each = KEY.matcher(jwks); each.find(); ) {
      var point = new ECPoint(coordinate(each.group(2)), coordinate(each.group(3)));
      var key = KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point, p256));
      read.put(each.group(1), key);
    }
    return read;
  }

  private static BigInteger coordinate(String base64) {
    return new BigInteger(1, Base64.getUrlDecoder().decode(base64));
  }
}
