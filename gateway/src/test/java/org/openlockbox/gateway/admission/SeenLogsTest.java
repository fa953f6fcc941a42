package org.openlockbox.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.history.History;
import org.openlockbox.core.history.HistoryCheck;
import org.openlockbox.core.keyring.ApproverKey;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.log.LogEntry;
import org.openlockbox.core.log.LoggedEntry;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.testing.SettableClock;
import org.openlockbox.core.testing.SignedGateways;
import org.openlockbox.core.testing.TenantFixture;
import org.openlockbox.core.testing.TenantFixture.RequestEntry;
import org.openlockbox.gateway.admission.SeenLogs.Continuation;
import org.openlockbox.gateway.testing.ConsistencyPath;
import org.openlockbox.tlog.tree.Hash;
import org.openlockbox.tlog.tree.MerkleTree;

/// What a server may show a gateway after it has shown more.
class SeenLogsTest {
  private final TenantFixture acme = new TenantFixture("acme", 1, new SettableClock());
  private final SeenLogs seen = new SeenLogs(Map.of());

  /// Shows an honest history as of now, with the proof from the size seen before.
  private boolean show(RequestEntry asked) {
    return show(acme.history(asked.submission().id()), asked);
  }

  private boolean show(List<LoggedEntry> entries, RequestEntry asked) {
    HistoryCheck check =
        History.check(
            seen.pin(acme.tenant()),
            acme.tenant(),
            asked.submission().id(),
            entries,
            acme.log().checkpoint());
    OptionalLong from = seen.size(acme.tenant());
    return seen.take(
            acme.tenant(), (HistoryCheck.Valid) check, new SeenLogs.GrowthProof(from, proof(from)))
        == Continuation.CONTINUES;
  }

  private HistoryCheck.Valid shared(HistoryCheck.Valid history) {
    return seen.shared(acme.tenant(), history);
  }

  private Optional<List<Hash>> proof(OptionalLong from) {
    List<Hash> leaves = new ArrayList<>();
    for (long i = 0; i < acme.log().size(); i++) {
      leaves.add(MerkleTree.leafHash(acme.log().entry(i).toArray()));
    }
    return from.isEmpty()
        ? Optional.empty()
        : Optional.of(ConsistencyPath.between(from.getAsLong(), leaves));
  }

  private void addKey(Hash prev) {
    var added = new ApproverKey(new SubjectId("dan"), "dan's key", acme.key("dan").key());
    var change =
        new KeyringChange(
            acme.tenant(), acme.log().origin(), prev, 1, new KeyringChange.Edit.AddKey(added));
    Envelope envelope =
        Envelope.unsigned(KeyringChange.PAYLOAD_TYPE, change.toJson())
            .signedBy(acme.key("ann"))
            .signedBy(acme.key("dan"));
    acme.log().append(new KeyringEvent.KeyAdded(envelope));
  }

  private static LogEntry read(LoggedEntry entry) {
    return LogEntry.parse(entry.entry());
  }

  @Test
  void aLogThatGrowsIsAccepted() {
    RequestEntry asked = acme.ask(1);
    assertThat(show(asked)).isTrue();
    acme.approve(asked, "ann");
    addKey(acme.pin());
    assertThat(show(asked)).isTrue();
    assertThat(show(asked)).isTrue();
  }

  /// Each history is parsed anew. Thousands of sessions of a tenant hold one keyring all the same,
  /// and none holds an outdated one for a new one.
  @Test
  void sessionsOfATenantShareAKeyringAsLongAsItIsTheSame() {
    RequestEntry asked = acme.ask(1);
    acme.approve(asked, "ann");
    assertThat(show(asked)).isTrue();
    Keyring first = shared(acme.checked(asked)).keyring();
    assertThat(show(asked)).isTrue();
    HistoryCheck.Valid second = acme.checked(asked);
    assertThat(second.keyring()).isNotSameAs(first);
    assertThat(shared(second).keyring()).isSameAs(first);
    assertThat(shared(second).grant().orElseThrow().keyring()).isSameAs(first);

    addKey(acme.pin());
    assertThat(shared(acme.checked(asked)).keyring().keys()).hasSize(4);
    assertThat(show(asked)).isTrue();
    assertThat(shared(acme.checked(asked)).keyring().keys()).hasSize(4);
    assertThat(shared(second).keyring().keys()).hasSize(3);
  }

  @Test
  void anOlderCheckpointThanTheNewestSeenIsRefused() {
    RequestEntry asked = acme.ask(1);
    acme.approve(asked, "ann");
    HistoryCheck.Valid old = acme.checked(asked);
    acme.ask(1);
    assertThat(show(asked)).isTrue();
    assertThat(
            seen.take(
                acme.tenant(),
                old,
                new SeenLogs.GrowthProof(seen.size(acme.tenant()), Optional.empty())))
        .isEqualTo(Continuation.CONTRADICTS);
  }

  @Test
  void anotherTreeOfTheSameSizeIsRefused() {
    RequestEntry asked = acme.ask(1);
    assertThat(show(asked)).isTrue();
    TenantFixture forked = new TenantFixture("acme", 1, new SettableClock());
    HistoryCheck.Valid other = forked.checked(forked.ask(1));
    assertThat(other.checkpoint().size()).isEqualTo(acme.log().size());
    assertThat(
            seen.take(
                acme.tenant(),
                other,
                new SeenLogs.GrowthProof(seen.size(acme.tenant()), Optional.empty())))
        .isEqualTo(Continuation.CONTRADICTS);
  }

  @Test
  void aGrowthWithoutProofIsRefused() {
    RequestEntry asked = acme.ask(1);
    assertThat(show(asked)).isTrue();
    acme.approve(asked, "ann");
    assertThat(
            seen.take(
                acme.tenant(),
                acme.checked(asked),
                new SeenLogs.GrowthProof(seen.size(acme.tenant()), Optional.of(List.of()))))
        .isEqualTo(Continuation.CONTRADICTS);
  }

  /// Several logins at once: what was asked for before another has seen more is asked for again,
  /// whether it is older, or newer with a proof from what was seen then.
  @Test
  void whatWasOvertakenIsNeitherAcceptedNorAContradiction() {
    RequestEntry asked = acme.ask(1);
    assertThat(show(asked)).isTrue();
    OptionalLong then = seen.size(acme.tenant());
    HistoryCheck.Valid older = acme.checked(asked);
    acme.approve(asked, "ann");
    assertThat(show(asked)).isTrue();
    acme.ask(1);
    assertThat(
            seen.take(
                acme.tenant(),
                older,
                new SeenLogs.GrowthProof(OptionalLong.empty(), Optional.empty())))
        .isEqualTo(Continuation.OVERTAKEN);
    assertThat(
            seen.take(
                acme.tenant(), acme.checked(asked), new SeenLogs.GrowthProof(then, proof(then))))
        .isEqualTo(Continuation.OVERTAKEN);
    assertThat(show(asked)).isTrue();
  }

  @Test
  void aKeyringEntryThatWasShownOnceCannotBeHeldBack() {
    RequestEntry asked = acme.ask(1);
    acme.approve(asked, "ann");
    addKey(acme.pin());
    assertThat(show(asked)).isTrue();
    acme.ask(1);
    var without =
        acme.history(asked.submission().id()).stream()
            .filter(entry -> !(read(entry).body() instanceof KeyringEvent.KeyAdded))
            .toList();
    assertThat(show(without, asked)).isFalse();
    assertThat(show(asked)).isTrue();
  }

  /// The keyring entry after it names the tenant's one before, and not the revocation.
  @Test
  void aRevokedGatewaysKeyCannotBeHeldBack() {
    RequestEntry asked = acme.ask(1);
    acme.approve(asked, "ann");
    new SignedGateways(acme).revoke("other");
    addKey(acme.pin());
    assertThat(show(asked)).isTrue();
    acme.ask(1);
    var without =
        acme.history(asked.submission().id()).stream()
            .filter(entry -> !(read(entry).body() instanceof KeyringEvent.GatewayRevoked))
            .toList();
    assertThat(show(without, asked)).isFalse();
    assertThat(show(asked)).isTrue();
  }

  @Test
  void anEndThatWasShownOnceCannotBeHeldBack() {
    RequestEntry asked = acme.ask(1);
    acme.approve(asked, "ann");
    acme.revoke(asked, "bob");
    assertThat(show(asked)).isTrue();
    acme.ask(1);
    var without =
        acme.history(asked.submission().id()).stream()
            .filter(entry -> !(read(entry).body() instanceof RequestEvent.Revoked))
            .toList();
    assertThat(show(without, asked)).isFalse();
    assertThat(show(asked)).isTrue();
  }
}
