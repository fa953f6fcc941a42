package org.openlockbox.server.erasure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.keyring.TextKind;
import org.openlockbox.core.log.EntryType;
import org.openlockbox.core.policy.Conditions;
import org.openlockbox.core.watch.LogWatch;
import org.openlockbox.server.Recorded;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestTenant;

/// Texts that are erased by the periods which the tenant's approvers signed.
class RetentionTest {
  @Test
  void whatIsOlderThanTheSignedPeriodOfItsKindIsErased() {
    try (var server = new TestServer()) {
      var acme = Recorded.of(new TestTenant(server, "acme", 1));
      long first = acme.statements().getFirst();
      var periods =
          Map.of(TextKind.OPERATION, Duration.ofDays(90), TextKind.NAME, Duration.ofDays(30));
      acme.demand(periods);
      server.pass(Duration.ofDays(29));
      var later = Recorded.of(acme.tenant());
      server.server(0).eraseWhatIsDue();
      assertThat(acme.shown(first).text("text")).startsWith(Recorded.SQL);

      server.pass(Duration.ofDays(2));
      server.server(0).eraseWhatIsDue();
      assertThat(acme.shown(first).text("text")).startsWith(Recorded.SQL);
      assertThat(acme.shown(acme.requestEntry()).has("name")).isFalse();
      assertThat(acme.shown(acme.requestEntry()).text("text")).isEqualTo("Cannot log in");
      assertThat(later.shown(later.requestEntry()).text("name")).isEqualTo("eve");
      assertThat(server.rows("select engineer_name, reason from access_request order by log_index"))
          .containsExactly("null|Cannot log in", "eve|Cannot log in");

      server.pass(Duration.ofDays(60));
      server.server(0).eraseWhatIsDue();
      server.server(0).eraseWhatIsDue();
      assertThat(acme.shown(first).has("text")).isFalse();
      assertThat(later.shown(later.statements().getFirst()).text("text")).startsWith(Recorded.SQL);
      assertThat(later.shown(later.requestEntry()).has("name")).isFalse();
      assertThat(acme.story())
          .anySatisfy(
              line ->
                  assertThat(line)
                      .contains("query 0: operation erased on", "by the retention period"))
          .anySatisfy(line -> assertThat(line).contains("; name erased on"));
      assertThat(erasuresOfASoundLog(acme.tenant())).isEqualTo(2);
    }
  }

  private static int erasuresOfASoundLog(TestTenant tenant) {
    var watch = new LogWatch(tenant.pin(), tenant.id, Conditions.NONE);
    int erased = 0;
    for (var entry : tenant.verifiedLog()) {
      assertThat(watch.take(entry.bytes())).isEmpty();
      erased += entry.type() == EntryType.ERASED ? 1 : 0;
    }
    return erased;
  }
}
