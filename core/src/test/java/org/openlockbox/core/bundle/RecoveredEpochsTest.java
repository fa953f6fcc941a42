package org.openlockbox.core.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.history.HistoryCheck;
import org.openlockbox.core.log.RecoveryEvent;
import org.openlockbox.core.tenant.EpochLog;
import org.openlockbox.core.testing.SettableClock;
import org.openlockbox.core.testing.TenantFixture;
import org.openlockbox.tlog.tree.Hash;

/// Which epoch log a tenant's log names after the provider lost epochs.
class RecoveredEpochsTest {
  private static final Hash ROOT = Hash.sha256(new byte[1]);

  private final TenantFixture acme = new TenantFixture("acme", 1, new SettableClock());

  private void lost(int generation) {
    acme.log().append(new RecoveryEvent.EpochsLost(generation, 900, ROOT, "disk lost"));
  }

  private TenantFixture.RequestEntry approved() {
    var asked = acme.ask(1);
    acme.approve(asked, "ann");
    return asked;
  }

  private EpochLog named(TenantFixture.RequestEntry asked) {
    return acme.checked(asked).grant().orElseThrow().epochs();
  }

  @Test
  void theLastGenerationThatTheLogNamesIsTheOneToBelieve() {
    var asked = approved();
    assertThat(named(asked).origin()).isEqualTo("log.example.com/epochs");
    acme.log().append(new RecoveryEvent.EntriesLost(9, ROOT, "disk lost"));
    assertThat(named(asked).origin()).isEqualTo("log.example.com/epochs");
    lost(2);
    assertThat(named(asked).origin()).isEqualTo("log.example.com/epochs/2");
    lost(4);
    assertThat(named(asked).origin()).isEqualTo("log.example.com/epochs/4");
  }

  @Test
  void aGenerationThatIsNotLaterBreaksTheHistory() {
    var asked = approved();
    lost(3);
    lost(3);
    assertThat(acme.check(asked))
        .isInstanceOfSatisfying(
            HistoryCheck.Invalid.class,
            broken -> assertThat(broken.why()).contains("generation 3 after 3"));
  }

  @Test
  void anEarlierGenerationBreaksTheHistory() {
    var asked = approved();
    lost(3);
    lost(2);
    assertThat(acme.check(asked)).isInstanceOf(HistoryCheck.Invalid.class);
  }

  @Test
  void theFirstGenerationFollowsNone() {
    for (long generation : new long[] {0, 1, -2, 1L << 40}) {
      var body =
          Json.object()
              .put("epochs", generation)
              .put("lostRoot", ROOT)
              .put("lostSize", 900)
              .put("reason", "disk lost")
              .build();
      assertThatThrownBy(() -> RecoveryEvent.parse(Fields.of(body, "recovery")))
          .isInstanceOf(MalformedJson.class);
    }
  }

  @Test
  void everyNameIsReadBackAndNoOtherLogs() {
    for (int generation : new int[] {1, 2, 9, 10, 4711}) {
      var log = EpochLog.of("log.example.com").at(generation);
      assertThat(EpochLog.named(log.origin())).hasValue(log);
    }
    for (var origin :
        new String[] {
          "log.example.com/t/acme",
          "log.example.com/epochs/1",
          "log.example.com/epochs/02",
          "log.example.com/epochs/",
          "/epochs"
        }) {
      assertThat(EpochLog.named(origin)).as(origin).isEmpty();
    }
  }
}
