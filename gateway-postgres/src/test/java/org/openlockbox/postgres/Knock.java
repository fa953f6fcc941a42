package org.openlockbox.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/// What a stranger can say at a gateway's door, byte by byte.
public record Knock(int port) {
  static final int TLS = (1234 << 16) | 5679;
  static final int GSS = (1234 << 16) | 5680;

  Socket open() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(12_000);
    return socket;
  }

  public static byte[] packet(int code, String... texts) {
    byte[] body = (texts.length == 0 ? "" : String.join("\0", texts) + "\0\0").getBytes(UTF_8);
    return ByteBuffer.allocate(8 + body.length)
        .putInt(8 + body.length)
        .putInt(code)
        .put(body)
        .array();
  }

  static byte[] login(String... more) {
    var texts = new ArrayList<>(Arrays.asList("user", "nobody", "database", "postgres"));
    texts.addAll(Arrays.asList(more));
    return packet(3 << 16, texts.toArray(String[]::new));
  }

  SSLSocket encrypted(Socket raw, String... alpn) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new TrustAll()}, null);
    var tls = (SSLSocket) context.getSocketFactory().createSocket(raw, "localhost", 1, true);
    SSLParameters parameters = tls.getSSLParameters();
    parameters.setApplicationProtocols(alpn);
    tls.setSSLParameters(parameters);
    tls.startHandshake();
    return tls;
  }

  public SSLSocket insideTls() throws Exception {
    Socket raw = open();
    raw.getOutputStream().write(packet(TLS));
    assertThat(raw.getInputStream().read()).isEqualTo('S');
    return encrypted(raw);
  }

  /// All that comes until the gateway closes; a reset counts as closed.
  static String rest(InputStream in) {
    try {
      return new String(in.readAllBytes(), UTF_8);
    } catch (SocketTimeoutException e) {
      throw new AssertionError("the gateway keeps the connection open", e);
    } catch (IOException e) {
      return "";
    }
  }

  String refusedInTls(byte[] bytes) throws Exception {
    try (SSLSocket tls = insideTls()) {
      tls.getOutputStream().write(bytes);
      return rest(tls.getInputStream());
    }
  }

  DataInputStream offered(SSLSocket tls) throws IOException {
    tls.getOutputStream().write(login());
    var in = new DataInputStream(tls.getInputStream());
    assertThat((char) in.readByte()).isEqualTo('R');
    in.readFully(new byte[in.readInt() - 4]);
    return in;
  }

  static byte[] sasl(int declared, String data) {
    byte[] text = data.getBytes(UTF_8);
    byte[] mechanism = "SCRAM-SHA-256\0".getBytes(UTF_8);
    int length = 4 + mechanism.length + 4 + text.length;
    return ByteBuffer.allocate(1 + length)
        .put((byte) 'p')
        .putInt(length)
        .put(mechanism)
        .putInt(declared)
        .put(text)
        .array();
  }

  private static final class TrustAll implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
