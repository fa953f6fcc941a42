package org.openlockbox.core.scram;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.SecureRandom;
import org.openlockbox.core.canonical.Bytes;

/// The client's half of one SCRAM-SHA-256(-PLUS) exchange (RFC 5802, RFC 7677): a gateway's towards
/// the protected database, and an engineer's towards a gateway. It is bounded in what it accepts
/// (length, nonce, iterations), and satisfied only with the server's own proof.
public final class ScramClient {
  /// Fewer would make a guess at the password cheap for whoever sees the proof: RFC 7677 section 4.
  private static final int MIN_ITERATIONS = 4096;

  /// More would be an attack on our processor: RFC 5802 section 9.
  private static final int MAX_ITERATIONS = 200_000;

  private static final int MAX_TEXT = 1024;
  private static final int NONCE = 18;

  private final ScramSecret secret;
  private final ChannelBinding binding;
  private final boolean plus;
  private final String nonce;
  private String expectedProof = "";

  /// @param plus whether to bind the exchange to the connection; the binding must be available
  public ScramClient(
      ScramSecret secret, ChannelBinding binding, boolean plus, SecureRandom random) {
    if (plus && !binding.available()) {
      throw new IllegalArgumentException("there is nothing to bind a login to");
    }
    this.secret = secret;
    this.binding = binding;
    this.plus = plus;
    byte[] bytes = new byte[NONCE];
    random.nextBytes(bytes);
    this.nonce = ScramMessages.base64(bytes);
  }

  public String mechanism() {
    return plus ? ScramMessages.PLUS : ScramMessages.PLAIN;
  }

  /// client-first-message.
  public String first() {
    return header() + bare();
  }

  private String header() {
    return plus ? "p=tls-server-end-point,," : binding.available() ? "y,," : "n,,";
  }

  private String bare() {
    return "n=,r=" + nonce;
  }

  /// Answers server-first-message with client-final-message. Throws [MalformedScram].
  public String last(String serverFirst) {
    if (serverFirst.length() > MAX_TEXT) {
      throw new MalformedScram("a SCRAM message is too long");
    }
    var attributes = ScramMessages.attributes(serverFirst);
    if (attributes.containsKey('m')) { // RFC 5802 section 5.1
      throw new MalformedScram("a SCRAM extension is demanded that is not known here");
    }
    String both = ScramMessages.required(attributes, 'r');
    if (!both.startsWith(nonce) || both.length() == nonce.length()) {
      throw new MalformedScram("the SCRAM nonce does not extend ours");
    }
    byte[] salt = ScramMessages.base64(ScramMessages.required(attributes, 's'));
    int iterations = iterations(ScramMessages.required(attributes, 'i'));
    var keys = secret.keys(Bytes.of(salt), iterations);
    String signed = "c=" + ScramMessages.base64(binding.input(header(), plus)) + ",r=" + both;
    String authMessage = bare() + "," + serverFirst + "," + signed;
    byte[] signature = ScramMessages.hmac(keys.storedKey().toArray(), authMessage);
    expectedProof =
        ScramMessages.base64(ScramMessages.hmac(keys.serverKey().toArray(), authMessage));
    byte[] proof = ScramMessages.xor(keys.clientKey().toArray(), signature);
    return signed + ",p=" + ScramMessages.base64(proof);
  }

  private static int iterations(String text) {
    int asked = text.matches("[1-9][0-9]{0,6}") ? Integer.parseInt(text) : 0;
    if (asked < MIN_ITERATIONS || asked > MAX_ITERATIONS) {
      throw new MalformedScram(
          "SCRAM iterations are %d to %d".formatted(MIN_ITERATIONS, MAX_ITERATIONS));
    }
    return asked;
  }

  /// Whether server-final-message proves that the server knows the verifier of our secret.
  public boolean isProvenBy(String serverFinal) {
    return !expectedProof.isEmpty()
        && serverFinal.length() <= MAX_TEXT
        && MessageDigest.isEqual(
            ("v=" + expectedProof).getBytes(UTF_8), serverFinal.getBytes(UTF_8));
  }

  /// Without the secret.
  @Override
  public String toString() {
    return "ScramClient";
  }
}
