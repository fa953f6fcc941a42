package org.openlockbox.gateway.alarm;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.Set;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// A customer's own address, which a gateway calls itself: no control plane stands in between. Each
/// call is signed as Standard Webhooks 1.0 says.
///
/// @param secret `whsec_` and the key in base64; read at each call
public record AlarmReceiver(URI url, Supplier<String> secret) {
  private static final String PREFIX = "whsec_";
  private static final Set<String> THIS_MACHINE = Set.of("127.0.0.1", "localhost", "[::1]");

  public AlarmReceiver {
    boolean isSecret = "https".equals(url.getScheme());
    boolean isHere = "http".equals(url.getScheme()) && THIS_MACHINE.contains(host(url));
    if (!(isSecret || isHere) || host(url).isEmpty() || url.getUserInfo() != null) {
      throw new IllegalArgumentException("an alarm receiver has an https address");
    }
  }

  /// Reads an address.
  public static AlarmReceiver of(String url, Supplier<String> secret) {
    try {
      return new AlarmReceiver(new URI(url), secret);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("an alarm receiver has an https address", e);
    }
  }

  private static String host(URI url) {
    return url.getHost() == null ? "" : url.getHost();
  }

  /// The value of the header `webhook-signature`.
  String signature(String id, Instant at, String body) {
    String written = secret.get();
    if (!written.startsWith(PREFIX)) {
      throw new IllegalStateException("an alarm receiver's secret begins with " + PREFIX);
    }
    try {
      byte[] key = Base64.getDecoder().decode(written.substring(PREFIX.length()));
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      String signed = id + "." + at.getEpochSecond() + "." + body;
      return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HMAC is part of every JDK", e);
    }
  }
}
