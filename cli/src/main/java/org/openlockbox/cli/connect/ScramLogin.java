package org.openlockbox.cli.connect;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.signing.ChannelBinding;
import org.openlockbox.core.signing.ScramKeys;

/// Our half of SCRAM-SHA-256-PLUS towards a gateway (RFC 5802, RFC 7677), tied to the TLS
/// connection that it runs in. Without the channel binding, or without the gateway's own proof that
/// it knows the password's verifier, there is no login.
final class ScramLogin {
  static final String MECHANISM = "SCRAM-SHA-256-PLUS";
  private static final String HEADER = "p=tls-server-end-point,,";
  private static final int LONGEST = 1024;
  private static final int MOST_ITERATIONS = 200_000;

  private final String password;
  private final ChannelBinding binding;
  private final String nonce;
  private String proofOfGateway = "";

  ScramLogin(String password, ChannelBinding binding, SecureRandom random) throws IOException {
    if (!binding.available()) {
      throw new IOException("the gateway's certificate cannot be bound to a login");
    }
    this.password = password;
    this.binding = binding;
    byte[] bytes = new byte[18];
    random.nextBytes(bytes);
    this.nonce = base64(bytes);
  }

  String first() {
    return HEADER + bare();
  }

  private String bare() {
    return "n=,r=" + nonce;
  }

  /// Answers the gateway's challenge.
  String last(String challenge) throws IOException {
    Map<Character, String> said = attributes(challenge);
    String both = said.getOrDefault('r', "");
    String count = said.getOrDefault('i', "");
    boolean usable =
        both.startsWith(nonce)
            && both.length() > nonce.length()
            && count.matches("[1-9][0-9]{0,5}")
            && Integer.parseInt(count) <= MOST_ITERATIONS;
    if (!usable) {
      throw new IOException("the gateway's SCRAM challenge is none");
    }
    Bytes salt = Bytes.of(base64(said.getOrDefault('s', "")));
    ScramKeys keys = ScramKeys.of(password, salt, Integer.parseInt(count));
    String signed = "c=" + base64(binding.input(HEADER, true)) + ",r=" + both;
    String all = bare() + "," + challenge + "," + signed;
    proofOfGateway = "v=" + base64(hmac(keys.serverKey(), all));
    byte[] proof = keys.clientKey().toArray();
    byte[] mask = hmac(keys.storedKey(), all);
    for (int i = 0; i < proof.length; i++) {
      proof[i] ^= mask[i];
    }
    return signed + ",p=" + base64(proof);
  }

  /// The gateway's last word has to prove that it knows the verifier.
  void accept(String lastWord) throws IOException {
    byte[] expected = proofOfGateway.getBytes(US_ASCII);
    if (expected.length == 0 || !MessageDigest.isEqual(expected, lastWord.getBytes(US_ASCII))) {
      throw new IOException("the gateway did not prove that it knows the login");
    }
  }

  private static Map<Character, String> attributes(String text) throws IOException {
    Map<Character, String> found = new HashMap<>();
    for (String part : text.split(",", -1)) {
      boolean odd = text.length() > LONGEST || part.length() < 2 || part.charAt(1) != '=';
      if (odd || found.put(part.charAt(0), part.substring(2)) != null) {
        throw new IOException("the gateway's SCRAM challenge is malformed");
      }
    }
    return found;
  }

  private static byte[] hmac(Bytes key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.toArray(), "HmacSHA256"));
      return mac.doFinal(text.getBytes(US_ASCII));
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("every JDK has SCRAM's algorithms", missing);
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static byte[] base64(String text) throws IOException {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException malformed) {
      throw new IOException("the gateway's SCRAM challenge is malformed", malformed);
    }
  }
}
