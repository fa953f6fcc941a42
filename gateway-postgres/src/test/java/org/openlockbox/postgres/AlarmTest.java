package org.openlockbox.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.keyring.KeyringChange.Edit;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.testing.SignedPolicy;
import org.openlockbox.gateway.alarm.AlarmReceiver;

/// A whole gateway whose control plane shows tampered histories, and a customer's own receiver over
/// real HTTP.
class AlarmTest {
  private static final String KEY = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  private final Receiver customer = new Receiver();
  private final GatewayFixture fixture =
      GatewayFixture.telling(new AlarmReceiver(customer.url(), () -> "whsec_" + KEY));

  private record Call(String id, String body, boolean isSigned) {}

  /// Fails as long as it is told to.
  private static final class Receiver implements AutoCloseable {
    private final HttpServer http;
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private volatile int status = 200;

    Receiver() {
      try {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      http.createContext("/", this::answer);
      http.start();
    }

    URI url() {
      return URI.create("http://127.0.0.1:" + http.getAddress().getPort() + "/alarms");
    }

    private void answer(HttpExchange exchange) throws IOException {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      var headers = exchange.getRequestHeaders();
      String id = String.valueOf(headers.getFirst("webhook-id"));
      String signed = id + "." + headers.getFirst("webhook-timestamp") + "." + body;
      calls.add(
          new Call(id, body, ("v1," + mac(signed)).equals(headers.getFirst("webhook-signature"))));
      exchange.sendResponseHeaders(status, -1);
      exchange.close();
    }

    private static String mac(String text) {
      try {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Base64.getDecoder().decode(KEY), "HmacSHA256"));
        return Base64.getEncoder()
            .encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void close() {
      http.stop(0);
    }
  }

  @AfterEach
  void close() {
    fixture.close();
    customer.close();
  }

  private static long kept() {
    return GatewayFixture.DATABASE.count("select count(*) from lb.history_alarm");
  }

  private void isRefused(GatewayFixture.Access access) {
    assertThatThrownBy(() -> fixture.connect(access))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("the customer is told");
  }

  /// Bob's key is removed and the gateway has seen it; then the removal is hidden, and bob
  /// approves.
  private GatewayFixture.Access approvedByARemovedKey() throws SQLException {
    new SignedPolicy(fixture.tenant)
        .change(new Edit.RemoveKey(fixture.tenant.approver("bob").key().keyId()), "ann");
    try (Connection honest = fixture.connect(fixture.approved(Level.READ))) {
      assertThat(honest.isValid(5)).isTrue();
    }
    fixture.controlPlane.hide(entry -> entry.body() instanceof KeyringEvent.KeyRemoved);
    var asked = fixture.asked(Level.READ);
    fixture.tenant.approve(asked, "bob");
    return fixture.login(asked);
  }

  @Test
  void theCustomerIsToldByBothWays() throws SQLException {
    var access = approvedByARemovedKey();
    isRefused(access);
    isRefused(access);
    GatewayFixture.await(
        () -> !customer.calls.isEmpty() && !fixture.controlPlane.alarms().isEmpty());
    GatewayFixture.await(() -> kept() == 0);
    assertThat(fixture.controlPlane.alarms()).hasSize(1);
    assertThat(customer.calls)
        .singleElement()
        .satisfies(call -> assertThat(call.isSigned()).isTrue())
        .extracting(Call::body)
        .asString()
        .contains("\"org.openlockbox.log.refused\"", "\"acme\"", "leaves out")
        .contains(access.asked().submission().id().value());
  }

  /// Nobody takes an alarm away before it was delivered: not a control plane that does not answer,
  /// not a receiver that fails, and no restart.
  @Test
  void anAlarmOutlivesARestartUntilItIsDelivered() throws SQLException {
    var access = approvedByARemovedKey();
    customer.status = 503;
    isRefused(access);
    GatewayFixture.await(() -> !customer.calls.isEmpty() && kept() == 1);
    fixture.controlPlane.down(true);
    fixture.restart();
    customer.status = 200;
    int before = customer.calls.size();
    GatewayFixture.await(() -> customer.calls.size() > before);
    assertThat(kept()).isEqualTo(1);
    fixture.controlPlane.down(false);
    GatewayFixture.await(() -> kept() == 0);
    assertThat(fixture.controlPlane.alarms()).isNotEmpty();
    assertThat(customer.calls.stream().map(Call::id).distinct()).hasSize(1);
  }

  /// The lease tells a gateway of the revocation; then its entry is held back.
  @Test
  void aRevokedAccessStaysRevokedThroughARestart() throws SQLException {
    var access = fixture.approved(Level.READ);
    Connection session = fixture.connect(access);
    fixture.tenant.revoke(access.asked(), "ann");
    fixture.controlPlane.hide(entry -> entry.body() instanceof RequestEvent.Revoked);
    fixture.controlPlane.end(access.asked().submission().id());
    GatewayFixture.await(() -> GatewayFixture.answer(session, "select 1").startsWith("refused"));
    isRefused(access);
    GatewayFixture.await(
        () -> GatewayFixture.DATABASE.count("select count(*) from lb.ended_request") == 1);
    fixture.restart();
    isRefused(access);
  }

  @Test
  void anAlarmGoesNowhereInTheClear() {
    for (var url : List.of("http://acme.example/", "https:///x", "https://a:b@acme.example/")) {
      assertThatThrownBy(() -> AlarmReceiver.of(url, () -> ""))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
