package org.openlockbox.core.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Allowance;
import org.openlockbox.core.access.Assurance;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.RequestState;
import org.openlockbox.core.access.Submission;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.keyring.ApproverKey;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.keyring.KeyringChange.Edit;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.log.LoggedEntry;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.statement.Decision;
import org.openlockbox.core.statement.RequestRef;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.testing.SettableClock;
import org.openlockbox.core.testing.TenantFixture;
import org.openlockbox.core.testing.TenantFixture.RequestEntry;
import org.openlockbox.tlog.tree.Hash;

class HistoryTest {
  private final SettableClock clock = new SettableClock();
  private final TenantFixture acme = new TenantFixture("acme", 1, clock);
  private final TenantFixture strict = new TenantFixture("strict", 2, clock);

  @Test
  void aSignedApprovalProvesAGrant() {
    var asked = acme.ask(1);
    acme.approve(asked, "ann");
    var grant = acme.checked(asked).grant().orElseThrow();
    assertThat(grant.terms().level()).isEqualTo(Level.MASKED);
    assertThat(grant.isInForceAt(clock.instant())).isTrue();
    assertThat(grant.isInForceAt(clock.instant().plus(Duration.ofMinutes(30)))).isFalse();
  }

  @Test
  void aPendingRequestProvesNoGrant() {
    assertThat(acme.checked(acme.ask(1)).grant()).isEmpty();
  }

  @Test
  void aQuorumOfTwoNeedsTwoPeople() {
    var asked = strict.ask(2);
    strict.approve(asked, "ann");
    assertThat(strict.checked(asked).grant()).isEmpty();
    strict.approve(asked, "bob");
    assertThat(strict.checked(asked).grant()).isPresent();
  }

  @Test
  void aRequestThatAsksForASmallerQuorumThanTheKeyringIsRefused() {
    var asked = strict.ask(1);
    strict.approve(asked, "ann");
    assertBroken(strict, asked, "asks for 1 approvers, the policy for 2");
  }

  @Test
  void twoKeysOfOnePersonCountOnce() {
    addKey(strict, "ann", "ann2", "ann", "bob");
    var asked = strict.ask(2);
    strict.approve(asked, "ann");
    var allowance = Allowance.asAsked(asked.submission(), clock.instant());
    strict.decide(
        strict
            .decision(asked, "ann", Optional.of(allowance))
            .unsigned()
            .signedBy(strict.key("ann2")));
    assertBroken(strict, asked, "already approved");
  }

  @Test
  void anApprovalWithAKeyThatIsNotInTheKeyringIsRefused() {
    var asked = acme.ask(1);
    decideAs(asked, "ann", "mal");
    assertBroken(acme, asked, "not in the tenant's keyring");
  }

  @Test
  void anApprovalInTheNameOfAnotherApproverIsRefused() {
    var asked = acme.ask(1);
    decideAs(asked, "ann", "bob");
    assertBroken(acme, asked, "another approver than it names");
  }

  @Test
  void anApprovalWithARemovedKeyIsRefused() {
    var change =
        new KeyringChange(
            acme.tenant(),
            acme.log().origin(),
            acme.pin(),
            1,
            new Edit.RemoveKey(acme.key("ann").key().keyId()));
    var envelope =
        Envelope.unsigned(KeyringChange.PAYLOAD_TYPE, change.toJson()).signedBy(acme.key("bob"));
    var asked = acme.ask(1);
    acme.log().append(new KeyringEvent.KeyRemoved(envelope));
    acme.approve(asked, "ann");
    assertBroken(acme, asked, "not in the tenant's keyring");
  }

  @Test
  void aKeyringEntryWrittenByTheServerAloneIsRefused() {
    var change =
        new KeyringChange(
            acme.tenant(),
            acme.log().origin(),
            acme.pin(),
            1,
            new Edit.AddKey(acme.approver("mal")));
    var envelope =
        Envelope.unsigned(KeyringChange.PAYLOAD_TYPE, change.toJson()).signedBy(acme.key("mal"));
    acme.log().append(new KeyringEvent.KeyAdded(envelope));
    var asked = acme.ask(1);
    acme.approve(asked, "mal");
    assertBroken(acme, asked, "not signed by a quorum");
  }

  @Test
  void anApprovalByTheRequestersSideIsRefused() {
    addKey(acme, "eve", "eve", "ann");
    var asked = acme.ask(1);
    acme.approve(asked, "eve");
    assertBroken(acme, asked, "cannot approve");
  }

  @Test
  void anApprovalWithTheRequestersKeyIsRefused() {
    addKey(acme, "dan", "engineer", "ann");
    var asked = acme.ask(1);
    decideAs(asked, "dan", "engineer");
    assertBroken(acme, asked, "the requester's own key");
  }

  /// The requester is called like an approver, or names an approver's key as its own.
  @Test
  void aVetoCountsWhateverTheRequestSaysOfItsEngineer() {
    vetoCounts("eve", "eve");
    vetoCounts("dan", "engineer");
  }

  private void vetoCounts(String approver, String key) {
    var tenant = new TenantFixture("acme", 1, clock);
    addKey(tenant, approver, key, "ann");
    var signer = tenant.key(key);
    var denied = tenant.ask(1);
    tenant.decide(tenant.decision(denied, approver, Optional.empty()).unsigned().signedBy(signer));
    assertThat(tenant.checked(denied).request().state()).isEqualTo(RequestState.DENIED);
    var granted = tenant.ask(1);
    tenant.approve(granted, "bob");
    var revocation = tenant.revocation(granted, approver, signer);
    tenant.log().append(RequestEvent.Revoked.of(revocation));
    assertThat(tenant.checked(granted).request().state()).isEqualTo(RequestState.REVOKED);
  }

  @Test
  void anApprovalForAnotherTenantIsRefused() {
    var globex = new TenantFixture("globex", 1, clock);
    var theirs = globex.ask(1);
    var asked = acme.ask(1);
    acme.decide(
        new Decision(
                globex.tenant(),
                globex.log().origin(),
                asked.ref(),
                new SubjectId("ann"),
                Optional.of(Allowance.asAsked(theirs.submission(), clock.instant())),
                "",
                acme.nonce())
            .unsigned()
            .signedBy(acme.key("ann")));
    assertBroken(acme, asked, "another tenant");
  }

  @Test
  void aHistoryOfAnotherTenantIsRefused() {
    var globex = new TenantFixture("globex", 1, clock);
    var asked = globex.ask(1);
    globex.approve(asked, "ann");
    var id = asked.submission().id();
    var entries = globex.history(id);
    var check =
        History.check(Optional.empty(), acme.tenant(), id, entries, globex.log().checkpoint());
    assertThat(check).isEqualTo(new HistoryCheck.Invalid("entry 0", "the log is another tenant's"));
    var pinned =
        History.check(
            Optional.of(acme.pin()), globex.tenant(), id, entries, globex.log().checkpoint());
    assertThat(pinned)
        .isInstanceOfSatisfying(
            HistoryCheck.Invalid.class, b -> assertThat(b.where()).isEqualTo("pin"));
  }

  @Test
  void anApprovalOfAnotherRequestIsRefused() {
    var first = acme.ask(1);
    var approval = acme.approval(first, "ann");
    var second = acme.ask(1);
    acme.decide(approval);
    // It is about the first; a server that passes it off as the second's is found out as well.
    assertThat(acme.checked(second).grant()).isEmpty();
    var entries = new ArrayList<>(acme.history(second.submission().id()));
    entries.add(acme.log().proven(acme.log().size() - 1));
    var check =
        History.check(
            Optional.of(acme.pin()),
            acme.tenant(),
            second.submission().id(),
            entries,
            acme.log().checkpoint());
    assertThat(check).isInstanceOf(HistoryCheck.Invalid.class);
  }

  @Test
  void anApprovalOfOtherTermsIsRefused() {
    var seen = acme.submission(acme.terms(), 1);
    var asked = acme.ask(seen);
    var shown = RequestRef.of(seen, asked.ref().index(), Bytes.ofUtf8("other").sha256());
    var allowance = Optional.of(Allowance.asAsked(seen, clock.instant()));
    acme.decide(
        acme.decision(new RequestEntry(seen, shown), "ann", allowance)
            .unsigned()
            .signedBy(acme.key("ann")));
    assertBroken(acme, asked, "other terms");
  }

  @Test
  void anApprovalWiderThanAskedIsRefused() {
    var asked = acme.ask(1);
    var a = Allowance.asAsked(asked.submission(), clock.instant());
    var wider = new Allowance(Level.READ, a.window(), a.duration(), a.limits());
    acme.decide(
        acme.decision(asked, "ann", Optional.of(wider)).unsigned().signedBy(acme.key("ann")));
    assertBroken(acme, asked, "level is higher");
  }

  @Test
  void anApprovalAfterTheLapseIsRefused() {
    var asked = acme.ask(1);
    clock.advance(Duration.ofHours(12));
    acme.approve(asked, "ann");
    assertBroken(acme, asked, "had lapsed");
  }

  @Test
  void anApprovalTwiceOrAfterWithdrawalIsRefused() {
    var twice = acme.ask(1);
    acme.approve(twice, "ann");
    acme.approve(twice, "bob");
    assertBroken(acme, twice, "no longer pending");
    var withdrawn = acme.ask(1);
    acme.log().append(new RequestEvent.Withdrawn(withdrawn.submission().id(), TenantFixture.EVE));
    acme.approve(withdrawn, "ann");
    assertBroken(acme, withdrawn, "no longer pending");
  }

  @Test
  void aDecisionWithTwoSignaturesIsRefused() {
    var asked = acme.ask(1);
    acme.decide(acme.approval(asked, "ann").signedBy(acme.key("bob")));
    assertBroken(acme, asked, "exactly one signature");
  }

  @Test
  void whatEndsAGrantEndsTheProof() {
    var revoked = acme.ask(1);
    acme.approve(revoked, "ann");
    acme.revoke(revoked, "cat");
    assertThat(acme.checked(revoked).grant()).isEmpty();
    assertThat(acme.checked(revoked).request().state()).isEqualTo(RequestState.REVOKED);
    var stopped = acme.ask(1);
    acme.approve(stopped, "ann");
    var id = stopped.submission().id();
    acme.log()
        .append(
            new RequestEvent.Ended(id, RequestEvent.EndCause.STOPPED, new SubjectId("bob"), ""));
    assertThat(acme.checked(stopped).request().state()).isEqualTo(RequestState.REVOKED);
    acme.log()
        .append(new RequestEvent.Ended(id, RequestEvent.EndCause.COMPLETED, TenantFixture.EVE, ""));
    assertThat(acme.checked(stopped).request().state()).isEqualTo(RequestState.REVOKED);
  }

  @Test
  void aRevocationNobodyOfTheTenantSignedIsRefused() {
    var asked = acme.ask(1);
    acme.approve(asked, "ann");
    acme.revoke(asked, "mal");
    assertBroken(acme, asked, "not in the tenant's keyring");
  }

  @Test
  void theReviewerIsASecondPerson() {
    var asked = acme.ask(toBeReviewed());
    acme.log()
        .append(
            new RequestEvent.Reviewed(
                asked.submission().id(),
                new SubjectId("ray"),
                RequestEvent.ReviewVerdict.APPROVE,
                ""));
    acme.approve(asked, "ann");
    assertThat(acme.checked(asked).grant().orElseThrow().isReviewed()).isTrue();
  }

  @Test
  void anUnreviewedRequestCannotBeApproved() {
    var asked = acme.ask(toBeReviewed());
    acme.approve(asked, "ann");
    assertBroken(acme, asked, "has to review");
  }

  @Test
  void anEntryThatIsNotInTheTreeIsNamed() {
    var asked = acme.ask(1);
    acme.approve(asked, "ann");
    var id = asked.submission().id();
    var entries = new ArrayList<>(acme.history(id));
    var last = entries.removeLast();
    entries.add(new LoggedEntry(last.entry(), List.of()));
    var check =
        History.check(Optional.of(acme.pin()), acme.tenant(), id, entries, acme.log().checkpoint());
    assertThat(check)
        .isEqualTo(
            new HistoryCheck.Invalid("entry 2", "not in the log that the checkpoint describes"));
  }

  @Test
  void aCheckpointByAnotherKeyOrOriginIsRefused() {
    var asked = acme.ask(1);
    var id = asked.submission().id();
    var globex = new TenantFixture("globex", 1, clock);
    for (var checkpoint : List.of(globex.log().checkpoint(), "", "nonsense\n\n")) {
      var check =
          History.check(Optional.of(acme.pin()), acme.tenant(), id, acme.history(id), checkpoint);
      assertThat(check)
          .isInstanceOfSatisfying(
              HistoryCheck.Invalid.class, b -> assertThat(b.where()).isEqualTo("checkpoint"));
    }
  }

  private Submission toBeReviewed() {
    var plain = acme.submission(acme.terms(), 1);
    return new Submission(
        plain.id(),
        plain.tenant(),
        plain.engineer(),
        plain.purpose(),
        plain.ticket(),
        plain.terms(),
        plain.extended(),
        true,
        Assurance.GATED,
        plain.decideBy(),
        1);
  }

  private void decideAs(RequestEntry asked, String approver, String key) {
    var allowance = Allowance.asAsked(asked.submission(), clock.instant());
    acme.decide(
        acme.decision(asked, approver, Optional.of(allowance)).unsigned().signedBy(acme.key(key)));
  }

  /// Logs that a key of this approver was added, signed by these and by the key itself.
  private static void addKey(TenantFixture tenant, String approver, String key, String... signers) {
    Hash prev = tenant.log().entry(0).sha256();
    var added = new ApproverKey(new SubjectId(approver), "another key", tenant.key(key).key());
    var change =
        new KeyringChange(
            tenant.tenant(), tenant.log().origin(), prev, signers.length, new Edit.AddKey(added));
    var envelope = Envelope.unsigned(KeyringChange.PAYLOAD_TYPE, change.toJson());
    for (var signer : signers) {
      envelope = envelope.signedBy(tenant.key(signer));
    }
    tenant.log().append(new KeyringEvent.KeyAdded(envelope.signedBy(tenant.key(key))));
  }

  private static void assertBroken(TenantFixture tenant, RequestEntry asked, String why) {
    assertThat(tenant.check(asked))
        .isInstanceOfSatisfying(
            HistoryCheck.Invalid.class, broken -> assertThat(broken.why()).contains(why));
  }
}
