package org.openlockbox.core.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.AccessRequest;
import org.openlockbox.core.access.Assurance;
import org.openlockbox.core.access.GrantTerms;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.RequestState;
import org.openlockbox.core.access.Submission;
import org.openlockbox.core.access.Window;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.keyring.KeyringChange.Edit;
import org.openlockbox.core.keyring.KeyringCheck;
import org.openlockbox.core.keyring.ProviderAccess;
import org.openlockbox.core.keyring.Settings;
import org.openlockbox.core.keyring.WitnessPolicy;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.log.TicketEvent;
import org.openlockbox.core.policy.Policies;
import org.openlockbox.core.policy.RuleId;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.testing.SettableClock;
import org.openlockbox.core.testing.SignedPolicy;
import org.openlockbox.core.testing.TenantFixture;
import org.openlockbox.core.testing.TenantFixture.RequestEntry;

/// What is decided without asking, and who is asked, rests on the policy that the tenant signed,
/// whatever the server writes. The quorum of the keyring is one.
final class PolicyHistoryTest {
  private static final String SHORT_READS =
      "{'id': 'short', 'says': 'Masked data for an hour needs no approval.',"
          + " 'match': {'level': {'atMost': 'masked'}, 'duration': {'atMost': 'PT1H'}},"
          + " 'approve': {'rows': 100}}";

  private final SettableClock clock = new SettableClock();
  private final TenantFixture acme = new TenantFixture("acme", 1, clock);
  private final SignedPolicy signed = new SignedPolicy(acme);

  private long policy(String rules) {
    return signed.change(new Edit.ReplacePolicy(Policies.rules(rules)), "ann").seq();
  }

  private void access(ProviderAccess access) {
    var settings =
        new Settings(
            WitnessPolicy.NONE, Settings.MAX_UNWITNESSED, WitnessPolicy.NONE, Map.of(), access);
    signed.change(new Edit.ReplaceSettings(settings), "ann");
  }

  private String broken(RequestEntry asked) {
    return switch (acme.check(asked)) {
      case HistoryCheck.Invalid broken -> broken.why();
      case HistoryCheck.Valid checked -> throw new AssertionError("holds: " + checked.request());
    };
  }

  private RequestEvent.Automatic honest(RequestEntry asked) {
    return acme.checked(asked)
        .standing()
        .automatic(signed.authority(), clock.instant())
        .orElseThrow();
  }

  @Test
  void whatTheSignedPolicyApprovesIsAProvenGrant() {
    policy(SHORT_READS);
    var asked = acme.ask(1);
    signed.rule(asked);
    var grant = acme.checked(asked).grant().orElseThrow();
    assertThat(grant.approvals()).isEmpty();
    assertThat(grant.terms().level()).isEqualTo(Level.MASKED);
    assertThat(grant.terms().limits().rowBudget().rows()).isEqualTo(100);
    assertThat(grant.terms().window())
        .isEqualTo(new Window(clock.instant(), clock.instant().plus(Duration.ofMinutes(30))));
  }

  @Test
  void aServerCannotForgeAnAutomaticApproval() {
    var asked = acme.ask(1);
    var terms =
        new GrantTerms(
            Level.MASKED,
            new Window(clock.instant(), clock.instant().plus(Duration.ofMinutes(30))),
            acme.terms().limits());
    acme.log()
        .append(
            new RequestEvent.Automatic(asked.ref().id(), 0, RuleId.DEFAULT, Optional.of(terms)));
    assertThat(broken(asked)).isEqualTo("the tenant's policy asks its approvers");
  }

  @Test
  void noMemberOfARulingCanBeOtherThanThePolicySays() {
    policy(SHORT_READS);
    List<UnaryOperator<RequestEvent.Automatic>> lies =
        List.of(
            honest -> new RequestEvent.Automatic(honest.about(), 0, honest.rule(), honest.grant()),
            honest ->
                new RequestEvent.Automatic(
                    honest.about(), honest.policy(), new RuleId("other"), honest.grant()),
            honest ->
                new RequestEvent.Automatic(
                    honest.about(), honest.policy(), honest.rule(), Optional.empty()),
            honest ->
                withTerms(
                    honest, terms -> new GrantTerms(Level.READ, terms.window(), terms.limits())),
            honest ->
                withTerms(
                    honest,
                    terms ->
                        new GrantTerms(
                            terms.level(),
                            new Window(
                                terms.window().notBefore(),
                                terms.window().notAfter().plusMillis(1)),
                            terms.limits())),
            honest ->
                withTerms(
                    honest,
                    terms -> new GrantTerms(terms.level(), terms.window(), acme.terms().limits())));
    for (var lie : lies) {
      var asked = acme.ask(1);
      acme.log().append(lie.apply(honest(asked)));
      assertThat(broken(asked)).containsAnyOf("does not say so", "does not give this grant");
    }
  }

  private static RequestEvent.Automatic withTerms(
      RequestEvent.Automatic honest, UnaryOperator<GrantTerms> change) {
    return new RequestEvent.Automatic(
        honest.about(), honest.policy(), honest.rule(), honest.grant().map(change));
  }

  @Test
  void anOldPolicyApprovesNothingOnceAnotherIsSigned() {
    policy(SHORT_READS);
    var asked = acme.ask(1);
    var old = honest(asked);
    policy("{'id': 'none', 'says': 'Nobody.', 'deny': {}}");
    acme.log().append(old);
    assertThat(broken(asked)).contains("rule none");
  }

  @Test
  void aPolicyThatNoQuorumSignedIsNone() {
    var change = new Edit.ReplacePolicy(Policies.rules(SHORT_READS));
    signed.change(change, "mallory");
    var asked = acme.ask(1);
    assertThat(broken(asked)).isEqualTo("not signed by a quorum of the approvers");
  }

  @Test
  void aPolicyCannotBeRelabelled() {
    var entry = signed.change(new Edit.ReplacePolicy(Policies.rules(SHORT_READS)), "ann");
    var envelope = ((KeyringEvent.PolicyChanged) entry.body()).envelope();
    var other = new SignedPolicy(new TenantFixture("acme", 1, clock));
    assertThat(relabelled(other, new KeyringEvent.SettingsChanged(envelope)))
        .isEqualTo("the change does not belong into this entry");
    assertThat(relabelled(other, new KeyringEvent.PolicyChanged(envelope)))
        .isEqualTo("the change does not follow the keyring entry before it");
  }

  private String relabelled(SignedPolicy other, KeyringEvent event) {
    var log = other.acme().log();
    var check =
        other.keyring().apply(event.step(log.size(), clock.instant(), log.entry(0).sha256()));
    return ((KeyringCheck.Invalid) check).why();
  }

  @Test
  void whatThePolicyDeniesNoSignatureApproves() {
    policy("{'id': 'never', 'says': 'Nobody sees our data.', 'deny': {}}");
    var asked = acme.ask(1);
    var forced = acme.ask(1);
    signed.rule(asked);
    assertThat(acme.checked(asked).request())
        .isEqualTo(
            new AccessRequest.Denied(
                asked.submission(),
                AccessRequest.POLICY,
                AccessRequest.Party.POLICY,
                "Nobody sees our data.",
                clock.instant()));
    acme.approve(forced, "ann");
    assertThat(broken(forced)).isEqualTo("the tenant's policy denies this, whoever signs");
  }

  @Test
  void onlyThoseWhomTheRuleAsksCanApprove() {
    policy("{'id': 'two', 'says': '?', 'ask': {'approvers': 'security', 'quorum': 2}}");
    var asked = acme.ask(2);
    acme.approve(asked, "ann");
    acme.approve(asked, "bob");
    assertThat(acme.checked(asked).grant()).isPresent();
    var other = acme.ask(2);
    acme.approve(other, "cat");
    assertThat(broken(other)).isEqualTo("the policy asks other approvers for this request");
  }

  @Test
  void aQuorumWithoutTheGroupThatIsNeededIsNotEnough() {
    policy(
        "{'id': 'two', 'says': '?', 'ask': {'quorum': 2, 'atLeast': [{'group': 'legal', 'count': 1}]}}");
    var asked = acme.ask(2);
    acme.approve(asked, "ann");
    acme.approve(asked, "bob");
    assertThat(acme.checked(asked).request().state()).isEqualTo(RequestState.PENDING);
    acme.approve(asked, "cat");
    assertThat(acme.checked(asked).grant()).isPresent();
  }

  @Test
  void whoLeftTheGroupWhileTheRequestWaitedCountsNoMore() {
    policy("{'id': 'two', 'says': '?', 'ask': {'approvers': 'security', 'quorum': 2}}");
    var asked = acme.ask(2);
    acme.approve(asked, "ann");
    var smaller =
        "{'groups': {'security': ['bob', 'cat']}, 'rules': [{'id': 'two', 'says': '?',"
            + " 'ask': {'approvers': 'security', 'quorum': 2}}]}";
    signed.change(new Edit.ReplacePolicy(Policies.of(smaller)), "ann");
    acme.approve(asked, "bob");
    assertThat(acme.checked(asked).request().state()).isEqualTo(RequestState.PENDING);
    acme.approve(asked, "cat");
    assertThat(acme.checked(asked).grant()).isPresent();
  }

  @Test
  void thoseToWhomItIsEscalatedCanApproveOnlyThen() {
    var rules =
        "{'groups': {'security': ['ann'], 'legal': ['cat']}, 'escalation': {'after': 'PT1H',"
            + " 'group': 'legal'}, 'rules': [{'id': 'x', 'says': '?', 'ask': {'approvers':"
            + " 'security'}}]}";
    signed.change(new Edit.ReplacePolicy(Policies.of(rules)), "ann");
    var early = acme.ask(1);
    var late = acme.ask(1);
    clock.advance(Duration.ofMinutes(59));
    acme.approve(early, "cat");
    assertThat(broken(early)).isEqualTo("the policy asks other approvers for this request");
    clock.advance(Duration.ofMinutes(1));
    acme.approve(late, "cat");
    assertThat(acme.checked(late).grant()).isPresent();
  }

  @Test
  void aRequestAsksForAsManyAsThePolicyAndWaitsNoLonger() {
    policy("{'id': 'two', 'says': '?', 'ask': {'quorum': 2, 'respondWithin': 'PT12H'}}");
    assertThat(broken(acme.ask(1))).isEqualTo("the request asks for 1 approvers, the policy for 2");
    assertThat(acme.checked(acme.ask(2)).request().state()).isEqualTo(RequestState.PENDING);
    policy("{'id': 'two', 'says': '?', 'ask': {'quorum': 2, 'respondWithin': 'PT2H'}}");
    assertThat(broken(acme.ask(2))).isEqualTo("the request waits longer than the policy says");
  }

  @Test
  void aTicketThatTheTenantSignedLetsARequestThrough() {
    signed.change(new Edit.ReplacePolicy(Policies.of("{'mode': 'auto-for-my-tickets'}")), "ann");
    var before = acme.ask(1);
    assertThat(signed.rule(before)).isEmpty();
    signed.sign(signed.ticket("SUP-1", "bob"));
    var asked = acme.ask(1);
    signed.rule(asked);
    assertThat(acme.checked(asked).grant()).isPresent();
    clock.advance(Duration.ofDays(1));
    assertThat(signed.rule(acme.ask(1))).isEmpty();
  }

  @Test
  void aTicketThatNobodyOfTheTenantSignedIsRefused() {
    signed.change(new Edit.ReplacePolicy(Policies.of("{'mode': 'auto-for-my-tickets'}")), "ann");
    var ticket = signed.ticket("SUP-1", "bob");
    for (Envelope forged :
        List.of(
            ticket.unsigned().signedBy(acme.key("engineer")),
            ticket.unsigned().signedBy(acme.key("ann")),
            ticket.unsigned())) {
      var globex = new SignedPolicy(new TenantFixture("globex", 1, clock));
      assertThat(TicketEvent.of(forged).fault(signed.keyring())).isPresent();
      assertThat(
              TicketEvent.of(ticket.unsigned().signedBy(acme.key("bob"))).fault(globex.keyring()))
          .contains("signed for another tenant or another log");
    }
    acme.log().append(TicketEvent.of(ticket.unsigned().signedBy(acme.key("engineer"))));
    assertThat(broken(acme.ask(1))).contains("no key of this person");
  }

  @Test
  void aTicketKeyOfThePolicySignsForTicketsAndForNothingElse() {
    var key = acme.key("desk").key().toJson();
    var json =
        "{'mode': 'auto-for-my-tickets', 'ticketKeys': [{'holder': 'desk', 'key': "
            + CanonicalJson.text(key)
            + "}]}";
    signed.change(new Edit.ReplacePolicy(Policies.of(json)), "ann");
    signed.sign(signed.ticket("SUP-1", "desk"));
    var asked = acme.ask(1);
    var decided = acme.ask(1);
    signed.rule(asked);
    assertThat(acme.checked(asked).grant()).isPresent();
    acme.approve(decided, "desk");
    assertThat(broken(decided)).isEqualTo("signed with a key that is not in the tenant's keyring");
    signed.change(new Edit.ReplacePolicy(Policies.of("{'mode': 'auto-for-my-tickets'}")), "ann");
    assertThat(signed.rule(acme.ask(1))).isEmpty();
  }

  @Test
  void offEndsEveryGrantAndApprovesNothing() {
    var asked = acme.ask(1);
    acme.approve(asked, "ann");
    var pending = acme.ask(1);
    access(ProviderAccess.OFF);
    assertThat(acme.checked(asked).grant()).isEmpty();
    assertThat(acme.checked(asked).request().state()).isEqualTo(RequestState.REVOKED);
    signed.rule(pending);
    assertThat(acme.checked(pending).request().state()).isEqualTo(RequestState.DENIED);
    access(ProviderAccess.ENABLED);
    assertThat(acme.checked(asked).grant()).isEmpty();
  }

  @Test
  void auditOnlyApprovesAsAskedAndSaysSo() {
    access(ProviderAccess.AUDIT_ONLY);
    var asked = acme.ask(1);
    var entry = signed.rule(asked).orElseThrow();
    assertThat(((RequestEvent.Automatic) entry.body()).rule()).isEqualTo(RuleId.AUDIT_ONLY);
    assertThat(acme.checked(asked).grant().orElseThrow().terms().limits())
        .isEqualTo(acme.terms().limits());
  }

  @Test
  void whereConditionsCannotBeEvaluatedWhatRestsOnOneDoesNotHold() {
    policy("{'id': 'x', 'says': 'Yes.', 'when': 'true', 'approve': {}}");
    assertThat(broken(acme.ask(1)))
        .isEqualTo(
            "rule x of the policy cannot be judged: it has a CEL condition, which is not"
                + " recomputed here (use `lockbox verify`)");
  }

  @Test
  void theReviewComesBeforeThePolicyApproves() {
    policy(SHORT_READS);
    var plain = acme.submission(acme.terms(), 1);
    var reviewed =
        new Submission(
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
    assertThat(signed.rule(acme.ask(reviewed))).isEmpty();
  }
}
