package org.openlockbox.server.notify;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.KeyAgreement;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.openlockbox.core.canonical.Bytes;

/// A push service and the browser behind it, over real HTTP. It checks who calls as RFC 8292 says,
/// and the browser decrypts as RFC 8291 says, each with other code than the server's.
public final class PushReceiver implements AutoCloseable {
  private static final int POINT = 65;
  private static final int HALF = 32;
  private static final int SALT = 16;

  /// One message as the push service got it.
  public record Received(Map<String, String> headers, Bytes body) {}

  private final HttpServer http;
  private final KeyPair browser = pair();
  private final byte[] secret = new SecureRandom().generateSeed(16);
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private volatile int status = 201;

  public PushReceiver() {
    try {
      http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    http.createContext("/", this::answer);
    http.start();
  }

  private static KeyPair pair() {
    try {
      var pairs = KeyPairGenerator.getInstance("EC");
      pairs.initialize(new ECGenParameterSpec("secp256r1"));
      return pairs.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  public String origin() {
    return "http://127.0.0.1:" + http.getAddress().getPort();
  }

  public String endpoint() {
    return origin() + "/push/" + Bytes.of(secret).sha256().hex();
  }

  /// The browser's key, as it gives it to a page.
  public String key() {
    return Bytes.of(point((ECPublicKey) browser.getPublic())).base64Url();
  }

  /// The browser's secret, as it gives it to a page.
  public String secret() {
    return Bytes.of(secret).base64Url();
  }

  /// Answers with this status from now on.
  public void answer(int next) {
    status = next;
  }

  public List<Received> received() {
    return new ArrayList<>(received);
  }

  private void answer(HttpExchange exchange) throws IOException {
    var headers = new HashMap<String, String>();
    exchange
        .getRequestHeaders()
        .forEach((n, values) -> headers.put(n.toLowerCase(Locale.ROOT), values.getFirst()));
    received.add(new Received(headers, Bytes.of(exchange.getRequestBody().readAllBytes())));
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  /// Whether the call is signed, for this push service, by the key that the browser subscribed to.
  public boolean isSignedBy(Received message, String publicKey) {
    var header = message.headers.getOrDefault("authorization", "");
    var parts = header.replaceFirst("^vapid ", "").split("\\s*,\\s*", -1);
    var values = new HashMap<String, String>();
    for (var part : parts) {
      int equals = part.indexOf('=');
      values.put(part.substring(0, equals), part.substring(equals + 1));
    }
    try {
      var token = SignedJWT.parse(values.getOrDefault("t", ""));
      var key = publicKey(Bytes.ofBase64Url(publicKey).toArray());
      return publicKey.equals(values.get("k"))
          && token.verify(new ECDSAVerifier(key))
          && token.getJWTClaimsSet().getAudience().equals(List.of(origin()));
    } catch (JOSEException | ParseException | GeneralSecurityException e) {
      throw new IllegalStateException(header, e);
    }
  }

  /// What the browser reads.
  public String read(Received message) {
    try {
      return new String(decrypted(message.body.toArray()), StandardCharsets.UTF_8);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private byte[] decrypted(byte[] body) throws GeneralSecurityException {
    var in = ByteBuffer.wrap(body);
    byte[] salt = new byte[SALT];
    in.get(salt).getInt();
    byte[] theirs = new byte[in.get()];
    in.get(theirs);
    byte[] sealed = new byte[in.remaining()];
    in.get(sealed);
    var agreement = KeyAgreement.getInstance("ECDH");
    agreement.init(browser.getPrivate());
    agreement.doPhase(publicKey(theirs), true);
    byte[] info =
        ByteBuffer.allocate(14 + 2 * POINT)
            .put("WebPush: info\0".getBytes(StandardCharsets.US_ASCII))
            .put(point((ECPublicKey) browser.getPublic()))
            .put(theirs)
            .array();
    byte[] material = derived(agreement.generateSecret(), secret, info, 32);
    var cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        Cipher.DECRYPT_MODE,
        new SecretKeySpec(
            derived(material, salt, ascii("Content-Encoding: aes128gcm\0"), 16), "AES"),
        new GCMParameterSpec(128, derived(material, salt, ascii("Content-Encoding: nonce\0"), 12)));
    byte[] padded = cipher.doFinal(sealed);
    int end = padded.length;
    do {
      end--;
    } while (padded[end] == 0);
    return Arrays.copyOf(padded, end);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] derived(byte[] material, byte[] salt, byte[] info, int length)
      throws GeneralSecurityException {
    return KDF.getInstance("HKDF-SHA256")
        .deriveData(
            HKDFParameterSpec.ofExtract().addIKM(material).addSalt(salt).thenExpand(info, length));
  }

  private static ECPublicKey publicKey(byte[] point) throws GeneralSecurityException {
    var parameters = AlgorithmParameters.getInstance("EC");
    parameters.init(new ECGenParameterSpec("secp256r1"));
    var x = new BigInteger(1, Arrays.copyOfRange(point, 1, 1 + HALF));
    var y = new BigInteger(1, Arrays.copyOfRange(point, 1 + HALF, POINT));
    return (ECPublicKey)
        KeyFactory.getInstance("EC")
            .generatePublic(
                new ECPublicKeySpec(
                    new ECPoint(x, y), parameters.getParameterSpec(ECParameterSpec.class)));
  }

  private static byte[] point(ECPublicKey key) {
    return ByteBuffer.allocate(POINT)
        .put((byte) 4)
        .put(half(key.getW().getAffineX()))
        .put(half(key.getW().getAffineY()))
        .array();
  }

  private static byte[] half(BigInteger number) {
    byte[] bytes = number.toByteArray();
    byte[] half = new byte[HALF];
    int length = Math.min(HALF, bytes.length);
    System.arraycopy(bytes, bytes.length - length, half, HALF - length, length);
    return half;
  }

  @Override
  public void close() {
    http.stop(0);
  }
}
