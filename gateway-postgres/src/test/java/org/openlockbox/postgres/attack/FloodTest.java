package org.openlockbox.postgres.attack;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.gateway.session.LiveSessions;
import org.openlockbox.gateway.testing.Await;
import org.openlockbox.gateway.testing.WorkingTime;
import org.openlockbox.postgres.GatewayFixture;
import org.openlockbox.postgres.Wire;

/// One client sends what costs it little. Whoever shares its loop goes on.
@Tag("slow")
class FloodTest {
  /// Where one client holds up the others they wait for eight seconds and more. That the machine is
  /// busy with other things does not count.
  private static final Duration TOLD_WITHIN = Duration.ofSeconds(4);

  private static final String FLOODING = "flooding";

  private final GatewayFixture fixture = new GatewayFixture();

  @AfterEach
  void stop() {
    fixture.close();
    assertThat(GatewayFixture.sessionRoles()).isZero();
  }

  private interface Flood {
    void from(Connection attacker) throws IOException;
  }

  /// The longest that anybody waited for an answer in some seconds of this.
  private Duration longestWait(Flood flood) throws SQLException, InterruptedException {
    try (Connection attacker = fixture.connect(fixture.approved(Level.READ))) {
      List<Connection> others = new ArrayList<>();
      for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
        others.add(fixture.connect(fixture.approved(Level.READ))); // one on each loop
        assertThat(GatewayFixture.answer(others.getLast(), "select 1")).isEqualTo("1");
      }
      Thread flooding = Thread.ofPlatform().name(FLOODING).start(() -> begin(flood, attacker));
      Duration longest = longestWait(others);
      attacker.abort(Runnable::run);
      flooding.join();
      for (Connection other : others) {
        other.close();
      }
      return longest;
    }
  }

  private static void begin(Flood flood, Connection attacker) {
    try {
      flood.from(attacker);
    } catch (IOException e) {
      // it was closed
    }
  }

  private static Duration longestWait(List<Connection> others) {
    long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
    Duration longest = Duration.ZERO;
    while (System.nanoTime() - end < 0) {
      for (Connection other : others) {
        var time = WorkingTime.start(FLOODING);
        assertThat(GatewayFixture.answer(other, "select 1")).isEqualTo("1");
        Duration waited = time.soFar();
        longest = waited.compareTo(longest) > 0 ? waited : longest;
      }
      LockSupport.parkNanos(10_000_000L);
    }
    return longest;
  }

  @Test
  void whoAsksManyThingsBehindASlowStatementHoldsUpNobodyElse() throws Exception {
    assertThat(longestWait(FloodTest::askWithoutEnd)).isLessThan(TOLD_WITHIN);
  }

  private static void askWithoutEnd(Connection attacker) throws IOException {
    var out = Wire.of(attacker);
    byte[] slow = Talk.parse("", "select pg_sleep(20)");
    out.write(Talk.joined(slow, Talk.bind("", ""), Talk.execute("", 0), Talk.sync()));
    for (int i = 0; i < 20; i++) {
      out.write(batch(Talk.describe('S', "a")));
    }
    for (int i = 0; i < 4; i++) {
      out.write(batch(Talk.bind("p", "b")));
    }
    out.flush();
  }

  private static byte[] batch(byte[] message) {
    var batch = new ByteArrayOutputStream();
    for (int i = 0; i < 15_000; i++) {
      batch.writeBytes(message);
    }
    batch.writeBytes(Talk.sync());
    return batch.toByteArray();
  }

  /// Each session may begin a long statement, and end it slowly.
  @Test
  void statementsThatManySessionsBeginCannotFillTheGateway() throws Exception {
    var access = fixture.approved(Level.READ);
    List<Connection> attackers = new ArrayList<>();
    try (Connection other = fixture.connect(fixture.approved(Level.READ))) {
      for (int i = 0; i < 40; i++) {
        attackers.add(fixture.connect(access));
      }
      byte[] begun = new byte[16 * 1024 * 1024];
      Arrays.fill(begun, (byte) ' ');
      ByteBuffer.wrap(begun).put((byte) 'Q').putInt(begun.length);
      for (Connection attacker : attackers) {
        begin(each -> Wire.of(each).write(begun), attacker);
      }
      assertThat(GatewayFixture.answer(other, "select 1")).isEqualTo("1");
      assertThat(heap()).isLessThan(600L * 1024 * 1024);
    } finally {
      for (Connection attacker : attackers) {
        attacker.abort(Runnable::run);
      }
    }
  }

  /// What the database does not take while it is busy waits here. It costs the log nothing: the
  /// values are recorded by their digest.
  @Test
  void valuesThatManySessionsSendToABusyDatabaseCannotFillTheGateway() throws Exception {
    List<Connection> attackers = new ArrayList<>();
    try (var roomy =
            new GatewayFixture(LiveSessions.SessionLimits.STANDARD, InstantSource.system());
        Connection other = roomy.connect(roomy.approved(Level.READ))) {
      var access = roomy.approved(Level.READ);
      byte[] busy = Wire.query("select pg_sleep(600)");
      byte[] sent = Talk.joined(busy, Talk.parse("", "select $1::text"), longBind());
      for (int i = 0; i < 90 && !roomy.controlPlane.reasons().contains("violation"); i++) {
        attackers.add(roomy.connect(access));
        begin(each -> Wire.of(each).write(sent), attackers.getLast());
      }
      GatewayFixture.await(() -> roomy.controlPlane.reasons().contains("violation"));
      assertThat(GatewayFixture.answer(other, "select 1")).isEqualTo("1");
    } finally {
      for (Connection attacker : attackers) {
        attacker.abort(Runnable::run);
      }
    }
  }

  /// What is asked behind a statement that does not end is remembered until it is answered. It
  /// costs the log nothing.
  @Test
  void questionsThatManySessionsAskABusyDatabaseCannotFillTheGateway() throws Exception {
    var asked = new ByteArrayOutputStream();
    asked.writeBytes(Wire.query("select pg_sleep(600)"));
    for (int i = 0; i < 9_000; i++) {
      asked.writeBytes(Talk.joined(Talk.describe('S', "a"), Talk.sync()));
    }
    List<Connection> attackers = new ArrayList<>();
    try (var roomy =
            new GatewayFixture(LiveSessions.SessionLimits.STANDARD, InstantSource.system());
        Connection other = roomy.connect(roomy.approved(Level.READ))) {
      var access = roomy.approved(Level.READ);
      while (attackers.size() < 60 && !roomy.controlPlane.reasons().contains("violation")) {
        List<Connection> some = several(roomy, access);
        attackers.addAll(some);
        some.forEach(attacker -> begin(each -> Wire.of(each).write(asked.toByteArray()), attacker));
      }
      GatewayFixture.await(() -> roomy.controlPlane.reasons().contains("violation"));
      assertThat(GatewayFixture.answer(other, "select 1")).isEqualTo("1");
    } finally {
      for (Connection attacker : attackers) {
        attacker.abort(Runnable::run);
      }
    }
  }

  /// An error repeats what it is about, up to a megabyte, and is held until it is taken.
  @Test
  void errorsThatManySessionsDoNotTakeCannotFillTheGateway() throws Exception {
    List<Connection> attackers = new ArrayList<>();
    try (var roomy =
            new GatewayFixture(LiveSessions.SessionLimits.STANDARD, InstantSource.system());
        Connection other = roomy.connect(roomy.approved(Level.READ))) {
      var access = roomy.approved(Level.READ);
      byte[] asked = Wire.query("select cast(repeat('x', 1000000) as integer)");
      byte[] sent = Talk.joined(asked, asked, asked, asked, asked, asked, asked, asked);
      while (attackers.size() < 400 && !roomy.controlPlane.reasons().contains("violation")) {
        List<Connection> some = several(roomy, access);
        attackers.addAll(some);
        some.forEach(attacker -> begin(each -> Wire.of(each).write(sent), attacker));
      }
      GatewayFixture.await(() -> roomy.controlPlane.reasons().contains("violation"));
      assertThat(GatewayFixture.answer(other, "select 1")).isEqualTo("1");
    } finally {
      for (Connection attacker : attackers) {
        attacker.abort(Runnable::run);
      }
    }
  }

  /// Eight more sessions, opened at once; fewer if the one that is ended for the others is among
  /// them.
  private static List<Connection> several(GatewayFixture gateway, GatewayFixture.Access access)
      throws Exception {
    try (var logins = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Connection>> open = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        open.add(logins.submit(() -> gateway.connect(access)));
      }
      List<Connection> several = new ArrayList<>();
      for (Future<Connection> each : open) {
        try {
          several.add(each.get());
        } catch (ExecutionException e) {
          assertThat(e).hasStackTraceContaining("too much is under way");
          GatewayFixture.await(() -> gateway.controlPlane.reasons().contains("violation"));
        }
      }
      return several;
    }
  }

  /// A message that waits is looked at again and again, and decoded once.
  @Test
  void aLongMessageThatWaitsCostsItsLoopNothing() throws Exception {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (Connection attacker = fixture.connect(fixture.approved(Level.READ))) {
      var out = Wire.of(attacker);
      out.write(Talk.joined(Wire.query("select pg_sleep(20)"), longBind()));
      out.flush();
      Await.atLeast(Duration.ofSeconds(1));
      long before = threads.getTotalThreadAllocatedBytes();
      Await.atLeast(Duration.ofSeconds(2));
      long allocated = threads.getTotalThreadAllocatedBytes() - before;
      attacker.abort(Runnable::run);
      assertThat(allocated).isLessThan(200L * 1024 * 1024);
    }
  }

  /// A Bind with one value as long as one may be, of the unnamed statement.
  private static byte[] longBind() {
    byte[] value = new byte[16 * 1024 * 1024 - 100];
    Arrays.fill(value, (byte) 'x');
    byte[] head =
        ByteBuffer.allocate(10).putInt(0).putShort((short) 1).putInt(value.length).array();
    return Wire.message('B', Talk.joined(head, value, new byte[2]));
  }

  /// What is reachable, after a collection.
  private static long heap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  @Test
  void whoChangesTheKeysOfTlsWithoutEndHoldsUpNobodyElse() throws Exception {
    assertThat(longestWait(FloodTest::changeKeysWithoutEnd)).isLessThan(TOLD_WITHIN);
    GatewayFixture.await(() -> fixture.controlPlane.reasons().contains("client-left"));
  }

  private static void changeKeysWithoutEnd(Connection attacker) throws IOException {
    var socket = (SSLSocket) Wire.socket(attacker);
    long end = System.nanoTime() + Duration.ofSeconds(15).toNanos();
    while (System.nanoTime() - end < 0) {
      socket.startHandshake(); // of a TLS 1.3 that stands already: new keys
    }
  }

  /// What several columns are set to stands in the tree of a text once for each of them.
  @Test
  void shortTextsWithLongTreesHoldUpNobodyElse() throws Exception {
    assertThat(longestWait(FloodTest::nestUpdates)).isLessThan(TOLD_WITHIN);
  }

  private static void nestUpdates(Connection attacker) throws IOException {
    var texts = new ByteArrayOutputStream();
    for (int i = 0; i < 200; i++) {
      String value = String.valueOf(i);
      for (int deep = 0; deep < 5; deep++) {
        value = "(with a as (update a set (a,a,a,a,a,a,a,a)=" + value + ") select)";
      }
      texts.writeBytes(Wire.query("update a set (a,a,a)/**/=" + value));
    }
    var out = Wire.of(attacker);
    out.write(texts.toByteArray());
    out.flush();
  }

  /// Reading a text may take as long as two seconds: comments in comments do.
  @Test
  void longTextsThatManySessionsSendHoldUpNoLongTextOfOthers() throws Exception {
    byte[] slow = Wire.query("select " + "/*".repeat(50_000));
    var access = fixture.guarded(Level.READ); // so that the database need not read them too
    List<Connection> attackers = new ArrayList<>();
    try (Connection other = fixture.connect(fixture.approved(Level.READ))) {
      for (int i = 0; i < 10; i++) {
        attackers.add(fixture.connect(access));
        begin(each -> Wire.of(each).write(slow), attackers.getLast());
      }
      Await.atLeast(Duration.ofMillis(500));
      var time = WorkingTime.start();
      String answer = GatewayFixture.answer(other, "select 1" + " ".repeat(4_000));
      assertThat(answer).isEqualTo("1");
      assertThat(time.soFar()).isLessThan(TOLD_WITHIN);
    } finally {
      for (Connection attacker : attackers) {
        attacker.abort(Runnable::run);
      }
    }
  }
}
