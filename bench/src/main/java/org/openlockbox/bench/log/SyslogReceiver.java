package org.openlockbox.bench.log;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.net.TlsIdentity;
import org.openlockbox.server.export.EventSink;

/// Reads syslog over TLS, counts the messages and throws them away: what no receiver that keeps
/// them can beat.
final class SyslogReceiver implements AutoCloseable {
  private final Arrivals arrivals = new Arrivals();
  private final Path certificate;
  private final SSLServerSocket socket;
  private final Thread thread;

  SyslogReceiver(Path directory) throws IOException {
    certificate = directory.resolve("syslog.pem");
    Path key = directory.resolve("syslog.key");
    makeCertificate(certificate, key);
    socket = listen(Files.readString(certificate), Files.readString(key));
    thread = Thread.ofPlatform().daemon().name("syslog").start(this::serve);
  }

  private static void makeCertificate(Path certificate, Path key) throws IOException {
    var openssl =
        new ProcessBuilder("openssl", "req", "-x509", "-newkey", "ec", "-nodes", "-days", "2");
    openssl.command().addAll(List.of("-pkeyopt", "ec_paramgen_curve:P-256", "-subj", "/CN=bench"));
    openssl.command().addAll(List.of("-addext", "subjectAltName=DNS:localhost"));
    openssl.command().addAll(List.of("-keyout", key.toString(), "-out", certificate.toString()));
    try {
      int exit = openssl.redirectErrorStream(true).start().waitFor();
      if (exit != 0) {
        throw new IOException("openssl made no certificate: exit " + exit);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static SSLServerSocket listen(String certificate, String key) throws IOException {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(TlsIdentity.parse(certificate, key).keyManagers(), null, null);
      return (SSLServerSocket)
          context
              .getServerSocketFactory()
              .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  EventSink sink(TenantId tenant) {
    return new EventSink.Syslog(
        "syslog",
        List.of(tenant),
        true,
        "localhost",
        socket.getLocalPort(),
        Optional.of(certificate),
        EventSink.Syslog.EXAMPLE);
  }

  Arrivals arrivals() {
    return arrivals;
  }

  private void serve() {
    while (!socket.isClosed()) {
      try (var connection = socket.accept();
          var in = new DataInputStream(new BufferedInputStream(connection.getInputStream()))) {
        long messages = 0;
        long bytes = 0;
        for (int length = length(in); length >= 0; length = length(in)) {
          in.skipNBytes(length);
          messages++;
          bytes += length;
        }
        arrivals.add(messages, bytes);
      } catch (IOException e) {
        if (!socket.isClosed()) {
          System.err.println("the syslog receiver: " + e);
        }
      }
    }
  }

  /// Octets of the next message (RFC 5425 section 4.3), or less than none at the end.
  private static int length(DataInputStream in) throws IOException {
    var digits = new StringBuilder();
    for (int next = in.read(); next != ' '; next = in.read()) {
      if (next < 0 && digits.isEmpty()) {
        return -1;
      }
      if (next < 0) {
        throw new EOFException("in a message's length");
      }
      digits.appendCodePoint(next);
    }
    return Integer.parseInt(digits.toString());
  }

  @Override
  public void close() {
    try {
      socket.close();
      thread.join();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
