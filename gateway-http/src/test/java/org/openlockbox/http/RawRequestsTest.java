package org.openlockbox.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.core.access.Level;

/// Requests that two programs could read in two ways, byte by byte: none of them reaches the
/// protected service (docs/attack-cases.md, HT-01 to HT-36).
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RawRequestsTest {
  private static final String HOST = "Host: 127.0.0.1\r\n";

  private HttpFixture http;
  private String token;
  private int heard;

  @BeforeAll
  void start() throws IOException {
    http = new HttpFixture();
    token = http.token(http.approved(Level.WRITE));
  }

  @AfterAll
  void stop() {
    http.close();
  }

  @BeforeEach
  void count() {
    heard = http.service.heard().size();
  }

  private String authorization() {
    return "Authorization: Bearer " + token + "\r\n";
  }

  /// Everything that comes back until the connection is closed, or is quiet.
  private String said(String request) throws IOException {
    try (Socket socket = http.socket()) {
      socket.setSoTimeout(3_000);
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      var said = new StringBuilder();
      byte[] piece = new byte[8192];
      try {
        for (int n = socket.getInputStream().read(piece);
            n >= 0;
            n = socket.getInputStream().read(piece)) {
          said.append(new String(piece, 0, n, ISO_8859_1));
          if (said.indexOf("\r\n\r\n") > 0) {
            socket.setSoTimeout(300);
          }
        }
      } catch (IOException e) {
        // closed, or nothing more comes
      }
      return said.toString();
    }
  }

  private List<String> arrived() {
    return http.service.heard().stream().map(TicketService.Heard::line).skip(heard).toList();
  }

  /// Without this the others would prove nothing.
  @Test
  void aPlainRequestArrives() throws IOException {
    assertThat(said("GET /t/acme/tickets HTTP/1.1\r\n" + HOST + authorization() + "\r\n"))
        .startsWith("HTTP/1.1 200");
    assertThat(arrived()).containsExactly("GET /t/acme/tickets");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // HT-01, HT-02: two lengths, and codings that are not exactly "chunked"
        "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding: gzip, chunked\r\n",
        "Transfer-Encoding : chunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding:\r\n chunked\r\n",
        // HT-06: lengths
        "Content-Length: 4\r\nContent-Length: 5\r\n",
        "Content-Length: +4\r\n",
        "Content-Length: -1\r\n",
        "Content-Length: 0x4\r\n",
        "Content-Length: 4,4\r\n",
        // HT-07: folded lines, space before the colon, control characters, bare line feeds
        "Content-Length: 4\r\nX-A: a\r\n b\r\n",
        "Content-Length : 4\r\n",
        "Content-Length: 4\r\nX-A: a\u0000b\r\n",
        "Content-Length: 4\nX-A: a\r\n",
        "Content-Length: 4\r\nX A: a\r\n",
        // HT-09, HT-10
        "Content-Length: 4\r\nHost: elsewhere\r\n",
        "Content-Length: 4\r\nExpect: 200-ok\r\n",
      })
  void aBodyWhoseLengthIsInDoubtReachesNobody(String headers) throws IOException {
    String said =
        said(
            "PATCH /t/acme/tickets/7 HTTP/1.1\r\n"
                + HOST
                + authorization()
                + "Content-Type: application/json\r\n"
                + headers
                + "\r\n4\r\n{} \r\n0\r\n\r\nGET /t/acme/tickets/smuggled HTTP/1.1\r\n"
                + HOST
                + authorization()
                + "\r\n");
    assertThat(said.isEmpty() || said.startsWith("HTTP/1.1 4")).as(said).isTrue();
    assertThat(arrived()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // HT-14, HT-15: other forms of a path that is listed, or of one that is not
        "/t/acme/../globex/tickets",
        "/t/globex/..%2facme/tickets",
        "/t/acme/%2e%2e/globex/tickets",
        "/t/globex/%2e%2e/acme/tickets",
        "/t/acme//tickets",
        "//t/acme/tickets",
        "/t/acme/./tickets",
        "/t/acme/tickets;a=b",
        "/t/acme;/tickets",
        "/t/acme/tickets/..;/..;/globex",
        "/t/acme/tickets/7%2f..%2f8",
        "/t/acme/tickets/7%5c8",
        "/t/acme\\tickets",
        "/t/acme/tickets/%00",
        "/t/acme/tickets/%252e%252e",
        "/t/acme/tickets/%c0%ae%c0%ae",
        "/t/acme/tickets/%u002e",
        "/t/acme/tickets/%ff",
        "/t/acme/tickets/%7",
        "/t/acme/%74ickets",
        "/t/Acme/tickets",
        "/T/acme/tickets",
        "/t/acme/tickets/",
        "/t/acme/tickets?",
        "/t/acme/tickets?page",
        "/t/acme/tickets?page=1&page=2",
        "/t/acme/tickets?page=1&",
        "/t/acme/tickets?p%61ge=1",
        "/t/acme/tickets?page=%0d%0aX-A:%20b",
        "/t/acme/tickets#a",
        "http://elsewhere/t/acme/tickets",
        "*",
        "t/acme/tickets",
      })
  void aPathOfAnotherFormReachesNobody(String target) throws IOException {
    String said = said("GET " + target + " HTTP/1.1\r\n" + HOST + authorization() + "\r\n");
    assertThat(said.isEmpty() || said.startsWith("HTTP/1.1 4")).as(said).isTrue();
    assertThat(arrived()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"TRACE", "CONNECT", "PROPFIND", "get", "GET\t", "PRI", "OPTIONS", "DELETE", "G3T"})
  void aMethodThatIsNotListedReachesNobody(String method) throws IOException {
    String said = said(method + " /t/acme/tickets HTTP/1.1\r\n" + HOST + authorization() + "\r\n");
    assertThat(said.isEmpty() || said.startsWith("HTTP/1.1 4")).as(said).isTrue();
    assertThat(arrived()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.0", "HTTP/0.9", "HTTP/2.0", "HTTP/1.2", ""})
  void anotherVersionReachesNobody(String version) throws IOException {
    String said = said("GET /t/acme/tickets " + version + "\r\n" + HOST + authorization() + "\r\n");
    assertThat(said).doesNotContain("\"tickets\"");
    assertThat(arrived()).isEmpty();
  }

  /// HT-36.
  @Test
  void headersWithoutEndReachNobody() throws IOException {
    String start = "GET /t/acme/tickets HTTP/1.1\r\n" + HOST + authorization();
    assertThat(said(start + "X-A: " + "a".repeat(64 * 1024) + "\r\n\r\n"))
        .matches(said -> said.isEmpty() || said.startsWith("HTTP/1.1 4"));
    assertThat(said(start + "X-A: b\r\n".repeat(10_000) + "\r\n"))
        .matches(said -> said.isEmpty() || said.startsWith("HTTP/1.1 4"));
    assertThat(arrived()).isEmpty();
  }

  /// HT-12: each of two requests on one connection has an operation of its own.
  @Test
  void pipelinedRequestsAreOnRecordOneByOne() throws IOException {
    int before = http.controlPlane.statements().size();
    String one = "GET /t/acme/tickets/1 HTTP/1.1\r\n" + HOST + authorization() + "\r\n";
    String two = "GET /t/acme/tickets/2 HTTP/1.1\r\n" + HOST + authorization() + "\r\n";
    assertThat(said(one + two)).startsWith("HTTP/1.1 200").containsPattern("(?s)HTTP.*HTTP");
    assertThat(arrived()).containsExactly("GET /t/acme/tickets/1", "GET /t/acme/tickets/2");
    assertThat(http.controlPlane.statements().subList(before, before + 2)).isEqualTo(arrived());
  }

  /// HT-13: a connection carries the requests of one session.
  @Test
  void aConnectionIsNotSharedByTwoSessions() throws IOException {
    String other = http.token(http.approved(Level.READ));
    String one = "GET /t/acme/tickets/1 HTTP/1.1\r\n" + HOST + authorization() + "\r\n";
    String two =
        "GET /t/acme/tickets/2 HTTP/1.1\r\n" + HOST + "Authorization: Bearer " + other + "\r\n\r\n";
    assertThat(said(one + two)).startsWith("HTTP/1.1 200");
    assertThat(arrived()).containsExactly("GET /t/acme/tickets/1");
  }
}
