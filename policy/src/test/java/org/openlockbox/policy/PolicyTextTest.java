package org.openlockbox.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.policy.Policy;

/// A policy as people write it: the same in YAML and in JSON, and what is wrong with its place.
final class PolicyTextTest {
  private static final String YAML =
      """
      rules:
        - id: my-tickets
          says: "If we opened the ticket, masked access for 4 hours is approved in business hours."
          match:
            purposes: [customer_ticket]
            level: {atMost: masked}
            duration: {atMost: PT4H}
            hours: mon-fri 08:00-18:00 Europe/Berlin
            requester: {kinds: [human], countries: [DE, FR, NO]}
            ownTicket: true
          approve: {rows: 1000}
        - id: writes
          says: Changing our data needs two people, one of them from Security.
          match:
            level: {atLeast: write}
          when: |
            duration <= duration('1h')
              && !agent
          ask:
            quorum: 2
            atLeast: [{group: security, count: 1}]
            respondWithin: PT2H
      groups:
        security: [ann, bob]
      """;

  private final PolicyText text = new PolicyText(new CelConditions());

  private Policy good(String yaml) {
    return switch (text.read(yaml)) {
      case PolicyText.Read.Good(var policy) -> policy;
      case PolicyText.Read.Bad(var problems) -> throw new AssertionError(problems.toString());
    };
  }

  private List<PolicyText.TextProblem> bad(String yaml) {
    return switch (text.read(yaml)) {
      case PolicyText.Read.Good(var policy) -> throw new AssertionError(policy.toString());
      case PolicyText.Read.Bad(var problems) -> problems;
    };
  }

  @Test
  void yamlAndJsonAreTheSamePolicy() {
    var policy = good(YAML);
    assertThat(policy.rules()).hasSize(2);
    assertThat(good(CanonicalJson.text(policy.toJson()))).isEqualTo(policy);
    assertThat(good(PolicyText.yaml(policy))).isEqualTo(policy);
    var json = Json.read(CanonicalJson.bytes(policy.toJson()));
    assertThat(Policy.parse(json)).isEqualTo(policy);
  }

  @Test
  void aRuleIsWrittenInTheOrderInWhichPeopleReadIt() {
    var yaml = PolicyText.yaml(good(YAML));
    assertThat(yaml.indexOf("id:")).isLessThan(yaml.indexOf("says:"));
    assertThat(yaml.indexOf("says:")).isLessThan(yaml.indexOf("match:"));
    assertThat(yaml.indexOf("match:")).isLessThan(yaml.indexOf("approve:"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PT4H|4 hours|7|'duration'",
        "atLeast: write|atLeast: root|15|'level'",
        "purposes: [customer_ticket]|purpose: customer_ticket|5|unknown member 'purpose'",
        "ownTicket: true|ownTicket: yes|10|'ownTicket'",
        "group: security|group: secrets|1|there is no group secrets",
        "!agent|!robot|16|robot",
        "PT2H|PT2S|19|at least a minute",
        "id: writes|id: my-tickets|1|a rule's id twice",
        "approve: {rows: 1000}|approve: {rows: [}|11|not YAML",
        "kinds: [human]|kinds: [&x human]|9|anchors",
        "DE, FR, NO|DE, DE|4|no item twice"
      })
  void whatIsWrongIsToldWithItsLine(String right, String wrong, int line, String what) {
    var problems = bad(YAML.replace(right, wrong));
    assertThat(problems).hasSize(1);
    assertThat(problems.getFirst().what()).contains(what);
    assertThat(problems.getFirst().line()).as(problems.toString()).isEqualTo(line);
  }

  @Test
  void aTextThatIsNoPolicyAtAllIsToldToo() {
    for (var yaml : List.of("", "- a\n- b", "just words", "a: b: c", "mode: ask\nmode: never")) {
      assertThat(bad(yaml)).hasSize(1);
    }
    assertThat(bad("x".repeat(70_000))).hasSize(1);
    assertThat(bad("mode: \"a\\u202Eb\"").getFirst().line()).isEqualTo(1);
  }

  @Test
  void aMistakeInAConditionHasItsPlaceInTheCondition() {
    var problem = bad(YAML.replace("!agent", "!robot")).getFirst();
    assertThat(problem.what()).startsWith("'when', line 2, column 7:");
  }
}
