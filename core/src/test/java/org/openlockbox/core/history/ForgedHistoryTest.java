package org.openlockbox.core.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.AccessRequest;
import org.openlockbox.core.access.AccessRequest.Approved;
import org.openlockbox.core.access.AccessRequest.Pending;
import org.openlockbox.core.access.Submission;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.testing.SettableClock;
import org.openlockbox.core.testing.TenantFixture;
import org.openlockbox.tlog.tree.Hash;

/// What a server that lies tries with a history, beside true signatures of true approvers.
class ForgedHistoryTest {
  private final SettableClock clock = new SettableClock(Instant.parse("2026-11-24T09:00:00Z"));

  @Test
  void anOldRequestDoesNotEscapeAQuorumThatWasRaisedSince() {
    var acme = new TenantFixture("acme", 1, clock);
    var asked = acme.ask(1);
    add(acme, "dan", 2, acme.pin(), "ann");
    acme.approve(asked, "bob");

    assertThat(state(acme, asked)).isInstanceOf(Pending.class);
    acme.approve(asked, "cat");
    assertThat(state(acme, asked)).isInstanceOf(Approved.class);
  }

  @Test
  void anApprovalDoesNotCountOnceItsKeyIsRemoved() {
    var acme = new TenantFixture("acme", 2, clock);
    var asked = acme.ask(2);
    acme.approve(asked, "ann");
    remove(acme, "ann", 2, acme.pin(), "bob", "cat");
    acme.approve(asked, "bob");

    assertThat(state(acme, asked)).isInstanceOf(Pending.class);
    acme.approve(asked, "cat");
    assertThat(state(acme, asked))
        .asInstanceOf(type(Approved.class))
        .satisfies(
            approved ->
                assertThat(approved.approvals())
                    .extracting(approval -> approval.approver().value())
                    .containsExactly("bob", "cat"));
  }

  @Test
  void aDeadlineAtTheEndOfTimeIsNoDeadline() {
    for (var end :
        new String[] {"+1000000000-12-31T23:59:59.999Z", "-1000000000-01-01T00:00:00Z"}) {
      var fields = Fields.of(Json.object().put("decideBy", end).build(), "request");
      assertThatThrownBy(() -> fields.instant("decideBy")).isInstanceOf(MalformedJson.class);
    }
  }

  @Test
  void aRequestThatWaitsForYearsIsRefused() {
    var acme = new TenantFixture("acme", 2, clock);
    var late = clock.instant().plus(Duration.ofDays(400));
    var asked = acme.ask(until(acme.submission(acme.terms(), 2), late));

    assertThat(acme.check(asked)).isInstanceOf(HistoryCheck.Invalid.class);
  }

  private static Submission until(Submission asked, Instant decideBy) {
    return new Submission(
        asked.id(),
        asked.tenant(),
        asked.engineer(),
        asked.purpose(),
        asked.ticket(),
        asked.terms(),
        asked.extended(),
        asked.providerReview(),
        asked.assurance(),
        decideBy,
        asked.quorum());
  }

  private static AccessRequest state(TenantFixture tenant, TenantFixture.RequestEntry asked) {
    assertThat(tenant.check(asked)).isInstanceOf(HistoryCheck.Valid.class);
    return ((HistoryCheck.Valid) tenant.check(asked)).request();
  }

  private static void add(TenantFixture tenant, String who, int quorum, Hash prev, String by) {
    var change = new KeyringChange.Edit.AddKey(tenant.approver(who));
    tenant.log().append(new KeyringEvent.KeyAdded(signed(tenant, quorum, prev, change, by, who)));
  }

  private static void remove(
      TenantFixture tenant, String who, int quorum, Hash prev, String... by) {
    var change = new KeyringChange.Edit.RemoveKey(tenant.key(who).key().keyId());
    tenant.log().append(new KeyringEvent.KeyRemoved(signed(tenant, quorum, prev, change, by)));
  }

  private static Envelope signed(
      TenantFixture tenant, int quorum, Hash prev, KeyringChange.Edit change, String... by) {
    var payload =
        new KeyringChange(tenant.tenant(), tenant.log().origin(), prev, quorum, change).toJson();
    var envelope = Envelope.unsigned(KeyringChange.PAYLOAD_TYPE, payload);
    for (var name : by) {
      envelope = envelope.signedBy(tenant.key(name));
    }
    return envelope;
  }
}
