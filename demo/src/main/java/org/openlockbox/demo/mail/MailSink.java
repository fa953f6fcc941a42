package org.openlockbox.demo.mail;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.atomic.AtomicInteger;
import org.openlockbox.node.process.Ports;
import org.subethamail.smtp.helper.SimpleMessageListener;
import org.subethamail.smtp.server.SMTPServer;

/// The demo's mail server: accepts everything, delivers nothing, and writes each message to a file
/// of its own, `0001-to-someone@acme.example.eml`.
///
/// A message is acknowledged only after its file is complete, as a real mail server would.
public final class MailSink implements AutoCloseable {
  private final SMTPServer server;

  private MailSink(SMTPServer server) {
    this.server = server;
  }

  public static MailSink start(int port, Path directory) throws IOException {
    Ports.check(port, "the demo's mail server");
    Files.createDirectories(directory);
    var server =
        SMTPServer.port(port)
            .bindAddress(InetAddress.getLoopbackAddress())
            .hostName("mail.lockbox.demo")
            .softwareName("lockbox demo")
            .insertReceivedHeaders(false)
            .simpleMessageListener(new MessageIntake(directory))
            .build();
    server.start();
    return new MailSink(server);
  }

  @Override
  public void close() {
    server.stop();
  }

  private static final class MessageIntake implements SimpleMessageListener {
    private final Path directory;
    private final AtomicInteger last;

    MessageIntake(Path directory) throws IOException {
      this.directory = directory;
      try (var files = Files.list(directory)) {
        this.last = new AtomicInteger((int) files.count());
      }
    }

    @Override
    public boolean accept(String from, String recipient) {
      return true;
    }

    @Override
    public void deliver(String from, String recipient, InputStream message) throws IOException {
      String address = recipient.replaceAll("[^A-Za-z0-9@.+-]", "_");
      String name = "%04d-to-%s.eml".formatted(last.incrementAndGet(), address);
      Path fresh = directory.resolve("." + name);
      Files.copy(message, fresh, StandardCopyOption.REPLACE_EXISTING);
      Files.move(fresh, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }
  }
}
