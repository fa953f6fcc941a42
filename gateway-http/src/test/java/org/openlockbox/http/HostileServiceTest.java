package org.openlockbox.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.http.catalogue.HttpUpstream;

/// A protected service that answers more, less or otherwise than was asked: nobody gets what is
/// another request's, or what the gateway cannot tell the end of (docs/http-attack-cases.md).
class HostileServiceTest {
  private static final String PLAIN =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";

  /// More than an int holds.
  private static final String TOO_LONG = "100000002";

  private final AtomicInteger connections = new AtomicInteger();
  private volatile String answer = PLAIN;
  private ServerSocket listening;
  private HttpFixture http;
  private String token;

  @BeforeEach
  void start() throws IOException {
    listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
    http = new HttpFixture();
    http.upstream =
        Optional.of(
            new HttpUpstream.SharedUpstream(
                URI.create("http://127.0.0.1:" + listening.getLocalPort())));
    http.reload();
    token = http.token(http.approved(Level.READ));
  }

  @AfterEach
  void stop() throws IOException {
    http.close();
    listening.close();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket socket = listening.accept();
        connections.incrementAndGet();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        // closed
      }
    }
  }

  /// Says, to each request, what the test wants to be said.
  private void serve(Socket socket) {
    try (socket) {
      var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.isEmpty()) {
          String said = answer;
          socket.getOutputStream().write(said.getBytes(ISO_8859_1));
          if (said.contains(TOO_LONG)) {
            return; // all that it will ever say
          }
        }
      }
    } catch (IOException e) {
      // the gateway has gone
    }
  }

  private HttpResponse<String> asked() throws Exception {
    return http.get(token, "/t/acme/tickets");
  }

  /// What the service said before is not taken for what it says now.
  private void assertNextAnswersAreTheirOwn() throws Exception {
    answer = PLAIN;
    for (int i = 0; i < 3; i++) {
      assertThat(asked().body()).isEqualTo("{}");
    }
  }

  /// Without this the others would prove nothing.
  @Test
  void aPlainAnswerArrivesAndTheConnectionIsUsedAgain() throws Exception {
    assertThat(asked().body()).isEqualTo("{}");
    assertThat(asked().body()).isEqualTo("{}");
    assertThat(connections).hasValue(1);
  }

  /// HT-13: what a service keeps of a connection, it keeps of one session.
  @Test
  void noConnectionIsSharedByTwoSessions() throws Exception {
    asked();
    String other = http.token(http.approved(Level.READ));
    http.client = http.freshClient();
    assertThat(http.get(other, "/t/acme/tickets").body()).isEqualTo("{}");
    assertThat(connections).hasValue(2);
  }

  /// HT-11: the second answer belongs to nobody, and is not the next request's.
  @Test
  void aSecondAnswerIsNobodys() throws Exception {
    answer = PLAIN + PLAIN.replace("{}", "[]");
    assertThat(asked().body()).isEqualTo("{}");
    assertNextAnswersAreTheirOwn();
  }

  /// HT-11: behind what has no body comes one.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\n[]",
        "HTTP/1.1 304 Not Modified\r\nContent-Length: 2\r\n\r\n[]"
      })
  void whatHasNoBodyHasNone(String hostile) throws Exception {
    answer = hostile;
    assertThat(asked().body()).doesNotContain("[]");
    assertNextAnswersAreTheirOwn();
  }

  /// HT-01 to HT-07, from the other side.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n0\r\n\r\n",
        "Content-Length: 2\r\nContent-Length: 3\r\n\r\n[] ",
        "Content-Length: -2\r\n\r\n[]",
        "Content-Length: +2\r\n\r\n[]",
        "Transfer-Encoding: xchunked\r\n\r\n2\r\n[]\r\n0\r\n\r\n",
        "Transfer-Encoding: gzip, chunked\r\n\r\n2\r\n[]\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n" + TOO_LONG + "\r\n[]\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n-2\r\n[]\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n2;a\n\r\n[]\r\n0\r\n\r\n",
        "Content-Length: 2\r\nX A: b\r\n\r\n[]",
        "Content-Length: 2\r\nX-A: a\u0000b\r\n\r\n[]",
        "Content-Length : 2\r\n\r\n[]",
      })
  void anAnswerWhoseLengthIsInDoubtIsNone(String rest) throws Exception {
    answer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + rest;
    String shown;
    try {
      HttpResponse<String> said = asked();
      shown = said.statusCode() == 200 ? said.body() : "";
    } catch (IOException e) {
      shown = ""; // broken off
    }
    assertThat(shown).isEmpty();
    assertNextAnswersAreTheirOwn();
  }

  /// HT-35: what comes behind the body changes nothing that was said before it.
  @Test
  void trailersAreDropped() throws Exception {
    answer =
        String.join(
            "\r\n",
            "HTTP/1.1 200 OK",
            "Content-Type: application/json",
            "Trailer: Set-Cookie",
            "Transfer-Encoding: chunked",
            "",
            "2",
            "{}",
            "0",
            "Set-Cookie: a=b",
            "Content-Type: text/html",
            "X-Internal: c",
            "",
            "");
    HttpResponse<String> said = asked();
    assertThat(said.body()).isEqualTo("{}");
    assertThat(said.headers().map()).doesNotContainKeys("set-cookie", "x-internal", "trailer");
    assertThat(said.headers().allValues("content-type")).containsExactly("application/json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"100 Continue", "102 Processing", "103 Early Hints"})
  void wordsBeforeTheAnswerArePassedOver(String status) throws Exception {
    answer = "HTTP/1.1 " + status + "\r\nLink: <https://elsewhere>\r\n\r\n" + PLAIN;
    HttpResponse<String> said = asked();
    assertThat(said.body()).isEqualTo("{}");
    assertThat(said.headers().map()).doesNotContainKey("link");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade", "150 Oh"})
  void wordsThatAreNoAnswerAreNone(String status) throws Exception {
    answer = "HTTP/1.1 " + status + "\r\n\r\n" + PLAIN;
    assertThat(asked().statusCode()).isEqualTo(502);
    answer = PLAIN;
    assertThat(asked().body()).isEqualTo("{}");
  }
}
