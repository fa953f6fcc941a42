package org.openlockbox.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.history.ProvenGrant;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.keyring.ProviderAccess;
import org.openlockbox.core.keyring.Settings;
import org.openlockbox.core.keyring.WitnessPolicy;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.log.RecoveryEvent;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.testing.SettableClock;
import org.openlockbox.core.testing.TenantFixture;
import org.openlockbox.gateway.controlplane.GatewayIdentity;
import org.openlockbox.gateway.testing.FakeControlPlane;
import org.openlockbox.tlog.NoteSigner;
import org.openlockbox.tlog.NoteVerifier;
import org.openlockbox.tlog.SigningKeys;
import org.openlockbox.tlog.tree.Hash;

/// What a gateway remembers about the epoch log from one tenant to the next.
class WitnessingTest {
  private final SettableClock clock = new SettableClock();
  private final TenantFixture acme = new TenantFixture("acme", 1, clock);
  private final TenantFixture globex = new TenantFixture("globex", 1, clock);
  private final AtomicLong nanos = new AtomicLong();

  private ProvenGrant granted(TenantFixture tenant) {
    var keys =
        SigningKeys.generate(new SecureRandom()).cosigners("w1.example").stream()
            .map(NoteSigner::verifier)
            .sorted(Comparator.comparing(NoteVerifier::vkey))
            .toList();
    var settings =
        new Settings(
            new WitnessPolicy(1, keys),
            Settings.MAX_UNWITNESSED,
            WitnessPolicy.NONE,
            Map.of(),
            ProviderAccess.ENABLED);
    var change =
        new KeyringChange(
            tenant.tenant(),
            tenant.log().origin(),
            tenant.pin(),
            1,
            new KeyringChange.Edit.ReplaceSettings(settings));
    tenant
        .log()
        .append(
            new KeyringEvent.SettingsChanged(
                Envelope.unsigned(KeyringChange.PAYLOAD_TYPE, change.toJson())
                    .signedBy(tenant.key("ann"))));
    var asked = tenant.ask(1);
    tenant.approve(asked, "ann");
    return tenant.checked(asked).grant().orElseThrow();
  }

  private static String why(Witnessing witnessing, ProvenGrant grant) {
    return witnessing.fault(grant).orElseThrow().toString();
  }

  /// No login waits here for the next epoch.
  private long later() {
    return nanos.addAndGet(Duration.ofSeconds(20).toNanos());
  }

  @Test
  void onceALogNamesANewEpochLogTheOldOneIsBelievedForNoTenant() {
    var server =
        new FakeControlPlane(acme, new GatewayIdentity(new GatewayId("gw-1"), "00000000000000a1"));
    var told = granted(globex);
    acme.log().append(new RecoveryEvent.EpochsLost(2, 9, Hash.sha256(new byte[1]), "disk lost"));
    try (var witnessing = new Witnessing(server, clock, this::later)) {
      assertThat(why(witnessing, told)).contains("no epoch was cosigned");
      assertThat(why(witnessing, granted(acme))).contains("no epoch was cosigned");
      assertThat(why(witnessing, told))
          .contains("names log.example.com/epochs, after which the epoch log went on");
    }
  }
}
