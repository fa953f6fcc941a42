package org.openlockbox.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.postgres.testing.Psql;

/// A client that has sent something while everything was held is told why its session ended.
class LastWordsTest {
  private static final String WHY = "the gateway has lost the control plane";

  private final GatewayFixture fixture = new GatewayFixture(Duration.ofSeconds(3));

  @AfterEach
  void nothingIsLeft() {
    fixture.controlPlane.leaseDown(false);
    fixture.close();
    assertThat(GatewayFixture.sessionRoles()).isZero();
  }

  private void loseTheLease() {
    fixture.slowDown();
    fixture.controlPlane.leaseDown(true);
    fixture.letPass(Duration.ofMillis(1300)); // longer than the last answer is good for
  }

  @Test
  void psqlThatWaitsForItsAnswerPrintsTheReason() throws Exception {
    Process psql = psql(fixture.approved(Level.MASKED).user());
    BufferedReader out = psql.inputReader(UTF_8);
    types(psql, "select 'up';");
    assertThat(out.readLine()).isEqualTo("up");
    loseTheLease();
    types(psql, "select 'held';");
    assertThat(psql.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(new String(psql.getErrorStream().readAllBytes(), UTF_8)).contains("FATAL:  " + WHY);
    assertThat(out.readLine()).isNull();
  }

  @Test
  void psqlThatOnlyLooksLaterPrintsTheReasonToo() throws Exception {
    Process psql = psql(fixture.approved(Level.MASKED).user());
    BufferedReader out = psql.inputReader(UTF_8);
    types(psql, "select 'up';");
    assertThat(out.readLine()).isEqualTo("up");
    loseTheLease();
    GatewayFixture.await(Duration.ofSeconds(30), () -> GatewayFixture.sessionRoles() == 0);
    fixture.letPass(Duration.ofSeconds(1)); // until the connection is closed for good
    types(psql, "select 'late';");
    assertThat(psql.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(new String(psql.getErrorStream().readAllBytes(), UTF_8)).contains("FATAL:  " + WHY);
    assertThat(out.readLine()).isNull();
  }

  private Process psql(String user) throws IOException {
    String target =
        "host=127.0.0.1 port=%d dbname=postgres user=%s sslmode=require"
            .formatted(fixture.gateway.port(), user);
    return Psql.to(target, GatewayFixture.PASSWORD, List.of("-Atq")).start();
  }

  private static void types(Process psql, String line) throws IOException {
    psql.outputWriter(UTF_8).write(line + "\n");
    psql.outputWriter(UTF_8).flush();
  }

  /// More than fits into the sockets, so that the client is still writing when the session ends.
  @Test
  void aClientThatIsStillWritingCanReadTheReason() throws Exception {
    var access = fixture.approved(Level.READ);
    try (Connection connection = fixture.connect(access, "&sendBufferSize=32768");
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      loseTheLease();
      byte[] large = Wire.query("select '" + "x".repeat(900_000) + "'");
      var writing =
          threads.submit(
              () -> {
                for (int i = 0; i < 5; i++) {
                  Wire.of(connection).write(large);
                }
                Wire.of(connection).flush();
                return "written";
              });
      assertThat(writing.get(60, TimeUnit.SECONDS)).isEqualTo("written");
      byte[] told = Wire.socket(connection).getInputStream().readAllBytes();
      assertThat(new String(told, UTF_8)).contains("57P01", WHY);
    }
  }
}
