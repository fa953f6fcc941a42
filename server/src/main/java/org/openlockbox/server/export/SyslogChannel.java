package org.openlockbox.server.export;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.server.tls.Trust;

/// Syslog over TLS (RFC 5424, RFC 5425), the message being the OCSF event in ASCII.
///
/// Syslog has no answer, and what is only written may be lost with the connection. So each delivery
/// has a connection of its own, and counts when the receiver has closed it in order after our end:
/// it had read all of it by then. What a receiver does with what it has read is its own matter.
final class SyslogChannel implements SinkChannel {
  private static final Duration CONNECT = Duration.ofSeconds(5);

  /// For all of one delivery; well within a claim.
  private static final Duration WHOLE = Duration.ofSeconds(25);

  /// RFC 5424 table 1: log audit.
  private static final int FACILITY = 13;

  private final EventSink.Syslog sink;
  private final String host;
  private final SSLContext tls;
  private final ScheduledExecutorService deadline =
      Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().factory());

  /// `host` is what the messages say they come from.
  SyslogChannel(EventSink.Syslog sink, String host) {
    this.sink = sink;
    this.host = host.replaceAll(":.*", "");
    this.tls = Trust.of(sink.ca());
  }

  @Override
  public SinkDelivery tell(List<ExportEvent> events) {
    try (var plain = new Socket()) {
      // A read has a timeout, a write has none: a receiver that stops reading ends here.
      var ending = deadline.schedule(() -> closed(plain), WHOLE.toMillis(), TimeUnit.MILLISECONDS);
      try {
        plain.connect(new InetSocketAddress(sink.host(), sink.port()), (int) CONNECT.toMillis());
        tell(plain, events);
        return new SinkDelivery.Delivered();
      } finally {
        ending.cancel(false);
      }
    } catch (IOException e) {
      return new SinkDelivery.SinkUnreachable(e.toString());
    }
  }

  private static void closed(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new IllegalStateException("a socket that does not close", e);
    }
  }

  private void tell(Socket plain, List<ExportEvent> events) throws IOException {
    try (var socket =
        (SSLSocket) tls.getSocketFactory().createSocket(plain, sink.host(), sink.port(), false)) {
      var parameters = new SSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
      socket.setSSLParameters(parameters);
      socket.setSoTimeout((int) WHOLE.toMillis());
      socket.startHandshake();
      var out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
      for (var event : events) {
        out.write(frame(event));
      }
      out.flush();
      socket.shutdownOutput();
      if (socket.getInputStream().read() >= 0) {
        throw new IOException("the receiver says something, which syslog receivers never do");
      }
    }
  }

  /// RFC 5425 section 4.3: the length in octets, a space, the message.
  private byte[] frame(ExportEvent event) {
    var message = message(event).getBytes(StandardCharsets.US_ASCII);
    var frame = new ByteArrayOutputStream(message.length + 8);
    frame.writeBytes((message.length + " ").getBytes(StandardCharsets.US_ASCII));
    frame.writeBytes(message);
    return frame.toByteArray();
  }

  private String message(ExportEvent event) {
    return "<%d>1 %s %s lockbox - %s [lockbox@%d tenant=\"%s\" event=\"%s\" index=\"%d\" sha256=\"%s\"%s] %s"
        .formatted(
            FACILITY * 8 + EventSeverity.of(event).syslog,
            event.entry().time(),
            host,
            event.type(),
            sink.enterprise(),
            event.tenant(),
            event.id(),
            event.stored().seq(),
            event.stored().sha256().hex(),
            event.request().map(" request=\"%s\""::formatted).orElse(""),
            ascii(CanonicalJson.text(Ocsf.of(event))));
  }

  /// JSON has other characters only inside texts, where they may be written as escapes; so no
  /// receiver has to guess an encoding.
  private static String ascii(String json) {
    var ascii = new StringBuilder(json.length());
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (c < 0x7f) {
        ascii.append(c);
      } else {
        ascii.append("\\u%04x".formatted((int) c));
      }
    }
    return ascii.toString();
  }

  @Override
  public void close() {
    deadline.shutdownNow();
  }
}
