package org.openlockbox.server.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.server.TestGateway;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestServer.Answer;
import org.openlockbox.server.TestTenant;

/// The control plane's database goes away and comes back while the server stays up.
final class AwayDatabaseTest {
  /// A connection that was idle for longer is looked at before it is used, so none that the outage
  /// broke is met any more.
  private static final Duration LOOKED_AT = Duration.ofMillis(600);

  private static final TestServer SERVER = new TestServer();
  private static final TestTenant ACME = new TestTenant(SERVER, "acme", 1);
  private static final String DATABASE =
      SERVER.jdbcUrl.replaceFirst("\\?.*", "").replaceFirst(".*/", "");

  @AfterAll
  static void close() {
    SERVER.close();
  }

  /// Nobody gets in any more, and whoever is in is put out.
  private static void away(boolean gone) throws SQLException {
    var other = SERVER.jdbcUrl.replace("/" + DATABASE, "/postgres");
    try (var connection = DriverManager.getConnection(other);
        var statement = connection.createStatement()) {
      statement.execute(
          "alter database %s with allow_connections %s".formatted(DATABASE, gone ? "off" : "on"));
      if (gone) {
        statement.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = '%s'"
                .formatted(DATABASE));
      }
    }
  }

  @Test
  void everyCallSaysSoNothingIsRenewedOrWrittenAndAllGoesOnAfterwards() throws Exception {
    var gateway = new TestGateway(SERVER, 0, "gw-1", "00000000000000aa");
    gateway.lease();
    var request = ACME.approve(ACME.ask("helpdesk"));
    var session = gateway.open(ACME, request);
    var text = TestGateway.sql("select 1");
    var statement = gateway.entry(ACME, TestGateway.statement(session, 0, text), text);
    int size = ACME.verifiedLog().size();
    away(true);
    try {
      unavailable(gateway.lease());
      unavailable(gateway.append(statement));
      var path = ACME.requests() + "/" + TestTenant.ref(request).id();
      for (var profile : List.of("engineer", "acme-approver", "operator")) {
        unavailable(SERVER.get(profile, path));
      }
      unavailable(
          SERVER.post(
              "engineer", ACME.requests(), ACME.wish("helpdesk"), Map.of("Idempotency-Key", "k")));
    } finally {
      away(false);
    }
    again(gateway::lease);
    LockSupport.parkNanos(LOOKED_AT.toNanos());
    assertThat(ACME.verifiedLog()).hasSize(size);
    assertThat(TestGateway.indices(again(() -> gateway.append(statement))))
        .containsExactly((long) size);
    assertThat(ACME.revoke(ACME.show(request)).json().text("state")).isEqualTo("revoked");
    var told = gateway.lease().json().objects("tenants").getFirst();
    assertThat(told.texts("ended")).containsExactly(TestTenant.ref(request).id().value());
    ACME.verifiedLog();
  }

  private static void unavailable(Answer answer) {
    assertThat(answer.status()).as(answer.toString()).isEqualTo(503);
    assertThat(answer.json().text("detail")).contains("cannot reach its database");
    assertThat(answer.code()).isEqualTo("unavailable");
    assertThat(answer.response().headers().firstValue("Retry-After")).contains("1");
  }

  /// The answer once the database is back: a call may still meet a connection that the outage
  /// broke, and says so, as gateways expect.
  private static Answer again(Supplier<Answer> call) {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (true) {
      var answer = call.get();
      if (answer.status() != 503) {
        return answer;
      }
      assertThat(System.nanoTime()).as(answer.toString()).isLessThan(deadline);
    }
  }
}
