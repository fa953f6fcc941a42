package org.openlockbox.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.gateway.testing.Await;
import org.openlockbox.http.catalogue.Method;

/// Answers of all lengths, in one piece and in many: they arrive whole, and what was released is
/// what the log commits to.
class AnswerLengthsTest {
  private HttpFixture http;
  private String token;

  @BeforeEach
  void start() throws IOException {
    http = new HttpFixture();
    http.routes =
        List.of(
            HttpFixture.route("said", Method.GET, "/t/{tenant}/said", Level.READ),
            HttpFixture.route("broken", Method.GET, "/t/{tenant}/broken", Level.READ));
    http.reload();
    token = http.token(http.approved(Level.READ));
  }

  @AfterEach
  void stop() {
    http.close();
  }

  private HttpResponse<byte[]> answer(byte[] body) throws Exception {
    http.service.said =
        new TicketService.SaidAnswer(200, "application/json", Map.of(), Bytes.of(body));
    return http.client.send(http.asking(token, "/t/acme/said").build(), BodyHandlers.ofByteArray());
  }

  @ParameterizedTest
  @ValueSource(
      ints = {0, 1, 1023, 1024, 1025, 16_383, 16_384, 16_385, 65_535, 65_536, 65_537, 300_000})
  void anAnswerArrivesWholeAndIsCommittedTo(int length) throws Exception {
    byte[] body = new byte[length];
    new Random(length).nextBytes(body);
    assertThat(answer(body).body()).isEqualTo(body);
    Await.until(http.controlPlane::isSettled);
    var operation = only(SessionEvent.Operation.class);
    var outcome = only(SessionEvent.Outcome.class);
    assertThat(outcome.bytes()).isEqualTo(length);
    if (length > 0) {
      assertThat(outcome.result()).contains(http.controlPlane.result(operation, Bytes.of(body)));
    } else {
      assertThat(outcome.result()).isEmpty();
    }
  }

  private <E extends SessionEvent> E only(Class<E> kind) {
    List<E> all =
        http.controlPlane.events().stream().filter(kind::isInstance).map(kind::cast).toList();
    assertThat(all).hasSize(1);
    return all.getFirst();
  }

  /// Nothing of it has left, so there is room for a refusal.
  @Test
  void ofAnAnswerThatBreaksOffAtOnceTheEngineerIsTold() throws Exception {
    var answer =
        http.client.send(http.asking(token, "/t/acme/broken").build(), BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(answer.body()).contains("\"code\":", "broke off");
    Await.until(http.controlPlane::isSettled);
    assertThat(only(SessionEvent.Outcome.class).status()).hasToString("502");
    assertThat(only(SessionEvent.Outcome.class).bytes()).isZero();
  }

  /// It leaves with its head, which says how long it is.
  @Test
  void aSmallAnswerSaysHowLongItIs() throws Exception {
    for (int length : List.of(0, 1, 1000)) {
      assertThat(answer(new byte[length]).headers().firstValueAsLong("content-length"))
          .hasValue(length);
    }
  }

  /// Of a lease that comes back nobody tells those who wait for it.
  @Test
  void aRequestThatWaitsForTheLeaseGoesOnWithIt() throws Exception {
    assertThat(answer(new byte[5]).statusCode()).isEqualTo(200);
    http.controlPlane.leaseDown(true);
    Await.until(() -> !http.gateway.condition().isReady());
    var late =
        http.client.sendAsync(http.asking(token, "/t/acme/said").build(), BodyHandlers.ofString());
    Await.until(() -> http.controlPlane.statements().size() == 2);
    assertThat(http.service.heard()).hasSize(1);
    assertThat(late).isNotDone();
    http.controlPlane.leaseDown(false);
    assertThat(late.join().statusCode()).isEqualTo(200);
    assertThat(http.service.heard()).hasSize(2);
  }
}
