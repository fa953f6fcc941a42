package org.openlockbox.demo.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.node.process.Ports;

class MailSinkTest {
  @TempDir Path directory;

  @Test
  void aMessageIsAFileBeforeItIsAcknowledged() throws IOException {
    int port = Ports.free();
    try (var sink = MailSink.start(port, directory);
        var socket = new Socket(InetAddress.getLoopbackAddress(), port);
        var in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
      assertThat(sink).isNotNull();
      in.readLine();
      say(socket, in, "HELO test");
      say(socket, in, "MAIL FROM:<lockbox@lockbox.example>");
      say(socket, in, "RCPT TO:<approvals@acme.example>");
      say(socket, in, "DATA");
      say(socket, in, "Subject: hello\r\n\r\nSomebody asks for access.\r\n.");

      assertThat(directory.resolve("0001-to-approvals@acme.example.eml"))
          .content()
          .contains("Subject: hello", "Somebody asks for access.");
    }
    try (var files = Files.list(directory)) {
      assertThat(files).hasSize(1);
    }
  }

  private static void say(Socket socket, BufferedReader in, String line) throws IOException {
    socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
    assertThat(in.readLine()).matches("[23].*");
  }
}
