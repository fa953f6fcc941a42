package org.openlockbox.postgres.login;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.openlockbox.postgres.wire.WireViolation;

/// The arithmetic and the attribute syntax of SCRAM-SHA-256 (RFC 5802, RFC 7677).
final class Scram {
  static final String PLAIN = "SCRAM-SHA-256";
  static final String PLUS = "SCRAM-SHA-256-PLUS";

  private Scram() {}

  static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HMAC is part of every JDK", e);
    }
  }

  static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("SHA-256 is part of every JDK", e);
    }
  }

  static byte[] xor(byte[] left, byte[] right) {
    if (left.length != right.length) {
      throw new WireViolation("a SCRAM proof has the wrong length");
    }
    byte[] result = new byte[left.length];
    for (int i = 0; i < left.length; i++) {
      result[i] = (byte) (left[i] ^ right[i]);
    }
    return result;
  }

  static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  static byte[] base64(String text) {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new WireViolation("a SCRAM attribute is not base64");
    }
  }

  /// `a=1,b=2` as a map; an attribute without value or given twice is a violation.
  static Map<Character, String> attributes(String text) {
    Map<Character, String> found = new HashMap<>();
    for (String part : text.split(",", -1)) {
      if (part.length() < 2 || part.charAt(1) != '=') {
        throw new WireViolation("a SCRAM message is malformed");
      }
      if (found.put(part.charAt(0), part.substring(2)) != null) {
        throw new WireViolation("a SCRAM attribute is given twice");
      }
    }
    return found;
  }

  static String required(Map<Character, String> attributes, char name) {
    String value = attributes.get(name);
    if (value == null || value.isEmpty()) {
      throw new WireViolation("a SCRAM message lacks " + name + "=");
    }
    return value;
  }
}
