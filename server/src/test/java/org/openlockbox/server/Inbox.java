package org.openlockbox.server;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.BodyPart;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.openlockbox.server.notify.outbox.Smtp;

/// A real mail server, and what has arrived at it.
public final class Inbox implements AutoCloseable {
  private final int port = freePort();
  private final GreenMail mail = new GreenMail(smtpAt(port));

  /// What was read of each message: whoever waits for one looks at all of them again and again.
  private final Map<MimeMessage, Arrived> read = new ConcurrentHashMap<>();

  public Inbox() {
    mail.start();
  }

  public Smtp smtp() {
    return new Smtp("127.0.0.1", port, false, Optional.empty(), () -> "", "lockbox@vendor.example");
  }

  /// A mail server that has a minute to start.
  public static ServerSetup smtpAt(int port) {
    var setup = new ServerSetup(port, "127.0.0.1", "smtp");
    setup.setServerStartupTimeout(60_000);
    return setup;
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// One mail as it came.
  public record Arrived(String to, String subject, String text, String html, MimeMessage message) {
    static Arrived of(MimeMessage message) {
      try {
        var parts = (Multipart) message.getContent();
        return new Arrived(
            message.getHeader("To")[0],
            message.getSubject(),
            text(parts.getBodyPart(0)),
            text(parts.getBodyPart(1)),
            message);
      } catch (MessagingException | IOException e) {
        throw new IllegalStateException(e);
      }
    }

    private static String text(BodyPart part) throws MessagingException, IOException {
      return part.getContent().toString().replace("\r\n", "\n");
    }

    public String header(String name) {
      try {
        return String.join(",", message.getHeader(name));
      } catch (MessagingException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /// What arrived of this, each message once: one that comes again has the same Message-ID.
  public List<Arrived> all(Predicate<Arrived> wanted) {
    var seen = new HashSet<String>();
    return Arrays.stream(mail.getReceivedMessages())
        .map(message -> read.computeIfAbsent(message, Arrived::of))
        .filter(one -> wanted.test(one) && seen.add(one.header("Message-ID")))
        .toList();
  }

  /// Waits for so many of these, and that no more than them have come by then.
  public List<Arrived> await(int count, Predicate<Arrived> wanted) {
    long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (all(wanted).size() < count) {
      if (System.nanoTime() > until) {
        throw new AssertionError(
            "waited for %d mails; there are %s"
                .formatted(count, all(one -> true).stream().map(Arrived::subject).toList()));
      }
      Pause.shortly();
    }
    var found = all(wanted);
    if (found.size() > count) {
      throw new AssertionError(
          "more than %d: %s".formatted(count, found.stream().map(Arrived::subject).toList()));
    }
    return found;
  }

  @Override
  public void close() {
    mail.stop();
  }
}
