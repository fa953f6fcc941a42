package org.openlockbox.demo.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.node.process.Ports;

class MailPageTest {
  private static final String MESSAGE =
      """
      From: lockbox@helpdesk.example
      Subject: Approve? <b>Erin</b>
      Date: Tue, 24 Nov 2026 10:00:00 +0000
      MIME-Version: 1.0
      Content-Type: multipart/alternative; boundary="cut"

      --cut
      Content-Type: text/plain; charset=UTF-8

      Your code is 123456. <script>alert(1)</script>
      Look: http://localhost:8420/r/R-7K3F92MXQ1.
      \u202egnp.exe

      --cut
      Content-Type: text/html; charset=UTF-8

      <p onclick="alert(1)">Your code is <b>123456</b></p><script>alert(1)</script>

      --cut--
      """;

  private final HttpClient browser = HttpClient.newHttpClient();
  @TempDir Path directory;
  private MailPage page;

  @BeforeEach
  void start() throws IOException {
    write("0001-to-ann@acme.example.eml", MESSAGE);
    write("0002-to-security@globex.example.eml", "Subject: Second\n\nFor Globex.\n");
    write(".0003-to-ann@acme.example.eml", "Subject: half\n");
    page = MailPage.start(Ports.free(), directory);
  }

  @AfterEach
  void stop() {
    page.close();
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(directory.resolve(name), text.replace("\n", "\r\n"));
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    var uri = URI.create("http://127.0.0.1:" + page.port() + path);
    return browser.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }

  private List<String> subjects(String path) throws IOException, InterruptedException {
    var messages = Fields.of(Json.read(get(path).body().getBytes(StandardCharsets.UTF_8)), "mail");
    var subjects = new ArrayList<String>();
    messages.objects("messages").forEach(one -> subjects.add(one.text("subject")));
    return subjects;
  }

  @Test
  void theNewestMessageIsFirstAndAnAddressSeesItsOwn() throws Exception {
    assertThat(subjects("/mail.json")).containsExactly("Second", "Approve? <b>Erin</b>");
    assertThat(subjects("/mail.json?to=ann%40acme.example"))
        .containsExactly("Approve? <b>Erin</b>");
    assertThat(subjects("/mail.json?to=nobody%40acme.example")).isEmpty();
    assertThat(get("/mail?to=ann%40acme.example").body())
        .contains("/mail/0001")
        .doesNotContain("/mail/0002");
  }

  @Test
  void aProgramReadsTheTextOfAMessage() throws Exception {
    var message =
        Fields.of(
            Json.read(get("/mail/0001.json").body().getBytes(StandardCharsets.UTF_8)), "mail");
    assertThat(message.text("to")).isEqualTo("ann@acme.example");
    assertThat(message.multiline("text")).contains("Your code is 123456.");
    assertThat(message.multiline("html")).contains("<b>123456</b>");
    assertThat(message.text("at")).isEqualTo("2026-11-24T10:00:00Z");
  }

  @Test
  void nothingOfAMessageRunsInThePage() throws Exception {
    var shown = get("/mail/0001");
    assertThat(shown.body())
        .contains("Approve? &lt;b&gt;Erin", "&lt;script&gt;alert(1)", "\ufffdgnp.exe")
        .contains("<a href=\"http://localhost:8420/r/R-7K3F92MXQ1\"", "sandbox=")
        .doesNotContain("<script>alert", "onclick");
    assertThat(shown.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("default-src 'none'", "script-src 'self'");
    var framed = get("/mail/0001/html");
    assertThat(framed.body()).contains("<b>123456</b>");
    assertThat(framed.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("default-src 'none'", "sandbox")
        .doesNotContain("script-src", "allow-scripts", "allow-same-origin");
  }

  @Test
  void theListShowsMailThatCameSince() throws Exception {
    assertThat(get("/mail/count").body()).isEqualTo("2");
    write("0003-to-ann@acme.example.eml", "Subject: Third\n\nNew.\n");
    assertThat(get("/mail/count").body()).isEqualTo("3");
    assertThat(subjects("/mail.json")).startsWith("Third");
  }

  @Test
  void whatIsNotThereIsNotFoundAndNothingCanBeSent() throws Exception {
    assertThat(get("/mail/0009").statusCode()).isEqualTo(404);
    assertThat(get("/mail/0002/html").statusCode()).isEqualTo(404);
    assertThat(get("/mail/../../etc/passwd").statusCode()).isEqualTo(404);
    var post =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + page.port() + "/mail"))
            .POST(HttpRequest.BodyPublishers.noBody())
            .build();
    assertThat(browser.send(post, BodyHandlers.ofString()).statusCode()).isEqualTo(405);
  }

  @Test
  void aNameOfAnotherSiteThatPointsHereReadsNothing() throws IOException {
    assertThat(raw("Host: evil.example:" + page.port())).startsWith("HTTP/1.1 421 ");
    assertThat(raw("X-Nothing: 1")).doesNotStartWith("HTTP/1.1 200 ");
    assertThat(raw("Host: localhost:" + page.port())).startsWith("HTTP/1.1 200 ");
  }

  private String raw(String header) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), page.port());
        InputStream in = socket.getInputStream();
        OutputStream out = socket.getOutputStream()) {
      out.write(
          "GET /mail HTTP/1.1\r\n%s\r\nConnection: close\r\n\r\n"
              .formatted(header)
              .getBytes(StandardCharsets.US_ASCII));
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
