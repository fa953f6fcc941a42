package org.openlockbox.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.Submission;
import org.openlockbox.core.access.Terms;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.subject.Engineer;
import org.openlockbox.core.subject.EngineerFacts;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.testing.SettableClock;
import org.openlockbox.core.testing.TenantFixture;

/// What a policy says, and which texts are one. The request asks for masked data for half an hour,
/// for a customer's ticket, on a Tuesday morning.
final class PolicyTest {
  private final TenantFixture acme = new TenantFixture("acme", 2, new SettableClock());
  private final Submission asked = acme.submission(acme.terms(), 2);

  private Ruling.ByRule ruling(Policy policy, Submission submission, Conditions conditions) {
    var question = new Question(submission, acme.clock().instant(), false);
    return switch (policy.ruling(7, question, conditions, 2)) {
      case Ruling.ByRule given -> given;
      case Ruling.NotEvaluable notHere -> throw new AssertionError(notHere.toString());
    };
  }

  private Ruling.ByRule ruling(String rules) {
    return ruling(Policies.rules(rules), asked, Conditions.NONE);
  }

  private static Conditions always(Conditions.Evaluation answer) {
    return (condition, question) -> answer;
  }

  @Test
  void theFirstRuleThatMatchesDecides() {
    var given =
        ruling(
            """
            {'id': 'writes', 'says': 'No.', 'match': {'level': {'atLeast': 'write'}}, 'deny': {}},
            {'id': 'short', 'says': 'Yes.', 'match': {'duration': {'atMost': 'PT1H'}}, 'approve': {}},
            {'id': 'rest', 'says': 'No.', 'deny': {}}
            """);
    assertThat(given.rule()).isEqualTo(new RuleId("short"));
    assertThat(given.entry()).isEqualTo(7);
    assertThat(given.says()).isEqualTo("Yes.");
  }

  @Test
  void whereNoRuleMatchesTheApproversAreAsked() {
    var given =
        ruling("{'id': 'x', 'says': 'No.', 'match': {'resources': ['billing']}, 'deny': {}}");
    assertThat(given.rule()).isEqualTo(RuleId.DEFAULT);
    assertThat(given.effect()).isEqualTo(new Effect.Ask(Approvers.any(2)));
  }

  @Test
  void aConditionWithoutValueNeverLetsALaterRuleApprove() {
    var policy =
        Policies.rules(
            """
            {'id': 'health', 'says': 'No.', 'when': 'broken', 'deny': {}},
            {'id': 'rest', 'says': 'Yes.', 'approve': {}}
            """);
    var fault = ruling(policy, asked, always(new Conditions.Evaluation.NoValue("it throws")));
    assertThat(fault.effect()).isEqualTo(new Effect.Ask(Approvers.any(2)));
    assertThat(fault.rule()).isEqualTo(RuleId.DEFAULT);
    assertThat(fault.says()).contains("health").contains("it throws");
    var not = ruling(policy, asked, always(new Conditions.Evaluation.BooleanResult(false)));
    assertThat(not.rule()).isEqualTo(new RuleId("rest"));
  }

  /// A fact that nobody has said is in no list, and lets no later rule approve either.
  @Test
  void aFactThatIsNotKnownApprovesNothing() {
    var engineer = new Engineer(TenantFixture.EVE, EngineerFacts.unknown(), asked.engineer().key());
    var unknown = acme.submissionOf(engineer);
    var ask = new Effect.Ask(Approvers.any(2));
    for (var match : List.of("kinds': ['human']", "countries': ['DE']", "employers': ['Other']")) {
      for (var effect : List.of("'approve': {}", "'deny': {}", "'ask': {'quorum': 1}")) {
        var rule =
            "{'id': 'a', 'says': 'A.', 'match': {'requester': {'%s}}, %s}".formatted(match, effect);
        var alone = ruling(Policies.rules(rule), unknown, Conditions.NONE);
        assertThat(alone.effect()).as(rule).isEqualTo(ask);
        assertThat(alone.says()).contains("the provider does not say");
        var rest = ", {'id': 'z', 'says': 'Z.', %s}";
        var approved = Policies.rules(rule + rest.formatted("'approve': {}"));
        assertThat(ruling(approved, unknown, Conditions.NONE).effect()).isEqualTo(ask);
        var denied = Policies.rules(rule + rest.formatted("'deny': {}"));
        assertThat(ruling(denied, unknown, Conditions.NONE).rule()).isEqualTo(new RuleId("z"));
      }
    }
  }

  @Test
  void aConditionThatCannotBeEvaluatedHereIsNoRuling() {
    var policy = Policies.rules("{'id': 'x', 'says': 'Yes.', 'when': 'true', 'approve': {}}");
    var question = new Question(asked, acme.clock().instant(), false);
    assertThat(policy.ruling(7, question, Conditions.NONE, 2))
        .isInstanceOf(Ruling.NotEvaluable.class);
  }

  @Test
  void everyMemberOfAMatchHasToHold() {
    var whole =
        "'purposes': ['customer_ticket'], 'level': {'atMost': 'masked', 'atLeast': 'masked'},"
            + " 'duration': {'atMost': 'PT30M'}, 'resources': ['helpdesk'], 'requester': {'kinds':"
            + " ['human'], 'countries': ['DE'], 'employers': ['Vendor GmbH']}";
    assertThat(decides(whole)).isTrue();
    for (var other :
        List.of(
            "'purposes': ['emergency']",
            "'level': {'atMost': 'metadata'}",
            "'level': {'atLeast': 'read'}",
            "'duration': {'atMost': 'PT29M59S'}",
            "'resources': ['billing']",
            "'requester': {'kinds': ['agent']}",
            "'requester': {'countries': ['FR', 'US']}",
            "'requester': {'employers': ['Other GmbH']}",
            "'profile': 'expert'",
            "'ownTicket': true")) {
      assertThat(decides(other)).as(other).isFalse();
    }
  }

  private boolean decides(String match) {
    var rule = "{'id': 'x', 'says': 'No.', 'match': {%s}, 'deny': {}}".formatted(match);
    return ruling(rule).rule().equals(new RuleId("x"));
  }

  @Test
  void hoursAreThoseInWhichTheAccessWouldBegin() {
    var rule =
        "{'id': 'x', 'says': 'No.', 'match': {'hours': 'mon-fri 08:00-18:00 Europe/Berlin'},"
            + " 'deny': {}}";
    var terms = acme.terms();
    for (var start : List.of("2026-11-25T08:00:00Z", "2026-11-28T08:00:00Z")) {
      var later =
          new Terms(
              terms.resource(),
              terms.level(),
              Optional.of(Instant.parse(start)),
              terms.duration(),
              terms.limits());
      var given = ruling(Policies.rules(rule), acme.submission(later, 2), Conditions.NONE);
      boolean isWeekday = start.startsWith("2026-11-25");
      assertThat(given.rule()).isEqualTo(isWeekday ? new RuleId("x") : RuleId.DEFAULT);
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void aModeIsShortForRulesThatCanBeWrittenOut(Mode mode) {
    var policy = Policies.of("{'mode': '" + mode.word() + "'}");
    assertThat(policy.rules()).isEqualTo(mode.rules());
    assertThat(Policy.parse(policy.toJson())).isEqualTo(policy);
  }

  @Test
  void capsNarrowWhatIsAskedAndNeverWidenIt() {
    var caps =
        Policies.rules(
                "{'id': 'x', 'says': 'Yes.', 'approve': {'level': 'read', 'duration': 'PT10M',"
                    + " 'rows': 50, 'hours': 'mon-fri 08:00-18:00 Europe/Berlin'}}")
            .rules()
            .getFirst()
            .effect();
    var narrowing = ((Effect.Approve) caps).caps().narrowing(acme.terms());
    assertThat(narrowing.level()).isEmpty();
    assertThat(narrowing.duration()).contains(Duration.ofMinutes(10));
    assertThat(narrowing.limits().rowBudget().rows()).isEqualTo(50);
    assertThat(narrowing.limits().hours().words())
        .containsExactly("mon-fri 08:00-18:00 Europe/Berlin");
    assertThat(acme.terms().level()).isEqualTo(Level.MASKED);
  }

  @Test
  void whoStandsInForAMemberIsInItsGroupsForThatTime() {
    var policy =
        Policies.of(
            "{'mode': 'ask', 'groups': {'security': ['ann']}, 'absences': [{'of': 'ann',"
                + " 'standIn': 'bob', 'notBefore': '2026-12-01T00:00:00Z', 'notAfter':"
                + " '2026-12-15T00:00:00Z'}, {'of': 'bob', 'standIn': 'cat', 'notBefore':"
                + " '2026-12-01T00:00:00Z', 'notAfter': '2026-12-15T00:00:00Z'}]}");
    var security = new GroupId("security");
    var ann = new SubjectId("ann");
    assertThat(policy.members(security, Instant.parse("2026-11-30T23:59:59Z")))
        .containsExactly(ann);
    assertThat(policy.members(security, Instant.parse("2026-12-01T00:00:00Z")))
        .containsExactlyInAnyOrder(ann, new SubjectId("bob"));
    assertThat(policy.members(security, Instant.parse("2026-12-15T00:00:00Z")))
        .containsExactly(ann);
  }

  @Test
  void whatWasWrittenIsReadAsTheSame() {
    var policy =
        Policies.of(
            """
            {'rules': [
              {'id': 'a', 'says': 'One.', 'match': {'purposes': ['emergency', 'customer_ticket'],
               'hours': 'fri 22:00-06:00 Europe/Berlin', 'ownTicket': true}, 'when': 'level == \\"read\\"',
               'ask': {'approvers': 'legal', 'quorum': 2, 'atLeast': [{'group': 'security', 'count': 1}],
               'respondWithin': 'PT2H'}}],
             'groups': {'security': ['ann', 'bob'], 'legal': ['cat']},
             'escalation': {'after': 'PT1H', 'group': 'security'}}
            """);
    assertThat(
            Policy.parse(
                CanonicalJson.parse(
                    CanonicalJson.text(policy.toJson()).getBytes(StandardCharsets.UTF_8))))
        .isEqualTo(policy);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'mode': 'ask', 'rules': []}",
        "{'mode': 'always'}",
        "{'mode': 'ask', 'note': 'x'}",
        "{'rules': [{'id': 'x', 'says': 'Yes.'}]}",
        "{'rules': [{'id': 'x', 'says': '', 'deny': {}}]}",
        "{'rules': [{'id': 'x', 'deny': {}}]}",
        "{'rules': [{'id': 'default', 'says': 'No.', 'deny': {}}]}",
        "{'rules': [{'id': 'X', 'says': 'No.', 'deny': {}}]}",
        "{'rules': [{'id': 'x', 'says': 'No.', 'deny': {}, 'approve': {}}]}",
        "{'rules': [{'id': 'x', 'says': 'No.', 'deny': {'why': 'x'}}]}",
        "{'rules': [{'id': 'x', 'says': 'No.', 'deny': {}}, {'id': 'x', 'says': 'N.', 'deny':"
            + " {}}]}",
        "{'rules': [{'id': 'x', 'says': 'No.', 'match': {'purposes': []}, 'deny': {}}]}",
        "{'rules': [{'id': 'x', 'says': 'No.', 'match': {'level': {'atMost': 'root'}}, 'deny':"
            + " {}}]}",
        "{'rules': [{'id': 'x', 'says': 'No.', 'match': {'level': {'atMost': 'masked', 'atLeast':"
            + " 'read'}}, 'deny': {}}]}",
        "{'rules': [{'id': 'x', 'says': 'No.', 'match': {'hours': 'mon-fri 8-18'}, 'deny': {}}]}",
        "{'rules': [{'id': 'x', 'says': 'No.', 'match': {'ownTicket': false}, 'deny': {}}]}",
        "{'rules': [{'id': 'x', 'says': 'No.', 'match': {'requester': {'countries': ['Germany']}},"
            + " 'deny': {}}]}",
        "{'rules': [{'id': 'x', 'says': 'No.', 'match': {'data_classes': ['health']}, 'deny':"
            + " {}}]}",
        "{'rules': [{'id': 'x', 'says': '?', 'ask': {'quorum': 0}}]}",
        "{'rules': [{'id': 'x', 'says': '?', 'ask': {'approvers': 'nobody'}}]}",
        "{'rules': [{'id': 'x', 'says': '?', 'ask': {'respondWithin': 'PT1S'}}]}",
        "{'rules': [{'id': 'x', 'says': '?', 'ask': {'onTimeout': 'approve'}}]}",
        "{'mode': 'ask', 'escalation': {'after': 'PT1H', 'group': 'nobody'}}",
        "{'mode': 'ask', 'absences': [{'of': 'ann', 'standIn': 'ann', 'notBefore':"
            + " '2026-12-01T00:00:00Z', 'notAfter': '2026-12-02T00:00:00Z'}]}",
        "{'mode': 'ask', 'groups': {'security': ['ann', 'ann']}}"
      })
  void whatIsNotAPolicyIsRefused(String json) {
    assertThatThrownBy(() -> Policies.of(json)).isInstanceOf(MalformedJson.class);
  }
}
