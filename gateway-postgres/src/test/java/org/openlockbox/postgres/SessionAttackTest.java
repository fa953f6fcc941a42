package org.openlockbox.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.openlockbox.postgres.GatewayFixture.answer;
import static org.openlockbox.postgres.Wire.message;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.gateway.testing.Await;
import org.openlockbox.postgres.GatewayFixture.Access;
import org.openlockbox.postgres.testing.Psql;

/// What a client that has logged in may try. A real psql does the login; hostile bytes come after.
class SessionAttackTest {
  private static final GatewayFixture FIXTURE = new GatewayFixture();

  @AfterAll
  static void nothingIsLeft() {
    FIXTURE.close();
    assertThat(GatewayFixture.sessionRoles()).isZero();
  }

  private record Hostile(String name, Bytes bytes) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Hostile hostile(String name, byte[] bytes) {
    return new Hostile(name, Bytes.of(bytes));
  }

  static List<Object> hostileMessages() {
    return List.of(
        hostile(
            "function call that lies", message('F', new byte[] {0, 0, 8, 30, 0, 0, 0, 9, 0, 0})),
        hostile("unknown type", message('z', new byte[4])),
        hostile("length 3", new byte[] {'Q', 0, 0, 0, 3}),
        hostile("length of 2 GiB", new byte[] {'Q', 127, -1, -1, -1}),
        hostile("negative length", new byte[] {'S', -1, -1, -1, -1}),
        hostile("bind that lies", message('B', new byte[] {0, 0, 0, 0, 127, 127, 0, 0})),
        hostile("query without end", message('Q', "select 1".getBytes(UTF_8))),
        hostile("query with NUL inside", message('Q', "select 1\0; x\0".getBytes(UTF_8))),
        hostile("query not in UTF-8", message('Q', new byte[] {(byte) 0xff, (byte) 0xfe, 0})),
        hostile("close of nothing", message('C', new byte[] {'X', 'a', 0})),
        hostile("password message", message('p', new byte[] {0})));
  }

  @ParameterizedTest
  @MethodSource("hostileMessages")
  void aHostileMessageEndsItsSessionAndIsNotForwarded(Object hostile) throws Exception {
    Access access = FIXTURE.approved(Level.READ);
    try (Connection connection = FIXTURE.connect(access)) {
      OutputStream out = Wire.of(connection);
      out.write(((Hostile) hostile).bytes().toArray());
      out.flush();
      assertThat(answer(connection, "select 1")).startsWith("refused");
    }
  }

  private static byte[] text(String... parts) {
    return (String.join("\0", parts) + "\0").getBytes(UTF_8);
  }

  private static byte[] parse(String name, String sql) {
    return message('P', Arrays.copyOf(text(name, sql), text(name, sql).length + 2));
  }

  private static byte[] together(byte[]... messages) {
    var all = new ByteArrayOutputStream();
    for (byte[] message : messages) {
      all.writeBytes(message);
    }
    return all.toByteArray();
  }

  @Test
  void aTextThatIsOnlyParsedIsRecordedBeforeItsNameCanBeForgotten() throws Exception {
    try (Connection connection = FIXTURE.connect(FIXTURE.approved(Level.READ))) {
      String hidden = "select 'hidden', name from customers";
      Wire.of(connection).write(together(parse("x", hidden), message('S', new byte[0])));
      Wire.of(connection).flush();
      GatewayFixture.await(() -> FIXTURE.controlPlane.statements().contains(hidden));
    }
  }

  /// PostgreSQL would take both names for one, and the record would show the text of the other.
  @Test
  void namesThatPostgresqlWouldShortenEndTheSession() throws Exception {
    try (Connection connection = FIXTURE.connect(FIXTURE.approved(Level.READ))) {
      byte[] close = message('C', ("S" + "n".repeat(63) + "b\0").getBytes(UTF_8));
      Wire.of(connection).write(together(close, message('S', new byte[0])));
      Wire.of(connection).flush();
      assertThat(answer(connection, "select 1")).startsWith("refused");
    }
  }

  @Test
  void textsOfPreparedStatementsCannotFillTheGateway() throws Exception {
    try (Connection connection = FIXTURE.connect(FIXTURE.approved(Level.READ))) {
      OutputStream out = Wire.of(connection);
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 256; i++) {
                  out.write(parse("n" + i, "select '" + "x".repeat(1_000_000) + "'"));
                  out.flush();
                }
              })
          .isInstanceOf(IOException.class);
      connection.abort(Runnable::run);
    }
  }

  @Test
  void aClientThatReadsSlowlyGetsNothingFromTheNetworkAfterTheEnd() throws Exception {
    Access access = FIXTURE.approved(Level.READ);
    try (Connection connection = FIXTURE.connect(access, "&receiveBufferSize=8192")) {
      String endless = "select repeat('x', 1000) from generate_series(1, 1000000)";
      Wire.of(connection).write(message('Q', text(endless)));
      Wire.of(connection).flush();
      GatewayFixture.await(() -> FIXTURE.controlPlane.statements().contains(endless));
      Await.atLeast(Duration.ofMillis(300)); // until the way to the client is full
      FIXTURE.controlPlane.end(access.asked().submission().id());
      Await.atLeast(Duration.ofMillis(1200)); // longer than an end may take
      assertThat(unread(Wire.socket(connection).getInputStream())).isLessThan(400_000);
      connection.abort(Runnable::run); // no goodbye: the gateway has closed it
    }
  }

  private static long unread(InputStream in) {
    long count = 0;
    try {
      byte[] some = new byte[8192];
      for (int n = in.read(some); n >= 0; n = in.read(some)) {
        count += n;
      }
      return count;
    } catch (IOException e) {
      return count;
    }
  }

  @Test
  void seededNoiseAfterLoginNeverReachesTheDatabase() throws Exception {
    var random = new Random(7);
    for (int i = 0; i < 15; i++) {
      try (Connection connection = FIXTURE.connect(FIXTURE.approved(Level.READ))) {
        byte[] noise = new byte[random.nextInt(6, 80)];
        random.nextBytes(noise);
        noise[0] = (byte) (128 + random.nextInt(128));
        Wire.of(connection).write(noise);
        Wire.of(connection).flush();
        assertThat(answer(connection, "select 1")).startsWith("refused");
      }
    }
  }

  @Test
  void theDatabaseItselfRefusesWhatTheLevelDoesNotHold() throws SQLException {
    try (Connection connection = FIXTURE.connect(FIXTURE.approved(Level.READ))) {
      for (String sql :
          List.of(
              "insert into customers values (1, 1, 'a', 'b')",
              "update customers set name = 'x'",
              "select * from public.customers",
              "set role postgres",
              "set session authorization postgres",
              "create table mine (x int)")) {
        assertThat(answer(connection, sql)).as(sql).startsWith("refused");
      }
    }
  }

  @Test
  void psqlConnectsIsGreetedAndRecorded() throws Exception {
    Access access = FIXTURE.approved(Level.MASKED);
    String target =
        "host=127.0.0.1 port=%d dbname=postgres user=%s sslmode=require channel_binding=require"
            .formatted(FIXTURE.gateway.port(), access.user());
    var words = List.of("-At", "-c", "select count(*) from customers");
    var running = Psql.to(target, GatewayFixture.PASSWORD, words).redirectErrorStream(true).start();
    String output = new String(running.getInputStream().readAllBytes(), UTF_8);
    assertThat(running.waitFor()).as(output).isZero();
    assertThat(output).contains("every statement is recorded", "10000");
    assertThat(FIXTURE.controlPlane.statements()).contains("select count(*) from customers");
  }
}
