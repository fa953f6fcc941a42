package org.openlockbox.core.scram;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The arithmetic and the attribute syntax of SCRAM-SHA-256 (RFC 5802, RFC 7677), for both halves
/// of an exchange.
public final class ScramMessages {
  public static final String PLAIN = "SCRAM-SHA-256";
  public static final String PLUS = "SCRAM-SHA-256-PLUS";

  private ScramMessages() {}

  public static byte[] hmac(byte[] key, String text) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(UTF_8));
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("every JDK has SCRAM's algorithms", missing);
    }
  }

  public static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("every JDK has SCRAM's algorithms", missing);
    }
  }

  public static byte[] xor(byte[] left, byte[] right) {
    if (left.length != right.length) {
      throw new MalformedScram("a SCRAM proof has the wrong length");
    }
    byte[] result = new byte[left.length];
    for (int i = 0; i < left.length; i++) {
      result[i] = (byte) (left[i] ^ right[i]);
    }
    return result;
  }

  public static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  public static byte[] base64(String text) {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new MalformedScram("a SCRAM attribute is not base64");
    }
  }

  /// `a=1,b=2` as a map. An attribute without a value, or given twice, is refused.
  public static Map<Character, String> attributes(String text) {
    Map<Character, String> found = new HashMap<>();
    for (String part : text.split(",", -1)) {
      if (part.length() < 2 || part.charAt(1) != '=') {
        throw new MalformedScram("a SCRAM message is malformed");
      }
      if (found.put(part.charAt(0), part.substring(2)) != null) {
        throw new MalformedScram("a SCRAM attribute is given twice");
      }
    }
    return found;
  }

  public static String required(Map<Character, String> attributes, char name) {
    String value = attributes.get(name);
    if (value == null || value.isEmpty()) {
      throw new MalformedScram("a SCRAM message lacks " + name + "=");
    }
    return value;
  }
}
