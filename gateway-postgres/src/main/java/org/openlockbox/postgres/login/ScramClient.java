package org.openlockbox.postgres.login;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Map;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.signing.ChannelBinding;
import org.openlockbox.core.signing.ScramKeys;
import org.openlockbox.postgres.wire.WireViolation;

/// The client's half of SCRAM-SHA-256(-PLUS), towards the protected database. Bounded in what it
/// accepts (nonce, salt, iterations), and never satisfied without the server's own proof.
final class ScramClient {
  private static final int MAX_ITERATIONS = 200_000;
  private static final int MAX_TEXT = 1024;

  private final String password;
  private final ChannelBinding binding;
  private final boolean plus;
  private final String nonce;
  private String expectedServerProof = "";

  ScramClient(String password, ChannelBinding binding, boolean plus, SecureRandom random) {
    this.password = password;
    this.binding = binding;
    this.plus = plus;
    byte[] bytes = new byte[18];
    random.nextBytes(bytes);
    this.nonce = Scram.base64(bytes);
  }

  String mechanism() {
    return plus ? Scram.PLUS : Scram.PLAIN;
  }

  private String header() {
    return plus ? "p=tls-server-end-point,," : binding.available() ? "y,," : "n,,";
  }

  String first() {
    return header() + bare();
  }

  private String bare() {
    return "n=,r=" + nonce;
  }

  /// Answers server-first with client-final.
  String last(String serverFirst) {
    if (serverFirst.length() > MAX_TEXT) {
      throw new WireViolation("the database's SCRAM message is too long");
    }
    Map<Character, String> attributes = Scram.attributes(serverFirst);
    String combined = Scram.required(attributes, 'r');
    if (!combined.startsWith(nonce) || combined.length() == nonce.length()) {
      throw new WireViolation("the database's SCRAM nonce does not extend ours");
    }
    byte[] salt = Scram.base64(Scram.required(attributes, 's'));
    ScramKeys keys = ScramKeys.of(password, Bytes.of(salt), iterations(attributes));
    String signed = "c=" + Scram.base64(binding.input(header(), plus)) + ",r=" + combined;
    String authMessage = bare() + "," + serverFirst + "," + signed;
    byte[] signature = Scram.hmac(keys.storedKey().toArray(), authMessage);
    expectedServerProof = Scram.base64(Scram.hmac(keys.serverKey().toArray(), authMessage));
    return signed + ",p=" + Scram.base64(Scram.xor(keys.clientKey().toArray(), signature));
  }

  /// True if the database proved that it knows the verifier of our password.
  boolean serverProved(String serverFinal) {
    if (expectedServerProof.isEmpty() || serverFinal.length() > MAX_TEXT) {
      return false;
    }
    return MessageDigest.isEqual(
        ("v=" + expectedServerProof).getBytes(StandardCharsets.UTF_8),
        serverFinal.getBytes(StandardCharsets.UTF_8));
  }

  private static int iterations(Map<Character, String> attributes) {
    String text = Scram.required(attributes, 'i');
    if (!text.matches("[1-9][0-9]{0,6}") || Integer.parseInt(text) > MAX_ITERATIONS) {
      throw new WireViolation("the database asks for too many SCRAM iterations");
    }
    return Integer.parseInt(text);
  }
}
