package org.openlockbox.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.Terms;
import org.openlockbox.core.access.Window;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.limits.Profile;
import org.openlockbox.core.statement.ConnectStatement;
import org.openlockbox.core.testing.SettableClock;
import org.openlockbox.core.testing.TenantFixture;
import org.openlockbox.gateway.GatewayConfig;
import org.openlockbox.gateway.LockboxGateway;
import org.openlockbox.gateway.alarm.AlarmReceiver;
import org.openlockbox.gateway.clock.Clocks;
import org.openlockbox.gateway.controlplane.ConnectOffer;
import org.openlockbox.gateway.controlplane.GatewayIdentity;
import org.openlockbox.gateway.login.LoginLimits;
import org.openlockbox.gateway.protocol.GatewayProtocol;
import org.openlockbox.gateway.session.LiveSessions;
import org.openlockbox.gateway.testing.Await;
import org.openlockbox.gateway.testing.FakeControlPlane;
import org.openlockbox.gateway.testing.TwoTenants;
import org.openlockbox.net.TestCertificate;
import org.openlockbox.postgres.catalogue.Catalogue;
import org.openlockbox.postgres.catalogue.DatabaseAddress;
import org.openlockbox.postgres.login.TestVerifier;
import org.openlockbox.postgres.testing.GrammarProgram;
import org.openlockbox.postgres.testing.ProtectedDatabase;

/// A whole gateway in front of a real database, with a control plane in memory. It serves two
/// tenants; most tests are about the first.
public final class GatewayFixture implements AutoCloseable {
  public static final ProtectedDatabase DATABASE = ProtectedDatabase.start();
  static final TestCertificate CERTIFICATE = TestCertificate.make();

  /// SQLSTATE of a database that is not there.
  private static final String CANNOT_CONNECT = "08001";

  private static final Duration IDLE = Duration.ofMinutes(10);
  private static final Duration LOGIN = Duration.ofMinutes(10);
  public static final String PASSWORD = "correct-horse-battery-staple-0123";

  private final SecureRandom random = new SecureRandom();
  private final AtomicLong passed = new AtomicLong();
  private final AtomicLong slept = new AtomicLong();
  private final AtomicLong slowedSince = new AtomicLong();
  private final SettableClock clock = new SettableClock(now());
  public final TenantFixture tenant = new TenantFixture("acme", 1, clock);
  private final GatewayIdentity identity = GatewayIdentity.starting(TenantFixture.GATEWAY, random);
  public final FakeControlPlane controlPlane = new FakeControlPlane(tenant, identity);
  final TenantFixture neighbour = tenant.beside("globex", 1);
  final FakeControlPlane neighboursPlane = new FakeControlPlane(neighbour, identity);
  public LockboxGateway gateway;
  private final GatewayConfig config;
  private final GatewayProtocol.Factory postgres;
  private final InstantSource wall;
  private final String database;

  public GatewayFixture() {
    this(Duration.ofSeconds(30));
  }

  public GatewayFixture(Duration hold) {
    this(new LiveSessions.SessionLimits(100, 50, hold, IDLE, 1L << 30), InstantSource.system());
  }

  public GatewayFixture(LiveSessions.SessionLimits limits, InstantSource wall) {
    this(limits, wall, DATABASE.catalogue());
  }

  /// A gateway that tells its first tenant at this address of refused histories.
  public static GatewayFixture telling(AlarmReceiver receiver) {
    return new GatewayFixture(
        LiveSessions.SessionLimits.STANDARD,
        InstantSource.system(),
        DATABASE.catalogue(),
        Optional.of(GrammarProgram.path()),
        List.of(receiver));
  }

  public GatewayFixture(
      LiveSessions.SessionLimits limits, InstantSource wall, Catalogue catalogue) {
    this(limits, wall, catalogue, Optional.of(GrammarProgram.path()));
  }

  GatewayFixture(
      LiveSessions.SessionLimits limits,
      InstantSource wall,
      Catalogue catalogue,
      Optional<Path> grammar) {
    this(limits, wall, catalogue, grammar, List.of());
  }

  /// Every fixture has logs of its own, also over a database that other fixtures had before. One
  /// that cannot be reached has nothing to forget.
  private static void forgetLogs(DatabaseAddress address) {
    var url = "jdbc:postgresql://127.0.0.1:%d/%s".formatted(address.port(), address.database());
    try (Connection superuser = DriverManager.getConnection(url, "postgres", "");
        var statement = superuser.createStatement()) {
      statement.execute(
          """
          do $$ begin
            if to_regclass('lb.log_head') is not null then
              truncate lb.log_head, lb.ended_request, lb.history_alarm;
            end if;
          end $$
          """);
    } catch (SQLException e) {
      if (!CANNOT_CONNECT.equals(e.getSQLState())) {
        throw new IllegalStateException(e);
      }
    }
  }

  private GatewayFixture(
      LiveSessions.SessionLimits limits,
      InstantSource wall,
      Catalogue catalogue,
      Optional<Path> grammar,
      List<AlarmReceiver> alarms) {
    catalogue.resources().forEach(each -> forgetLogs(each.address()));
    database = catalogue.resources().getFirst().address().database();
    config =
        new GatewayConfig(
            FakeControlPlane.credential(tenant),
            new GatewayConfig.ControlPlaneEndpoint(
                URI.create("http://127.0.0.1:1"), () -> "", Optional.empty(), Optional.empty()),
            Map.of(tenant.tenant(), tenant.pin(), neighbour.tenant(), neighbour.pin()),
            Map.of(tenant.tenant(), alarms),
            limits);
    postgres =
        PostgresProtocol.of(
            new PostgresConfig(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                CERTIFICATE.identity(),
                catalogue,
                resource -> "unused",
                grammar,
                LoginLimits.STANDARD),
            limits,
            random);
    this.wall = wall;
    gateway = started();
  }

  private LockboxGateway started() {
    try {
      var both = new TwoTenants(controlPlane, neighboursPlane);
      return LockboxGateway.start(config, identity, both, clocks(wall), List.of(postgres));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Stops the gateway and starts it again: it has forgotten what lay in its memory.
  void restart() {
    gateway.close();
    gateway = started();
  }

  private long nanoTime() {
    return System.nanoTime() - lag() + passed.get();
  }

  /// From now on all clocks of the gateway go together at a third of their pace. Nothing of its
  /// rules changes, and a machine that has no processor to spare is three times as fast for them:
  /// for tests of what a session is told that is held, not of how soon.
  public void slowDown() {
    slowedSince.compareAndSet(0, System.nanoTime() | 1);
  }

  /// Waits until so much has passed for the gateway.
  public void letPass(Duration time) {
    long from = nanoTime();
    Await.atLeast(time);
    Await.until(time.multipliedBy(10), () -> nanoTime() - from >= time.toNanos());
  }

  private long lag() {
    long since = slowedSince.get();
    return since == 0 ? 0 : (System.nanoTime() - since) / 3 * 2;
  }

  /// Sets the clock that nobody can set forward, as if so much time had passed.
  void pass(Duration time) {
    passed.addAndGet(time.toNanos());
  }

  /// As if the machine had slept: the clock that nobody can set stood still, the others went on.
  public void suspend(Duration time) {
    slept.addAndGet(time.toNanos());
  }

  private Clocks clocks(InstantSource wall) {
    return new Clocks(
        () -> wall.instant().plusNanos(slept.get() - lag()),
        this::nanoTime,
        () -> nanoTime() + slept.get());
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }

  /// A request and the login made for it.
  public record Access(TenantFixture.RequestEntry asked, String user) {}

  /// With the expert profile: what is asked goes to the fence and is not stopped before.
  public Access approved(Level level) {
    Limits limits = Limits.UNWRITTEN.withProfile(Profile.EXPERT);
    return approved(level, Duration.ofMinutes(30), limits);
  }

  /// With the guarded profile, which holds where nothing is written.
  public Access guarded(Level level) {
    return approved(level, Duration.ofMinutes(30), Limits.UNWRITTEN);
  }

  public Access approved(Level level, Duration duration, Limits limits) {
    var asked = asked(level, duration, limits);
    tenant.approve(asked, "ann");
    return login(asked);
  }

  TenantFixture.RequestEntry asked(Level level) {
    return asked(level, Duration.ofMinutes(30), Limits.UNWRITTEN.withProfile(Profile.EXPERT));
  }

  public TenantFixture.RequestEntry asked(Level level, Duration duration, Limits limits) {
    clock.set(now());
    var terms = new Terms(TenantFixture.HELPDESK, level, Optional.empty(), duration, limits);
    return tenant.ask(tenant.submission(terms, 1));
  }

  public Access login(TenantFixture.RequestEntry asked) {
    return login(asked, LOGIN);
  }

  /// With a login for so long, or as long as the access.
  public Access login(TenantFixture.RequestEntry asked, Duration atMost) {
    return login(tenant, controlPlane, asked, atMost);
  }

  /// The neighbour's request with the id of this one, approved by its own approver.
  Access withTheSameId(Access access) {
    var of = access.asked().submission();
    var asked = neighbour.ask(neighbour.submission(of.id(), of.terms(), 1));
    neighbour.approve(asked, "ann");
    return login(neighbour, neighboursPlane, asked, LOGIN);
  }

  private Access login(
      TenantFixture at, FakeControlPlane plane, TenantFixture.RequestEntry asked, Duration atMost) {
    byte[] salt = new byte[16];
    random.nextBytes(salt);
    Duration ofGrant = asked.submission().terms().duration();
    Duration lasts = ofGrant.compareTo(atMost) < 0 ? ofGrant : atMost;
    var statement =
        new ConnectStatement(
            at.tenant(),
            asked.submission().id(),
            TenantFixture.HELPDESK,
            TenantFixture.EVE,
            asked.submission().id().userPrefix() + HexFormat.of().toHexDigits(random.nextInt()),
            TestVerifier.of(PASSWORD, Bytes.of(salt)),
            new Window(clock.instant(), clock.instant().plus(lasts)),
            at.nonce());
    var envelope = statement.unsigned().signedBy(at.key("engineer"));
    plane.offer(statement.user(), new ConnectOffer(at.tenant(), asked.submission().id(), envelope));
    return new Access(asked, statement.user());
  }

  public Connection connect(Access access) throws SQLException {
    return connect(access, "");
  }

  public Connection connect(Access access, String more) throws SQLException {
    var properties = new Properties();
    properties.setProperty("user", access.user());
    properties.setProperty("password", PASSWORD);
    return DriverManager.getConnection(url() + more, properties);
  }

  public String url() {
    return "jdbc:postgresql://127.0.0.1:%d/%s?sslmode=require&sslResponseTimeout=60000"
        .formatted(gateway.port(), database);
  }

  /// The first column of the first row, or the SQLSTATE of the refusal.
  public static String answer(Connection connection, String sql) {
    try (var statement = connection.createStatement()) {
      if (!statement.execute(sql)) {
        return statement.getUpdateCount() + " rows";
      }
      try (var rows = statement.getResultSet()) {
        return rows.next() ? String.valueOf(rows.getString(1)) : "no row";
      }
    } catch (SQLException e) {
      return "refused " + e.getSQLState();
    }
  }

  public static long sessionRoles() {
    return DATABASE.count("select count(*) from pg_roles where rolname like 'lb\\_s\\_%'");
  }

  /// Waits until something has become true; fails after ten seconds.
  public static void await(BooleanSupplier condition) {
    await(Duration.ofSeconds(10), condition);
  }

  public static void await(Duration atMost, BooleanSupplier condition) {
    Await.until(atMost, condition);
  }

  @Override
  public void close() {
    gateway.close();
  }
}
