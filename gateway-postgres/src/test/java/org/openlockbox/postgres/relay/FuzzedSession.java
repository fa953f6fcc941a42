package org.openlockbox.postgres.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.scram.ScramPassword;
import org.openlockbox.core.testing.TenantFixture;
import org.openlockbox.gateway.admission.Admission;
import org.openlockbox.gateway.admission.Permit;
import org.openlockbox.gateway.admission.Witnessing;
import org.openlockbox.gateway.budget.Budgets;
import org.openlockbox.gateway.budget.Budgets.Meter;
import org.openlockbox.gateway.budget.MemoryShares;
import org.openlockbox.gateway.budget.RecordShares;
import org.openlockbox.gateway.gate.GateTest;
import org.openlockbox.gateway.gate.SocketStates;
import org.openlockbox.gateway.notice.EndReason;
import org.openlockbox.gateway.recorder.PendingEntry;
import org.openlockbox.gateway.recorder.Recorder;
import org.openlockbox.gateway.resource.ProtectedResources;
import org.openlockbox.gateway.session.SessionRecord;
import org.openlockbox.gateway.testing.FakeControlPlane;
import org.openlockbox.gateway.testing.InstantLog;
import org.openlockbox.gateway.trace.SessionTraces;
import org.openlockbox.net.Buffers;
import org.openlockbox.net.Loop;
import org.openlockbox.net.SocketConnection;
import org.openlockbox.net.TestClearance;
import org.openlockbox.net.TestLines;
import org.openlockbox.policy.CelConditions;
import org.openlockbox.postgres.GatewayFixture;
import org.openlockbox.postgres.batch.AsyncFilter;
import org.openlockbox.postgres.batch.QueryBatch;
import org.openlockbox.postgres.catalogue.ResourceSpec.Catalogs;
import org.openlockbox.postgres.database.AdminConnections;
import org.openlockbox.postgres.database.GatewayBoot;
import org.openlockbox.postgres.database.PostgresResource;
import org.openlockbox.postgres.database.SessionRoles;
import org.openlockbox.postgres.fence.WriteHints;
import org.openlockbox.postgres.login.DatabaseEndpoint;
import org.openlockbox.postgres.login.ServerLink;
import org.openlockbox.postgres.login.ServerLogin;
import org.openlockbox.postgres.statement.StatementFilters;
import org.openlockbox.postgres.wire.ConnectionRefusal;
import org.openlockbox.postgres.wire.WireViolation;

/// Both directions of a session at level `write`, between two sockets on which a script says
/// anything: bytes of the client and of the database in turn. Whatever it says, the session ends by
/// a [WireViolation] or a refusal, or goes on; what reaches the database is whole messages, each
/// statement of them on record; and no row comes back of which nothing is on record.
final class FuzzedSession {
  private static final String ROLE = "fuzzed";
  private static final String PASSWORD = "a-password-that-is-told-to-nobody";

  private static final int PIECE = 10_000;

  /// Comes last on each way of a session: whoever has read it has read all.
  private static final byte[] MARK = "the end of this session".getBytes(UTF_8);

  private final SecureRandom random = new SecureRandom();
  private final Instant now = Instant.now();
  private final GatewayFixture fixture = new GatewayFixture();
  private final Permit permit = permit();
  private final Buffers buffers = new Buffers();
  private final StatementFilters judges =
      StatementFilters.start(Optional.empty(), 1, System::nanoTime);
  private final InstantLog log = new InstantLog();
  private final Recorder recorder =
      new Recorder(log, (tenant, body, counter) -> Bytes.ofUtf8("s")).start();
  private final SocketChannel client;
  private final SocketConnection clientLine;
  private final SocketChannel database;
  private final ServerLink databaseLink;

  static FuzzedSession start() {
    try {
      return new FuzzedSession();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private FuzzedSession() throws Exception {
    try (var listening = listening()) {
      client = SocketChannel.open(listening.getLocalAddress());
      clientLine = TestLines.over(listening.accept());
      clientLine
          .serveOn(buffers, TestClearance.OPEN)
          .setOption(StandardSocketOptions.TCP_NODELAY, true);
    }
    try (var listening = listening()) {
      CompletableFuture<SocketChannel> accepted =
          CompletableFuture.supplyAsync(() -> loggedIn(listening));
      int port = ((InetSocketAddress) listening.getLocalAddress()).getPort();
      var login = new ServerLogin(ROLE, new ScramPassword(PASSWORD), "template1", Map.of());
      databaseLink =
          ServerLink.open(DatabaseEndpoint.unencrypted("127.0.0.1", port), login, random);
      databaseLink.line().serveOn(buffers, TestClearance.OPEN);
      database = accepted.get();
    }
    for (SocketChannel each : List.of(client, database)) {
      each.setOption(StandardSocketOptions.TCP_NODELAY, true);
      each.configureBlocking(false);
    }
  }

  private static ServerSocketChannel listening() throws IOException {
    return ServerSocketChannel.open()
        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  private Permit permit() {
    var access = fixture.approved(Level.WRITE);
    var spec = GatewayFixture.DATABASE.catalogue().resources().getFirst();
    var boot = new GatewayBoot(TenantFixture.GATEWAY, "00000000000f0225");
    var resource =
        PostgresResource.of(
            spec,
            place ->
                new SessionRoles(
                    place,
                    AdminConnections.to(place.address(), "unused", boot),
                    boot,
                    random,
                    System::nanoTime));
    var admission =
        new Admission(
            fixture.controlPlane,
            new ProtectedResources(List.of(resource)),
            FakeControlPlane.credential(fixture.tenant),
            Map.of(fixture.tenant.tenant(), fixture.tenant.pin()),
            new CelConditions(),
            new Witnessing(fixture.controlPlane, InstantSource.system(), System::nanoTime),
            (tenant, request, problem) -> {},
            () -> true,
            InstantSource.system(),
            random);
    var offer = fixture.controlPlane.connect(access.user()).orElseThrow();
    return (Permit) admission.decide(offer, access.user(), "postgres");
  }

  /// Passes a login on to a real database; whoever asked is then spoken to by the script.
  private static SocketChannel loggedIn(ServerSocketChannel listening) {
    try (Connection superuser = GatewayFixture.DATABASE.superuser();
        var statement = superuser.createStatement()) {
      statement.execute("create role " + ROLE + " login password '" + PASSWORD + "'");
      SocketChannel asking = listening.accept();
      try (SocketChannel real =
          SocketChannel.open(
              new InetSocketAddress(
                  InetAddress.getLoopbackAddress(), GatewayFixture.DATABASE.port()))) {
        Thread.ofVirtual().start(() -> pass(asking, real));
        for (boolean ready = false; !ready; ) {
          ByteBuffer some = ByteBuffer.allocate(64 * 1024);
          int count = real.read(some);
          ready = count > 6 && some.get(count - 6) == 'Z';
          asking.write(some.flip());
        }
      }
      statement.execute("drop role " + ROLE);
      return asking;
    } catch (IOException | SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The three words of a login: the start-up packet and two of SCRAM.
  private static void pass(SocketChannel asking, SocketChannel real) {
    try {
      for (int i = 0; i < 3; i++) {
        ByteBuffer some = ByteBuffer.allocate(16 * 1024);
        asking.read(some);
        real.write(some.flip());
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Runs a script: a byte that says who speaks (odd: the database) and, above that, how many bytes
  /// follow.
  void run(byte[] script) throws PeerGone, IOException {
    var session = new Directions();
    var words = ByteBuffer.wrap(script);
    try {
      while (words.remaining() > 1) {
        int head = words.get() & 0xff;
        byte[] said = new byte[Math.min(head >> 1, words.remaining())];
        words.get(said);
        session.hear((head & 1) == 0, said);
      }
    } catch (WireViolation | ConnectionRefusal expected) {
      // the session ends
    }
    session.check();
  }

  /// How many of these messages are recorded in the first turn in which any are.
  long recordedInOneTurn(byte[] messages) throws PeerGone, IOException {
    var session = new Directions();
    client.write(ByteBuffer.wrap(messages));
    while (session.record.newest() == null) {
      session.up.arrived();
      session.up.advance();
    }
    session.awaitRecord();
    return log.statements() - session.before;
  }

  /// What the client reads of the answers to its query, and why they are a violation, if they are.
  record Reading(Bytes bytes, Optional<String> violation) {}

  /// The answers come in pieces, as from a network.
  Reading read(byte[] query, byte[] answers) throws PeerGone, IOException {
    var session = new Directions();
    Optional<String> violation = Optional.empty();
    try {
      session.hear(true, query);
      for (int at = 0; at < answers.length; at += PIECE) {
        session.hear(false, Arrays.copyOfRange(answers, at, Math.min(answers.length, at + PIECE)));
      }
    } catch (WireViolation e) {
      violation = Optional.ofNullable(e.getMessage());
    }
    session.check();
    return new Reading(Bytes.of(session.toClient.toByteArray()), violation);
  }

  /// What is on record of a result that comes in two parts, and of which the client is gone before
  /// the second.
  SessionEvent.Outcome cutOffBehind(byte[] query, byte[] first, byte[] second)
      throws PeerGone, IOException {
    var session = new Directions();
    session.hear(true, query);
    session.hear(false, first);
    client.setOption(StandardSocketOptions.SO_LINGER, 0);
    client.close();
    database.write(ByteBuffer.wrap(second));
    assertThatExceptionOfType(PeerGone.class)
        .isThrownBy(
            () -> {
              while (true) {
                session.down.arrived();
                session.down.advance();
              }
            });
    session.down.cutOff("08006");
    GatewayFixture.await(() -> log.outcome().isPresent());
    return log.outcome().get();
  }

  /// Whether a lapse has nothing to stop: before the end, after it, and with something on its way
  /// to the client.
  List<Boolean> settledBeforeAndAfterItsEnd() throws IOException {
    var talk = new Directions().talk;
    for (long number = 0; number < 2; number++) {
      talk.statements()
          .query(
              QueryBatch.QueryPosition.ALONE,
              false,
              new SessionRecord.RecordedOperation(number, Bytes.empty()));
    }
    var relay =
        new Relay(
            new Loop(Thread.ofPlatform().daemon()),
            talk,
            clientLine,
            System::nanoTime,
            new NoEnding());
    try (var states = SocketStates.ofMachine()) {
      boolean before = relay.isSettled(states);
      talk.gate().shut();
      boolean ended = relay.isSettled(states);
      byte[] rows = new byte[PIECE];
      while (clientLine.isFlushed()) {
        clientLine.write(rows, 0, rows.length);
      }
      return List.of(before, ended, relay.isSettled(states));
    }
  }

  /// One session.
  private final class Directions {
    private final SessionRecord record =
        new SessionRecord(
            recorder.access(permit.tenant()),
            new RecordShares.RecordShare(1L << 30),
            SessionId.random(random),
            random,
            () -> {},
            SessionTraces.none());
    private final SessionContext talk =
        new SessionContext(
            GateTest.openGate(now, permit.end()),
            record,
            Level.WRITE,
            WriteHints.NONE,
            new AsyncFilter(
                permit.texts(),
                judges.of(
                    permit.terms().limits().profile(),
                    Level.WRITE,
                    Set.of(),
                    Set.of(),
                    Catalogs.CLOSED),
                Runnable::run,
                () -> {}),
            new MemoryShares(InstantSource.fixed(now)).of(permit));
    private final long before = log.statements();
    private final ClientPump up;
    private final ServerPump down;
    private final ByteArrayOutputStream toClient = new ByteArrayOutputStream();
    private final ByteArrayOutputStream toDatabase = new ByteArrayOutputStream();

    Directions() {
      Meter meter =
          new Budgets(fixture.controlPlane, Duration.ofSeconds(30), InstantSource.fixed(now))
              .enter(permit, () -> {});
      var toServer = new Outlet(databaseLink.line(), talk.gate().in(), EndReason.DATABASE_LEFT);
      var back = new Outlet(clientLine, talk.gate().out(), EndReason.CLIENT_LEFT);
      up = new ClientPump(clientLine, toServer, talk, System::nanoTime, buffers);
      down =
          new ServerPump(
              databaseLink, back, talk, meter, () -> {}, System::nanoTime, new byte[0], buffers);
    }

    void hear(boolean fromClient, byte[] said) throws PeerGone, IOException {
      (fromClient ? client : database).write(ByteBuffer.wrap(said));
      up.arrived();
      down.arrived();
      do {
        awaitRecord();
        down.advance();
        up.advance();
        drain(client, toClient);
        drain(database, toDatabase);
      } while (isWaiting() || up.isPausing());
    }

    private boolean isWaiting() {
      return Optional.ofNullable(record.newest()).filter(entry -> !entry.isDurable()).isPresent();
    }

    private void awaitRecord() {
      for (PendingEntry newest = record.newest();
          newest != null && !newest.isDurable() && !newest.isRefused(); ) {
        Thread.onSpinWait();
      }
    }

    private static void drain(SocketChannel from, ByteArrayOutputStream into) throws IOException {
      ByteBuffer some = ByteBuffer.allocate(64 * 1024);
      while (from.read(some.clear()) > 0) {
        into.write(some.array(), 0, some.position());
      }
    }

    void check() throws IOException {
      until(clientLine, client, toClient);
      until(databaseLink.line(), database, toDatabase);
      discard(client, clientLine);
      discard(database, databaseLink.line());
      long recorded = log.statements() - before;
      assertThat(count(toDatabase.toByteArray(), "QE", true)).isLessThanOrEqualTo(recorded);
      if (recorded == 0) {
        assertThat(count(toClient.toByteArray(), "Dd", false)).isZero();
      }
    }

    /// Reads all that was written to the line: a loopback that is busy brings it later.
    private static void until(SocketConnection from, SocketChannel to, ByteArrayOutputStream into)
        throws IOException {
      from.write(MARK, 0, MARK.length);
      while (true) {
        from.flush();
        drain(to, into);
        if (endsWith(into)) {
          byte[] words = Arrays.copyOf(into.toByteArray(), into.size() - MARK.length);
          into.reset();
          into.writeBytes(words);
          return;
        }
        Thread.onSpinWait();
      }
    }

    private static boolean endsWith(ByteArrayOutputStream read) {
      byte[] all = read.toByteArray();
      int from = all.length - MARK.length;
      return from >= 0 && Arrays.equals(all, from, all.length, MARK, 0, MARK.length);
    }

    /// What nobody has read of this session's script, so that the next one begins afresh.
    private static void discard(SocketChannel from, SocketConnection by) throws IOException {
      ByteBuffer mark = ByteBuffer.wrap(MARK);
      var read = new ByteArrayOutputStream();
      byte[] some = new byte[64 * 1024];
      while (mark.hasRemaining() || !endsWith(read)) {
        from.write(mark);
        int count = by.read(some, 0, some.length);
        read.write(some, 0, Math.max(0, count));
      }
    }

    /// How many messages of these types the bytes hold; only of the last one the end may be
    /// missing, and of what is forwarded to a database not even that.
    private static long count(byte[] bytes, String types, boolean whole) {
      var messages = ByteBuffer.wrap(bytes);
      long found = 0;
      while (messages.remaining() >= 5) {
        char type = (char) messages.get();
        int length = messages.getInt() - 4;
        assertThat(length).as("length of %s", type).isNotNegative();
        if (whole) {
          assertThat(length).as("length of %s", type).isLessThanOrEqualTo(messages.remaining());
        }
        messages.position(messages.position() + Math.min(length, messages.remaining()));
        found += types.indexOf(type) >= 0 ? 1 : 0;
      }
      assertThat(whole && messages.hasRemaining()).isFalse();
      return found;
    }
  }
}
