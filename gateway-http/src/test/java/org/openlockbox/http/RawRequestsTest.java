package org.openlockbox.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.core.access.Level;

/// Requests that two programs could read in two ways, byte by byte: none of them reaches the
/// protected service (docs/http-attack-cases.md).
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
    var said = new StringBuilder();
    Socket socket = http.socket();
    try (socket) {
      socket.setSoTimeout(3_000);
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      byte[] piece = new byte[8192];
      for (int n = socket.getInputStream().read(piece);
          n >= 0;
          n = socket.getInputStream().read(piece)) {
        said.append(new String(piece, 0, n, ISO_8859_1));
        if (said.indexOf("\r\n\r\n") > 0) {
          socket.setSoTimeout(300);
        }
      }
    } catch (IOException e) {
      // closed, perhaps before all of it was sent; or nothing more comes
    }
    return said.toString();
  }

  private List<String> arrived() {
    return http.service.heard().stream().map(TicketService.Heard::line).skip(heard).toList();
  }

  /// A client that goes on sending reads why it was refused, and no reset takes the answer away.
  @Test
  void aRefusalArrivesAtAClientThatIsStillSending() throws Exception {
    assertThat(refusedWhileSending("POST /nothing", authorization(), "Content-Length: 4000000"))
        .isEqualTo("HTTP/1.1 404");
  }

  /// Neither does one that is read, by its length or until there is too much.
  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 4000000", "Transfer-Encoding: chunked"})
  void soDoesOneOfABodyThatIsTooLong(String length) throws Exception {
    String writer = "Authorization: Bearer " + http.token(http.approved(Level.WRITE)) + "\r\n";
    String type = "Content-Type: application/json\r\n";
    assertThat(refusedWhileSending("PATCH /t/acme/tickets/1", writer + type, length))
        .isEqualTo("HTTP/1.1 413");
  }

  private String refusedWhileSending(String line, String headers, String length) throws Exception {
    String head = line + " HTTP/1.1\r\n" + HOST + headers + length + "\r\n\r\n";
    boolean chunked = length.endsWith("chunked");
    try (Socket socket = http.socket()) {
      socket.setSoTimeout(10_000);
      var out = socket.getOutputStream();
      out.write((head + (chunked ? "3d0900\r\n" : "")).getBytes(ISO_8859_1));
      out.write(new byte[100_000]);
      var first = new byte[12];
      assertThat(socket.getInputStream().readNBytes(first, 0, 12)).isEqualTo(12);
      for (int sent = 1; sent < 40; sent++) {
        out.write(new byte[100_000]); // still taken
      }
      assertThat(arrived()).isEmpty();
      return new String(first, ISO_8859_1);
    }
  }

  /// Without this the others would prove nothing.
  @Test
  void aPlainRequestArrives() throws IOException {
    assertThat(said("GET /t/acme/tickets HTTP/1.1\r\n" + HOST + authorization() + "\r\n"))
        .startsWith("HTTP/1.1 200");
    assertThat(arrived()).containsExactly("GET /t/acme/tickets");
  }

  /// An entry that the log cannot take would stand before those of all customers.
  @Test
  void aProgramsNameThatTheLogCannotHaveStopsNobody() throws IOException {
    String fresh = "Authorization: Bearer " + http.token(http.approved(Level.READ)) + "\r\n";
    String line = "GET /t/acme/tickets HTTP/1.1\r\n" + HOST;
    assertThat(said(line + fresh + "User-Agent: a\u0085b\r\n\r\n")).startsWith("HTTP/1.1 200");
    assertThat(said(line + authorization() + "\r\n")).startsWith("HTTP/1.1 200");
  }

  private Stream<String> hostile() {
    return HostileRequests.all(authorization());
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void whatCanBeReadInTwoWaysReachesNobody(String request) throws IOException {
    String said = said(request);
    assertThat(said).matches("(?s)|HTTP/1\\.1 (4|501|505).*").doesNotContain("<html", "Exception");
    assertThat(said.isEmpty() || said.contains("\"hint\":")).as(said).isTrue();
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

  /// HT-35: they come behind what was checked.
  @Test
  void trailersAreDropped() throws IOException {
    String said =
        said(
            "PATCH /t/acme/tickets/7 HTTP/1.1\r\n"
                + HOST
                + authorization()
                + "Content-Type: application/json\r\nTrailer: X-Original-URL\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nX-Original-URL: /admin\r\n\r\n");
    assertThat(said).startsWith("HTTP/1.1 200");
    TicketService.Heard heardLast = http.service.heard().getLast();
    assertThat(heardLast.body()).isEqualTo("{}");
    assertThat(heardLast.headers()).doesNotContainKeys("x-original-url", "trailer");
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
    assertThat(said(one + two)).startsWith("HTTP/1.1 200").contains("HTTP/1.1 421");
    assertThat(arrived()).containsExactly("GET /t/acme/tickets/1");
  }
}
