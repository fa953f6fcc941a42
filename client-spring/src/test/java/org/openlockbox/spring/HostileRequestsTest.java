package org.openlockbox.spring;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.client.ClientFixture;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.gateway.testing.Await;

/// Requests that try to get past the record of a protected method, or to learn something without an
/// access.
class HostileRequestsTest {
  private static final String FORM = "application/x-www-form-urlencoded";

  private StarterFixture starter;
  private ClientFixture app;

  @BeforeEach
  void start() throws IOException {
    starter = new StarterFixture(InputController.class, TicketController.class);
    app = starter.app;
  }

  @AfterEach
  void stop() {
    starter.close();
  }

  private String writer() {
    return app.header(app.acme, app.approved(app.acme, Level.WRITE, Limits.UNWRITTEN));
  }

  /// Whoever has no access does not learn whose data the application has.
  @Test
  void aStrangerCannotTellCustomersFromOthers() throws Exception {
    String invented = "Bearer r1." + "a".repeat(43);
    HttpResponse<String> ofCustomer = starter.get("/1/tickets", invented);
    HttpResponse<String> ofNobody = starter.get("/3/tickets", invented);
    assertThat(ofCustomer.statusCode()).isEqualTo(401);
    assertThat(ofNobody.statusCode()).isEqualTo(401);
    assertThat(ofNobody.body()).isEqualTo(ofCustomer.body());
  }

  /// It is answered before its body has arrived.
  @Test
  void aStrangersBodyIsNotWaitedFor() throws Exception {
    try (var stranger = new Socket(InetAddress.getLoopbackAddress(), starter.port())) {
      stranger.setSoTimeout(10_000);
      stranger
          .getOutputStream()
          .write(
              ("POST /1/search HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer r1."
                      + "a".repeat(43)
                      + "\r\nContent-Type: text/plain\r\nContent-Length: 1000\r\n\r\nhalf")
                  .getBytes(UTF_8));
      assertThat(new String(stranger.getInputStream().readNBytes(12), UTF_8))
          .isEqualTo("HTTP/1.1 401");
    }
  }

  /// A filter of Spring's reads the form of what is no POST, and shows its fields to the method.
  @ParameterizedTest
  @ValueSource(strings = {"PUT", "PATCH", "DELETE"})
  void theFieldsOfAFormAreOnRecordWhateverTheMethod(String method) throws Exception {
    HttpResponse<String> answer =
        starter.send(
            starter
                .to("/1/status")
                .header("Authorization", writer())
                .header("Content-Type", FORM)
                .method(method, BodyPublishers.ofString("status=closed")));
    assertThat(answer.body()).isEqualTo("status closed");
    assertThat(app.acmesPlane.statements())
        .containsExactly(method + " /1/status", "status=closed\n");
  }

  /// The names of media types have no case (RFC 9110 section 8.3.1).
  @ParameterizedTest
  @ValueSource(strings = {"Multipart/form-data", "MULTIPART/FORM-DATA", "multipart/mixed"})
  void anUploadInPartsIsRefusedHoweverItIsSpelt(String type) throws Exception {
    String parts = "--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nall\r\n--x--\r\n";
    HttpResponse<String> answer = starter.post("/1/upload", writer(), type + "; boundary=x", parts);
    assertThat(answer.body()).contains("\"code\":\"body\"");
    assertThat(InputController.SEEN).hasValue("");
  }

  static Stream<String> bodies() {
    return Stream.of("text/plain", "application/json", FORM);
  }

  /// What a filter has read, and may show to the method, is not on record.
  @ParameterizedTest
  @MethodSource("bodies")
  void aBodyThatAFilterHasTakenIsRefused(String type) throws Exception {
    HttpResponse<String> answer = starter.post("/1/cached?early=yes", writer(), type, "a=hidden");
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(InputController.SEEN).hasValue("");
  }

  @Test
  void oneFieldDoesNotLookLikeTwo() throws Exception {
    HttpResponse<String> answer =
        starter.post("/1/form", starter.header(), FORM, "status=a%0Aby%3Db%25&status=c&x%3Dy=z");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(app.acmesPlane.statements())
        .containsExactly("POST /1/form", "status=a%0Aby=b%25\nstatus=c\nx%3Dy=z\n");
  }

  /// Proxies tell applications by this header where they are; a caller may write it, too.
  @Test
  void theAddressOnRecordIsTheOneThatWasSent() throws Exception {
    starter.send(
        starter
            .to("/1/tickets")
            .header("Authorization", starter.header())
            .header("X-Forwarded-Prefix", "/2/nothing/of"));
    assertThat(app.acmesPlane.statements()).containsExactly("GET /1/tickets");
  }

  @Test
  void aProgramsNameThatNobodyCanReadStopsNobody() throws Exception {
    String header = starter.header();
    try (var engineer = new Socket(InetAddress.getLoopbackAddress(), starter.port())) {
      engineer
          .getOutputStream()
          .write(
              ("GET /1/tickets HTTP/1.1\r\nHost: a\r\nUser-Agent: \u0085\r\nAuthorization: "
                      + header
                      + "\r\nConnection: close\r\n\r\n")
                  .getBytes(ISO_8859_1));
      engineer.setSoTimeout(20_000);
      assertThat(new String(engineer.getInputStream().readNBytes(12), UTF_8))
          .isEqualTo("HTTP/1.1 200");
    }
    assertThat(starter.get("/1/tickets", header).statusCode()).isEqualTo(200);
    Await.until(() -> app.outcomes().size() == 2);
  }
}
