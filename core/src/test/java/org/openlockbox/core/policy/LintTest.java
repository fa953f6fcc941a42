package org.openlockbox.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.Purpose;
import org.openlockbox.core.subject.SubjectId;

/// What stands out in a policy before it is signed, and what it can ever do. The approvers are ann
/// and cat; bob, of the group `security`, is none.
final class LintTest {
  private static final Set<SubjectId> APPROVERS =
      Set.of(new SubjectId("ann"), new SubjectId("cat"));

  private static List<String> findings(String rules) {
    return Lint.of(Policies.rules(rules), APPROVERS).stream()
        .flatMap(
            finding ->
                finding.rule().stream()
                    .map(rule -> finding.severity().word() + " " + rule + ": " + finding.what()))
        .toList();
  }

  @Test
  void aRuleThatTheRulesBeforeItCoverTogetherNeverDecides() {
    assertThat(
            findings(
                """
                {'id': 'low', 'says': 'No.', 'match': {'level': {'atMost': 'masked'}}, 'deny': {}},
                {'id': 'high', 'says': 'No.', 'match': {'level': {'atLeast': 'read'}}, 'deny': {}},
                {'id': 'last', 'says': '?', 'match': {'purposes': ['emergency']}, 'ask': {}}
                """))
        .containsExactly(
            "warning last: it never decides: the rules before it match all that it matches");
  }

  @Test
  void hoursThatCoverTheWeekTogetherLeaveNothingToALaterRule() {
    var day =
        "{'id': 'day', 'says': 'No.', 'match': {'hours': 'mon-sun 08:00-20:00 Europe/Berlin'},"
            + " 'deny': {}},";
    var night =
        "{'id': 'night', 'says': 'No.', 'match': {'hours': 'mon-sun 20:00-08:00 Europe/Berlin'},"
            + " 'deny': {}},";
    var other =
        "{'id': 'night', 'says': 'No.', 'match': {'hours': 'mon-sun 20:00-08:00 UTC'}, 'deny':"
            + " {}},";
    var last = "{'id': 'last', 'says': '?', 'ask': {}}";
    assertThat(findings(day + night + last)).hasSize(1);
    assertThat(findings(day + other + last)).isEmpty();
  }

  @Test
  void aConditionMayHoldAndMayNot() {
    assertThat(
            findings(
                """
                {'id': 'maybe', 'says': 'No.', 'when': 'rows > 5', 'deny': {}},
                {'id': 'last', 'says': '?', 'ask': {}}
                """))
        .isEmpty();
  }

  /// It is no fault of the policy: what was signed stays what it was.
  @Test
  void aCountryThatIsNoneIsWarnedOf() {
    assertThat(
            findings(
                """
                {'id': 'far', 'says': 'No.', 'deny': {},
                 'match': {'requester': {'countries': ['UK', 'EU', 'DE', 'XK']}}},
                {'id': 'last', 'says': '?', 'ask': {}}
                """))
        .containsExactly(
            "warning far: no country has the code UK: name GB as well",
            "warning far: no country has the code EU");
  }

  @Test
  void questionsThatNobodyCanAnswerAreErrors() {
    assertThat(
            findings(
                """
                {'id': 'many', 'says': '?', 'match': {'level': {'atMost': 'metadata'}}, 'ask': {'quorum': 3}},
                {'id': 'none', 'says': '?', 'match': {'level': {'atMost': 'masked'}},
                 'ask': {'approvers': 'security', 'quorum': 2}},
                {'id': 'least', 'says': '?', 'ask': {'quorum': 2, 'atLeast': [{'group': 'security', 'count': 2}]}}
                """))
        .containsExactly(
            "error many: it asks 3 approvers, and there are 2",
            "error none: it asks 2 approvers, and there are 1",
            "error least: it needs 2 of security, where there are 1 approvers");
  }

  @Test
  void writeAccessThatNobodyIsAskedAboutStandsOut() {
    assertThat(findings("{'id': 'all', 'says': 'Yes.', 'approve': {}}"))
        .containsExactly(
            "warning all: it gives write access without asking anybody",
            "warning all: it approves every request: nobody is asked");
    assertThat(
            findings(
                "{'id': 'x', 'says': 'Yes.', 'match': {'purposes': ['emergency']}, 'approve':"
                    + " {'level': 'read'}}"))
        .isEmpty();
  }

  @Test
  void peopleWhoAreNoApproversStandOut() {
    var policy = Policies.rules("{'id': 'x', 'says': '?', 'ask': {'approvers': 'security'}}");
    assertThat(Lint.of(policy, APPROVERS))
        .extracting(LintFinding::what)
        .containsExactly("bob, in the group security, is no approver");
  }

  @Test
  void theOutlookNamesEachRuleThatCanDecide() {
    var analysis =
        Analysis.of(
            Policies.rules(
                """
                {'id': 'tickets', 'says': 'Yes.', 'match': {'purposes': ['customer_ticket'],
                 'level': {'atMost': 'masked'}, 'duration': {'atMost': 'PT4H'}}, 'approve': {}},
                {'id': 'writes', 'says': 'No.', 'match': {'level': {'atLeast': 'write'}}, 'deny': {}}
                """));
    assertThat(analysis.isComplete()).isTrue();
    assertThat(words(analysis, Purpose.CUSTOMER_TICKET, Level.MASKED))
        .containsExactly("approved automatically (tickets)", "asked (default)");
    assertThat(words(analysis, Purpose.CUSTOMER_TICKET, Level.WRITE))
        .containsExactly("denied (writes)");
    assertThat(
            Stream.of(Purpose.values())
                .filter(purpose -> purpose != Purpose.CUSTOMER_TICKET)
                .map(purpose -> words(analysis, purpose, Level.READ)))
        .allMatch(List.of("asked (default)")::equals);
  }

  private static List<String> words(Analysis analysis, Purpose purpose, Level level) {
    return analysis.outlook(purpose, level).stream().map(Analysis.PossibleOutcome::words).toList();
  }
}
