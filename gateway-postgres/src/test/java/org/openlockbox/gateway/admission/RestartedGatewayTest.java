package org.openlockbox.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.keyring.KeyringChange.Edit;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.log.LogEntry;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.policy.Conditions;
import org.openlockbox.core.statement.ConnectStatement;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.core.testing.SettableClock;
import org.openlockbox.core.testing.SignedPolicy;
import org.openlockbox.core.testing.TenantFixture;
import org.openlockbox.core.testing.TenantFixture.RequestEntry;
import org.openlockbox.gateway.controlplane.ConnectOffer;
import org.openlockbox.gateway.resource.ProtectedResources;
import org.openlockbox.gateway.testing.FakeControlPlane;
import org.openlockbox.gateway.testing.ShownLog;
import org.openlockbox.postgres.GatewayFixture;
import org.openlockbox.postgres.database.AdminConnections;
import org.openlockbox.postgres.database.GatewayBoot;
import org.openlockbox.postgres.database.PostgresResource;
import org.openlockbox.postgres.database.SessionRoles;
import org.openlockbox.tlog.tree.Hash;

/// What a control plane may show a gateway that was started again, or another gateway of the same
/// database. The protected database is a real one.
class RestartedGatewayTest {
  private static final String TAMPERED =
      "the proof of approval does not hold (checkpoint: the log leaves out what gateways have seen"
          + " of it: a change of keys, or an end)";

  private final SettableClock clock = new SettableClock();
  private final TenantFixture acme = new TenantFixture("acme", 1, clock);
  private final SignedPolicy signed = new SignedPolicy(acme);
  private final ShownLog controlPlane = new ShownLog(acme);
  private final SecureRandom random = new SecureRandom();
  private final List<String> refused = new ArrayList<>();
  private Gateway gateway = new Gateway(Map.of(acme.tenant(), acme.pin()));

  /// All that decides about a connection: a new one remembers nothing by itself.
  private final class Gateway {
    private final PostgresResource resource;
    private final Admission admission;

    Gateway(Map<TenantId, Hash> pins) {
      var boot = new GatewayBoot(TenantFixture.GATEWAY, "00000000000a0041");
      resource =
          PostgresResource.of(
              GatewayFixture.DATABASE.catalogue().resources().getFirst(),
              place ->
                  new SessionRoles(
                      place,
                      AdminConnections.to(place.address(), "unused", boot),
                      boot,
                      random,
                      System::nanoTime));
      admission =
          new Admission(
              controlPlane,
              new ProtectedResources(List.of(resource)),
              FakeControlPlane.credential(acme),
              pins,
              Conditions.NONE,
              new Witnessing(controlPlane, InstantSource.system(), System::nanoTime),
              (tenant, request, problem) -> refused.add(problem),
              () -> true,
              clock,
              random);
    }

    /// "permit", or what the engineer is told.
    String connect(RequestEntry asked) {
      return switch (decide(asked)) {
        case Permit ignored -> "permit";
        case Deny deny -> deny.message();
      };
    }

    AdmissionDecision decide(RequestEntry asked) {
      ConnectStatement statement = acme.connectStatement(asked);
      var offer =
          new ConnectOffer(
              acme.tenant(),
              asked.submission().id(),
              statement.unsigned().signedBy(acme.key("engineer")));
      return admission.decide(offer, statement.user(), "postgres");
    }
  }

  @BeforeEach
  void nothingIsRemembered() {
    GatewayFixture.DATABASE.forgetLogs();
  }

  @AfterEach
  void close() {
    gateway.resource.close();
  }

  private void restart() {
    gateway.resource.close();
    gateway = new Gateway(Map.of(acme.tenant(), acme.pin()));
  }

  private RequestEntry approvedBy(String approver) {
    RequestEntry asked = acme.ask(1);
    acme.approve(asked, approver);
    return asked;
  }

  private void removeBob() {
    signed.change(new Edit.RemoveKey(acme.approver("bob").key().keyId()), "ann");
  }

  @Test
  void anHonestLogIsAcceptedBeforeAndAfterARestart() {
    RequestEntry first = approvedBy("ann");
    assertThat(gateway.connect(first)).isEqualTo("permit");
    restart();
    assertThat(gateway.connect(first)).isEqualTo("permit");
    removeBob();
    assertThat(gateway.connect(approvedBy("ann"))).isEqualTo("permit");
    restart();
    assertThat(gateway.connect(approvedBy("ann"))).isEqualTo("permit");
    assertThat(gateway.connect(first)).isEqualTo("permit");
  }

  @Test
  void aRemovedKeyStaysRemoved() {
    removeBob();
    assertThat(gateway.connect(approvedBy("ann"))).isEqualTo("permit");
    controlPlane.hide(entry -> entry.body() instanceof KeyringEvent.KeyRemoved);
    RequestEntry byTheRemovedKey = approvedBy("bob");
    assertThat(gateway.connect(byTheRemovedKey)).isEqualTo(TAMPERED);
    restart();
    assertThat(gateway.connect(byTheRemovedKey)).isEqualTo(TAMPERED);
  }

  /// Two gateways of one database: what one has seen, nobody can hold back from the other.
  @Test
  void aRemovedKeyStaysRemovedAtAnotherGatewayThatNeverSawTheRemoval() {
    var other = new Gateway(Map.of(acme.tenant(), acme.pin()));
    assertThat(other.connect(approvedBy("bob"))).isEqualTo("permit");
    removeBob();
    assertThat(gateway.connect(approvedBy("ann"))).isEqualTo("permit");
    controlPlane.hide(entry -> entry.body() instanceof KeyringEvent.KeyRemoved);
    assertThat(other.connect(approvedBy("bob"))).isEqualTo(TAMPERED);
    controlPlane.hide(entry -> false);
    assertThat(other.connect(approvedBy("ann"))).isEqualTo("permit");
    other.resource.close();
  }

  @Test
  void aRevocationThatWasSeenStays() {
    RequestEntry asked = approvedBy("ann");
    acme.revoke(asked, "bob");
    assertThat(gateway.connect(asked)).isEqualTo("this access was revoked by the customer");
    controlPlane.hide(entry -> entry.body() instanceof RequestEvent.Revoked);
    restart();
    assertThat(gateway.connect(asked)).isEqualTo(TAMPERED);
  }

  /// A lease's word of an end is no proof, but nobody takes it back.
  @Test
  void anEndThatALeaseToldStays() {
    RequestEntry asked = approvedBy("ann");
    Permit permit = (Permit) gateway.decide(asked);
    acme.revoke(asked, "bob");
    gateway.admission.ended(permit);
    gateway.admission.keepEnd(permit);
    controlPlane.hide(entry -> entry.body() instanceof RequestEvent.Revoked);
    assertThat(gateway.connect(asked)).isEqualTo(TAMPERED);
    restart();
    assertThat(gateway.connect(asked)).isEqualTo(TAMPERED);
  }

  @Test
  void aLogThatWasSetBackIsRefused() {
    RequestEntry asked = approvedBy("ann");
    long then = acme.log().size();
    removeBob();
    assertThat(gateway.connect(asked)).isEqualTo("permit");
    controlPlane.setBack(then);
    restart();
    assertThat(gateway.connect(asked)).startsWith("the proof of approval does not hold");
  }

  @Test
  void anotherLogOfTheSameLengthIsRefused() {
    RequestEntry asked = approvedBy("ann");
    long then = acme.log().size();
    acme.ask(1);
    assertThat(gateway.connect(asked)).isEqualTo("permit");
    LogEntry last = LogEntry.parse(acme.log().entry(then));
    clock.advance(Duration.ofSeconds(1));
    controlPlane.setBack(then).append(last.body());
    restart();
    assertThat(gateway.connect(asked))
        .isEqualTo(
            "the proof of approval does not hold (checkpoint: the log does not continue the one"
                + " seen before)");
  }

  /// `lockbox recover` after a restore: the entry says what was lost, and no key or end is missing.
  @Test
  void aLossThatTheLogAdmitsIsAccepted() {
    RequestEntry asked = approvedBy("ann");
    long then = acme.log().size();
    acme.ask(1);
    acme.ask(1);
    acme.ask(1);
    assertThat(gateway.connect(asked)).isEqualTo("permit");
    controlPlane.setBack(then);
    controlPlane.admitLossOf(acme.log());
    assertThat(gateway.connect(asked)).isEqualTo("permit");
    restart();
    assertThat(gateway.connect(asked)).isEqualTo("permit");
    controlPlane.hide(entry -> entry.seq() == then);
    assertThat(gateway.connect(asked)).startsWith("the proof of approval does not hold");
  }

  /// A loss that takes a removal with it is for the database's owner to accept.
  @Test
  void anAdmittedLossOfAKeysRemovalIsRefused() {
    RequestEntry asked = approvedBy("ann");
    long then = acme.log().size();
    removeBob();
    assertThat(gateway.connect(asked)).isEqualTo("permit");
    controlPlane.setBack(then);
    controlPlane.admitLossOf(acme.log());
    assertThat(gateway.connect(asked)).isEqualTo(TAMPERED);
    restart();
    assertThat(gateway.connect(asked)).isEqualTo(TAMPERED);
    GatewayFixture.DATABASE.forgetLogs();
    restart();
    assertThat(gateway.connect(asked)).isEqualTo("permit");
  }

  /// Without a pin in the configuration the first log seen is trusted, once.
  @Test
  void aPinThatWasTrustedOnFirstUseIsKept() {
    var unpinned = new Gateway(Map.of());
    assertThat(unpinned.connect(approvedBy("ann"))).isEqualTo("permit");
    unpinned.resource.close();
    var another = new TenantFixture("acme", 1, clock);
    var liar = new ShownLog(another);
    RequestEntry asked = another.ask(1);
    another.approve(asked, "ann");
    var histories =
        new ProvenHistories(
            liar,
            new SeenLogs(Map.of()),
            Conditions.NONE,
            (resource, tenant) -> gateway.resource.of(tenant).map(SessionRoles::memory),
            clock);
    assertThat(histories.of(acme.tenant(), asked.submission().id()))
        .isInstanceOf(ProvenHistories.HistoryResult.Contradicted.class);
  }

  /// A memory that cannot be read opens nothing.
  @Test
  void withoutItsMemoryAGatewayLetsNobodyIn() {
    var histories =
        new ProvenHistories(
            controlPlane,
            new SeenLogs(Map.of()),
            Conditions.NONE,
            (resource, tenant) -> Optional.of(gateway.resource.of(tenant).orElseThrow().memory()),
            clock);
    RequestEntry asked = approvedBy("ann");
    gateway.resource.close();
    assertThatThrownBy(() -> histories.of(acme.tenant(), asked.submission().id()))
        .hasMessageContaining("what gateways saw of the log is not known");
    gateway = new Gateway(Map.of(acme.tenant(), acme.pin()));
  }
}
