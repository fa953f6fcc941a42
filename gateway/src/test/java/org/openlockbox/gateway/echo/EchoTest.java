package org.openlockbox.gateway.echo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.Terms;
import org.openlockbox.core.bundle.Bundle;
import org.openlockbox.core.bundle.BundleCheck;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.limits.RowBudget;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.operation.Protocol;
import org.openlockbox.core.testing.SettableClock;
import org.openlockbox.core.testing.TenantFixture;
import org.openlockbox.core.testing.TenantFixture.RequestEntry;
import org.openlockbox.gateway.GatewayConfig;
import org.openlockbox.gateway.LockboxGateway;
import org.openlockbox.gateway.clock.Clocks;
import org.openlockbox.gateway.controlplane.ControlPlane;
import org.openlockbox.gateway.controlplane.GatewayIdentity;
import org.openlockbox.gateway.resource.ProtectionState;
import org.openlockbox.gateway.session.LiveSessions;
import org.openlockbox.gateway.testing.Await;
import org.openlockbox.gateway.testing.FakeControlPlane;

/// A protocol that is no database's goes through the same admission, recording, budgets, revocation
/// and offline verification as PostgreSQL's, over real sockets. The core of the gateway knows
/// nothing of it.
class EchoTest {
  private static final String TOKEN = "a".repeat(64);
  private static final Duration AGES = Duration.ofMinutes(30);

  private final SecureRandom random = new SecureRandom();
  private final SettableClock clock =
      new SettableClock(InstantSource.system().instant().truncatedTo(ChronoUnit.MILLIS));
  private final TenantFixture acme = new TenantFixture("acme", 1, clock);
  private final GatewayIdentity identity = GatewayIdentity.starting(TenantFixture.GATEWAY, random);
  private final FakeControlPlane controlPlane = new FakeControlPlane(acme, identity);
  private final EchoPlace place = new EchoPlace(acme.tenant());
  private EchoService service;
  private LockboxGateway gateway;

  @BeforeEach
  void start() throws IOException {
    service = new EchoService();
    var config =
        new GatewayConfig(
            FakeControlPlane.credential(acme),
            new GatewayConfig.ControlPlaneEndpoint(
                URI.create("http://127.0.0.1:1"), () -> "", Optional.empty(), Optional.empty()),
            Map.of(acme.tenant(), acme.pin()),
            Map.of(),
            LiveSessions.SessionLimits.STANDARD);
    gateway =
        LockboxGateway.start(
            config,
            identity,
            controlPlane,
            Clocks.ofMachine(InstantSource.system()),
            List.of((_, _) -> new EchoProtocol(service, place)));
  }

  @AfterEach
  void stop() throws IOException {
    gateway.close();
    service.close();
  }

  private RequestEntry asked(Limits limits) {
    var terms = new Terms(TenantFixture.HELPDESK, Level.READ, Optional.empty(), AGES, limits);
    return acme.ask(acme.submission(terms, 1));
  }

  private RequestEntry approved(Limits limits) {
    RequestEntry asked = asked(limits);
    acme.approve(asked, "ann");
    return asked;
  }

  private RequestEntry approved() {
    return approved(Limits.UNWRITTEN);
  }

  private String user(RequestEntry asked) {
    return controlPlane.offer(asked, Bytes.ofUtf8(TOKEN), random);
  }

  /// A client with a real socket.
  private final class Line implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader in;

    Line(String login) throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port());
      socket.setSoTimeout(20_000);
      in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
      say(login);
    }

    void say(String line) throws IOException {
      socket.getOutputStream().write((line + "\n").getBytes(UTF_8));
    }

    String hear() throws IOException {
      return String.valueOf(in.readLine());
    }

    boolean hasHeard() throws IOException {
      return in.ready();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private Line login(RequestEntry asked) throws IOException {
    return new Line(user(asked) + " " + TOKEN + " echo");
  }

  private Line session(RequestEntry asked) throws IOException {
    Line line = login(asked);
    assertThat(line.hear()).isEqualTo("welcome");
    return line;
  }

  private void awaitClose() {
    Await.until(() -> !controlPlane.reasons().isEmpty());
  }

  @Test
  void whoIsApprovedIsLetInAndEachOperationIsOnRecord() throws IOException {
    try (Line line = session(approved())) {
      line.say("hello");
      assertThat(line.hear()).isEqualTo("hello");
    }
    awaitClose();
    assertThat(controlPlane.statements()).containsExactly("hello");
    assertThat(controlPlane.events())
        .extracting(event -> event.getClass().getSimpleName())
        .containsExactly("Opened", "Operation", "Outcome", "Closed");
    assertThat(controlPlane.events().getFirst())
        .isInstanceOfSatisfying(
            SessionEvent.Opened.class,
            opened -> {
              assertThat(opened.protocol()).isEqualTo(Protocol.HTTP);
              assertThat(opened.catalogue()).isEqualTo(place.catalogue());
            });
    assertThat(controlPlane.reasons()).containsExactly("client-left");
    assertThat(service.logins()).isEmpty();
  }

  @Test
  void whatIsNotOnRecordReachesNobody() throws IOException {
    try (Line line = session(approved())) {
      controlPlane.appends(FakeControlPlane.Appends.NOT_APPLIED);
      int calls = controlPlane.appendCalls();
      line.say("hello");
      Await.until(() -> controlPlane.appendCalls() > calls + 1);
      assertThat(service.heard()).isEmpty();
      assertThat(line.hasHeard()).isFalse();
      controlPlane.appends(FakeControlPlane.Appends.WORK);
      assertThat(line.hear()).isEqualTo("hello");
    }
  }

  @Test
  void whoIsNotApprovedStaysOut() throws IOException {
    try (Line line = login(asked(Limits.UNWRITTEN))) {
      assertThat(line.hear()).startsWith("refused NOT_APPROVED: access is not approved: waiting");
    }
    assertThat(controlPlane.events()).isEmpty();
    assertThat(service.logins()).isEmpty();
  }

  @Test
  void whoNamesAnotherPlaceStaysOut() throws IOException {
    try (Line line = new Line(user(approved()) + " " + TOKEN + " elsewhere")) {
      assertThat(line.hear())
          .startsWith("refused NOT_APPROVED: this access is for the service echo");
    }
  }

  @Test
  void aServiceWithoutItsFenceLetsNobodyIn() throws IOException {
    place.is(new ProtectionState.Broken("door-open", "the door is open"));
    try (Line line = login(approved())) {
      assertThat(line.hear())
          .startsWith("refused CANNOT_CHECK: the fence of resource helpdesk does not stand");
    }
  }

  @Test
  void aServiceThatIsSuspendedForAMigrationSaysSinceWhen() throws IOException {
    place.is(new ProtectionState.Suspended("2026-11-30T00:12:00Z"));
    try (Line line = login(approved())) {
      assertThat(line.hear())
          .startsWith(
              "refused CANNOT_CHECK: resource helpdesk is suspended for a migration since"
                  + " 2026-11-30T00:12:00Z");
    }
  }

  @Test
  void aSpentBudgetReleasesNothingMore() throws IOException {
    RequestEntry asked = approved(Limits.UNWRITTEN.withRowBudget(new RowBudget(2)));
    try (Line line = session(asked)) {
      for (String each : List.of("one", "two")) {
        line.say(each);
        assertThat(line.hear()).isEqualTo(each);
      }
      line.say("three");
      assertThat(line.hear()).isEqualTo("the budget is spent");
    }
    try (Line again = session(asked)) {
      again.say("four");
      assertThat(again.hear()).isEqualTo("the budget is spent");
    }
  }

  /// Its key was revoked, say: it will get no lease any more, so nobody waits for one.
  @Test
  void aGatewayWhoseCertificateIsRefusedEndsItsSessionsAtOnceAndOpensNone() throws IOException {
    RequestEntry asked = approved();
    try (Line line = session(asked)) {
      controlPlane.leases(
          () -> {
            throw new ControlPlane.CertificateRefused("the gateway's key was revoked");
          });
      assertThat(line.hear()).contains("no longer accepts this gateway's certificate");
    }
    awaitClose();
    assertThat(controlPlane.reasons()).containsExactly("lease-lapsed");
    assertThat(service.logins()).isEmpty();
    try (Line again = login(asked)) {
      assertThat(again.hear()).contains("the gateway holds no lease");
    }
  }

  @Test
  void aRevocationEndsTheSessionAndItsLogin() throws IOException {
    RequestEntry asked = approved();
    try (Line line = session(asked)) {
      line.say("hello");
      assertThat(line.hear()).isEqualTo("hello");
      assertThat(service.logins()).hasSize(1);
      controlPlane.end(asked.submission().id());
      assertThat(line.hear()).startsWith("notice this access has been ended: revoked");
      assertThat(line.hear()).isEqualTo("null");
    }
    awaitClose();
    assertThat(controlPlane.reasons()).containsExactly("ended");
    assertThat(service.logins()).isEmpty();
    Await.until(() -> place.memory().hasEnded(asked.submission().id()));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void aMomentWithoutMemoryAtItsEndLeavesNoLogin(int times) throws IOException {
    RequestEntry asked = approved();
    try (Line line = session(asked)) {
      line.say("hello");
      assertThat(line.hear()).isEqualTo("hello");
      service.lacksMemory(times);
      acme.revoke(asked, "ann");
      controlPlane.end(asked.submission().id());
      awaitClose();
      assertThat(service.logins()).isEmpty();
      assertThat(controlPlane.reasons()).containsExactly("ended");
    }
  }

  @Test
  void aSessionWhoseClientHasEverythingOutlastsALeaseThatLapses() throws IOException {
    try (Line line = session(approved())) {
      controlPlane.leaseDown(true);
      LockSupport.parkNanos(Duration.ofSeconds(2).toNanos());
      line.say("hello");
      Await.until(() -> controlPlane.statements().size() == 1);
      assertThat(line.hasHeard()).isFalse();
      controlPlane.leaseDown(false);
      assertThat(line.hear()).isEqualTo("hello");
    }
  }

  @Test
  void aSessionOfWhichNobodyKnowsWhatItsClientHasIsReset() throws IOException {
    try (Line line = session(approved())) {
      line.say("hello");
      assertThat(line.hear()).isEqualTo("hello");
      service.lacksMemory(1);
      controlPlane.leaseDown(true);
      awaitClose();
      assertThat(controlPlane.reasons()).containsExactly("lease-lapsed");
      assertThat(service.logins()).isEmpty();
    }
  }

  /// What is then in the queue left by the new lease.
  @Test
  void aSessionWhoseLeaseIsRenewedWhileItsQueueIsLookedAtGoesOn() throws IOException {
    try (Line line = session(approved())) {
      var heard = new CompletableFuture<String>();
      service.whenAsked(
          () -> {
            try {
              controlPlane.leaseDown(false);
              heard.complete(line.hear());
            } catch (IOException e) {
              heard.completeExceptionally(e);
            }
            service.lacksMemory(1);
          });
      controlPlane.leaseDown(true);
      LockSupport.parkNanos(Duration.ofMillis(700).toNanos());
      line.say("hello");
      assertThat(heard.join()).isEqualTo("hello");
      line.say("again");
      assertThat(line.hear()).isEqualTo("again");
    }
  }

  @Test
  void aServiceWhoseFenceBreaksLosesItsSessions() throws IOException {
    try (Line line = session(approved())) {
      place.is(new ProtectionState.Broken("door-open", "the door is open"));
      assertThat(line.hear()).startsWith("notice the fence of the protected");
    }
    awaitClose();
    assertThat(controlPlane.reasons()).containsExactly("fence-drifted");
  }

  @Test
  void theEvidenceOfTheSessionVerifiesOffline() throws IOException {
    RequestEntry asked = approved();
    try (Line line = session(asked)) {
      line.say("hello");
      assertThat(line.hear()).isEqualTo("hello");
    }
    awaitClose();
    var bundle =
        Bundle.of(
            asked.submission().id(),
            acme.log().proven(entry -> true),
            acme.log().checkpoint(),
            Map.of());
    assertThat(BundleCheck.verify(bundle.bytes().toArray(), Optional.of(acme.pin())))
        .isInstanceOfSatisfying(
            BundleCheck.Valid.class,
            verified -> assertThat(verified.story().operations()).isEqualTo(1));
  }
}
