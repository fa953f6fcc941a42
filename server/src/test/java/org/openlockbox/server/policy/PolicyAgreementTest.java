package org.openlockbox.server.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.policy.Policy;
import org.openlockbox.core.statement.Ticket;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.testing.RandomPolicies;
import org.openlockbox.core.watch.LogWatch;
import org.openlockbox.policy.CelConditions;
import org.openlockbox.policy.PolicyText;
import org.openlockbox.server.TestDirectory;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestTenant;

/// What an engineer is told beforehand, what the server does, what the replay says about it later,
/// and what whoever reads the log makes of it are one: outcome, rule, version and limits, for
/// random requests under random policies: 10,000 under 500 in the long form of the tests, 160 under
/// 8 in the short one. That the gateway does the same is a test of the gateway's, over as many.
final class PolicyAgreementTest {
  private static final long SEED = 20261126;
  private static final int POLICIES = Boolean.getBoolean("lockbox.long") ? 500 : 8;
  private static final int REQUESTS = 20;

  /// Whoever judges a request goes through all policies that its tenant ever signed.
  private static final int POLICIES_OF_A_TENANT = 25;

  private static final CelConditions CONDITIONS = new CelConditions();
  private static final String NOBODY = "mode: never";

  private final RandomGenerator random = new SplittableRandom(SEED);
  private final RandomPolicies policies = new RandomPolicies(random);

  /// What the policy of its time said to a request.
  record Said(String words, String rule, long entry) {
    static Said of(Fields ruling) {
      return new Said(ruling.text("words"), ruling.text("rule"), ruling.number("entry"));
    }
  }

  @Test
  void everybodySaysTheSame() {
    var outcomes = new TreeMap<String, Integer>();
    for (int done = 0; done < POLICIES; done += POLICIES_OF_A_TENANT) {
      try (var server = new TestServer()) {
        var acme = new TestTenant(server, "acme", 1);
        TestDirectory.write(server, "rob", Map.of("kind", "human"));
        TestDirectory.write(server, "eve", Map.of());
        var key = acme.engineerKey.key();
        server.execute(
            "insert into person_key select '%s', id, '%s', now() from person where subject = 'eve'"
                .formatted(key.keyId().hex(), TestTenant.text(key.toJson())));
        for (int n = 0; n < Math.min(POLICIES_OF_A_TENANT, POLICIES - done); n++) {
          under(policies.text(), acme, outcomes);
        }
        watch(acme);
      }
    }
    assertThat(outcomes.keySet()).containsExactly("approved", "denied", "pending");
    assertThat(outcomes.values()).allMatch(count -> count > POLICIES / 2);
    assertThat(outcomes.values().stream().mapToInt(count -> count).sum())
        .isEqualTo(POLICIES * REQUESTS);
  }

  private void under(String policy, TestTenant acme, Map<String, Integer> outcomes) {
    apply(acme, policy);
    var said = new HashMap<String, Said>();
    for (int i = 0; i < REQUESTS; i++) {
      ask(acme, said, outcomes);
    }
    apply(acme, policies.text());
    replay(acme, policy, said);
  }

  private static void apply(TestTenant acme, String text) {
    acme.change(new KeyringChange.Edit.ReplacePolicy(read(text)));
  }

  private static Policy read(String text) {
    return switch (new PolicyText(CONDITIONS).read(text)) {
      case PolicyText.Read.Good(var policy) -> policy;
      case PolicyText.Read.Bad(var problems) -> throw new AssertionError(text + problems);
    };
  }

  private void ask(TestTenant acme, Map<String, Said> said, Map<String, Integer> outcomes) {
    acme.server.pass(Duration.ofMinutes(random.nextInt(2000)));
    var ticket = "SUP-" + random.nextInt(60);
    if (random.nextInt(4) == 0) {
      sign(acme, ticket);
    }
    var wish = wish(acme, ticket);
    var predicted = acme.server.post("engineer", acme.requests() + ":predict", wish).json();
    var asked = acme.server.post("engineer", acme.requests(), wish);
    assertThat(asked.status()).as(asked.toString()).isEqualTo(201);
    var request = asked.json();
    var effect = predicted.text("effect");
    var why = "seed %d: %s, %s".formatted(SEED, TestTenant.text(wish), asked);
    assertThat(request.text("state")).as(why).isEqualTo(state(effect));
    for (Function<Fields, Object> part : parts()) {
      assertThat(part.apply(request.object("policy"))).as(why).isEqualTo(part.apply(predicted));
    }
    if (effect.equals("ask")) {
      assertThat(request.number("quorum")).as(why).isEqualTo(predicted.number("quorum"));
    }
    said.put(request.text("id"), Said.of(predicted));
    outcomes.merge(request.text("state"), 1, Integer::sum);
  }

  private static List<Function<Fields, Object>> parts() {
    return List.of(
        ruling -> ruling.text("rule"),
        ruling -> ruling.text("says"),
        ruling -> ruling.number("entry"));
  }

  private static String state(String effect) {
    return switch (effect) {
      case "approve" -> "approved";
      case "deny" -> "denied";
      case "ask" -> "pending";
      default -> throw new AssertionError(effect);
    };
  }

  /// What the policy that was in force until just now would change of what the new one says: it
  /// would do what it did.
  private static void replay(TestTenant acme, String old, Map<String, Said> said) {
    var again = changes(acme, old, "after");
    var now = changes(acme, NOBODY, "before");
    said.forEach(
        (id, then) -> {
          var nowSaid = now.containsKey(id) ? now.get(id).words() : "denied";
          if (again.containsKey(id)) {
            assertThat(again.get(id).words()).as("seed %d: %s", SEED, id).isEqualTo(then.words());
            assertThat(again.get(id).rule()).as("seed %d: %s", SEED, id).isEqualTo(then.rule());
            assertThat(nowSaid).as("seed %d: %s", SEED, id).isNotEqualTo(then.words());
          } else {
            assertThat(nowSaid).as("seed %d: %s", SEED, id).isEqualTo(then.words());
          }
        });
  }

  private static Map<String, Said> changes(TestTenant acme, String draft, String side) {
    var look =
        acme.server.post(
            acme.approver(),
            "/v1/tenants/acme/policy:draft",
            Json.object().put("text", draft).build());
    assertThat(look.status()).as(look.toString()).isEqualTo(200);
    return look.json().objects("changed").stream()
        .collect(Collectors.toMap(one -> one.text("request"), one -> Said.of(one.object(side))));
  }

  private static void watch(TestTenant acme) {
    var watch = new LogWatch(acme.pin(), acme.id, CONDITIONS);
    var findings = new ArrayList<LogWatch.Finding>();
    acme.verifiedLog().forEach(entry -> findings.addAll(watch.take(entry.bytes())));
    assertThat(findings).isEmpty();
  }

  private static void sign(TestTenant acme, String ticket) {
    var until = acme.server.clock.get().plus(Duration.ofDays(2));
    var payload = new Ticket(acme.id, acme.origin, ticket, new SubjectId("acme-ann"), until);
    var signed = TestTenant.envelope(payload.unsigned().signedBy(acme.key));
    assertThat(acme.server.post(acme.approver(), "/v1/tenants/acme/tickets", signed).status())
        .isEqualTo(201);
  }

  /// What the provider says of the engineer today; one fact in eight it does not know.
  private Map<String, String> facts() {
    var facts = new HashMap<String, String>();
    facts.put("country", one("DE", "FR", "US"));
    facts.put("employer", one("Vendor GmbH", "Other GmbH"));
    facts.put("kind", one("agent", "human", "human", "human"));
    for (var fact : List.copyOf(facts.keySet())) {
      if (random.nextInt(8) == 0) {
        facts.remove(fact);
      }
    }
    return facts;
  }

  private Json wish(TestTenant acme, String ticket) {
    TestDirectory.write(acme.server, "eve", facts());
    var wish =
        Json.object()
            .put("resource", "helpdesk")
            .put("level", one("metadata", "masked", "read"))
            .put("purpose", one("customer_ticket", "emergency", "provider_maintenance"))
            .put("reason", "Cannot log in")
            .put("ticket", ticket)
            .put("duration", one("PT20M", "PT1H", "PT2H", "PT4H", "PT4H1M"))
            .put("engineerKey", acme.engineerKey.key().toJson());
    if (random.nextBoolean()) {
      wish.put("rowBudget", 1 + random.nextInt(2000));
    }
    if (random.nextInt(4) == 0) {
      wish.put("sql", Json.object().put("profile", "expert").build());
    }
    return wish.build();
  }

  private String one(String... words) {
    return words[random.nextInt(words.length)];
  }
}
