package org.openlockbox.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.openlockbox.client.session.AccessOpening;
import org.openlockbox.client.session.AccessRefusal;
import org.openlockbox.client.session.AccessSession;
import org.openlockbox.client.session.ActionCall;
import org.openlockbox.client.session.CallOrigin;
import org.openlockbox.client.session.RecordResult;
import org.openlockbox.client.session.RecordedAction;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.Terms;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.testing.SettableClock;
import org.openlockbox.core.testing.TenantFixture;
import org.openlockbox.core.testing.TenantFixture.RequestEntry;
import org.openlockbox.gateway.GatewayConfig;
import org.openlockbox.gateway.application.ApplicationAction;
import org.openlockbox.gateway.application.ApplicationSpec;
import org.openlockbox.gateway.clock.Clocks;
import org.openlockbox.gateway.controlplane.GatewayIdentity;
import org.openlockbox.gateway.login.BearerToken;
import org.openlockbox.gateway.resource.LogMemory;
import org.openlockbox.gateway.session.LiveSessions;
import org.openlockbox.gateway.testing.FakeControlPlane;
import org.openlockbox.gateway.testing.LogMemoryHere;
import org.openlockbox.gateway.testing.TwoTenants;
import org.openlockbox.tlog.tree.Hash;

/// An application that is its own gateway: a helpdesk of two tenants, acme and globex.
public final class ClientFixture implements AutoCloseable {
  static final ApplicationAction LIST = new ApplicationAction("tickets.list");
  static final ApplicationAction CHANGE = new ApplicationAction("tickets.change");
  private static final Duration AGES = Duration.ofMinutes(30);

  final SecureRandom random = new SecureRandom();
  final SettableClock clock =
      new SettableClock(InstantSource.system().instant().truncatedTo(ChronoUnit.MILLIS));
  public final TenantFixture acme = new TenantFixture("acme", 1, clock);
  public final TenantFixture globex = acme.beside("globex", 1);
  private final GatewayIdentity identity = GatewayIdentity.starting(TenantFixture.GATEWAY, random);
  public final FakeControlPlane acmesPlane = new FakeControlPlane(acme, identity);
  final FakeControlPlane globexPlane = new FakeControlPlane(globex, identity);
  public final LockboxClient lockbox;

  public ClientFixture() throws IOException {
    this(new LogMemoryHere());
  }

  ClientFixture(LogMemory memory) throws IOException {
    lockbox = start(memory, acme.pin());
  }

  LockboxClient start(LogMemory memory, Hash acmesPin) throws IOException {
    var gateway =
        new GatewayConfig(
            FakeControlPlane.credential(acme),
            new GatewayConfig.ControlPlaneEndpoint(
                URI.create("http://127.0.0.1:1"), () -> "", Optional.empty(), Optional.empty()),
            Map.of(acme.tenant(), acmesPin, globex.tenant(), globex.pin()),
            Map.of(),
            LiveSessions.SessionLimits.STANDARD);
    return LockboxClient.start(
        new ClientConfig(gateway, List.of(spec()), memory, Duration.ofMinutes(10)),
        identity,
        new TwoTenants(acmesPlane, globexPlane),
        Clocks.ofMachine(InstantSource.system()));
  }

  ApplicationSpec spec() {
    return new ApplicationSpec(
        TenantFixture.HELPDESK,
        "Helpdesk",
        Map.of(acme.tenant(), "1", globex.tenant(), "2"),
        Map.of(LIST, Level.READ, CHANGE, Level.WRITE),
        Set.of(Level.READ, Level.WRITE),
        false);
  }

  RequestEntry asked(TenantFixture tenant, Level level, Limits limits) {
    var terms = new Terms(TenantFixture.HELPDESK, level, Optional.empty(), AGES, limits);
    return tenant.ask(tenant.submission(terms, 1));
  }

  public RequestEntry approved(TenantFixture tenant, Level level, Limits limits) {
    RequestEntry asked = asked(tenant, level, limits);
    tenant.approve(asked, "ann");
    return asked;
  }

  public RequestEntry approved() {
    return approved(acme, Level.READ, Limits.UNWRITTEN);
  }

  /// What `lockbox connect` does; answers the header that the engineer's program shows.
  public String header(TenantFixture tenant, RequestEntry asked) {
    byte[] secret = new byte[32];
    random.nextBytes(secret);
    FakeControlPlane plane = tenant == acme ? acmesPlane : globexPlane;
    String user = plane.offer(asked, Bytes.of(secret), random);
    return "Bearer " + user + "." + Bytes.of(secret).base64Url();
  }

  BearerToken token(TenantFixture tenant, RequestEntry asked) {
    return BearerToken.parse(header(tenant, asked)).orElseThrow();
  }

  static CallOrigin here() {
    return new CallOrigin(InetAddress.getLoopbackAddress(), "a test");
  }

  AccessOpening open(BearerToken token) {
    return lockbox.open(token, TenantFixture.HELPDESK, here());
  }

  AccessSession opened(BearerToken token) {
    AccessOpening result = open(token);
    assertThat(result).isInstanceOf(AccessOpening.OpenedAccess.class);
    return ((AccessOpening.OpenedAccess) result).session();
  }

  /// A session of an approved request of acme's.
  AccessSession session() {
    return opened(token(acme, approved()));
  }

  AccessRefusal notOpened(BearerToken token) {
    AccessOpening result = open(token);
    assertThat(result).isInstanceOf(AccessOpening.RefusedAccess.class);
    return ((AccessOpening.RefusedAccess) result).why();
  }

  ActionCall list(String text) {
    return new ActionCall(LIST, acme.tenant(), text);
  }

  static RecordedAction recorded(RecordResult result) {
    assertThat(result).isInstanceOf(RecordedAction.class);
    return (RecordedAction) result;
  }

  static AccessRefusal notRecorded(RecordResult result) {
    assertThat(result).isInstanceOf(RecordResult.NotRecorded.class);
    return ((RecordResult.NotRecorded) result).why();
  }

  public <T extends SessionEvent> List<T> events(Class<T> type) {
    return acmesPlane.events().stream().filter(type::isInstance).map(type::cast).toList();
  }

  /// The status of each outcome, in the order of the log.
  public List<String> outcomes() {
    return events(SessionEvent.Outcome.class).stream().map(each -> each.status().word()).toList();
  }

  @Override
  public void close() {
    lockbox.close();
  }
}
