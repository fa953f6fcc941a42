package org.openlockbox.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Assurance;
import org.openlockbox.core.access.GrantTerms;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.Purpose;
import org.openlockbox.core.access.Submission;
import org.openlockbox.core.access.Terms;
import org.openlockbox.core.access.Window;
import org.openlockbox.core.history.Authority;
import org.openlockbox.core.history.Tickets;
import org.openlockbox.core.history.VerifiedRequest;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.keyring.KeyringChange.Edit;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.limits.Profile;
import org.openlockbox.core.limits.RowBudget;
import org.openlockbox.core.log.LogEntry;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.policy.Effect;
import org.openlockbox.core.policy.Policy;
import org.openlockbox.core.policy.Question;
import org.openlockbox.core.policy.Ruling;
import org.openlockbox.core.subject.Engineer;
import org.openlockbox.core.subject.EngineerFacts;
import org.openlockbox.core.subject.FactSource;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.testing.RandomPolicies;
import org.openlockbox.core.testing.SettableClock;
import org.openlockbox.core.testing.SignedPolicy;
import org.openlockbox.core.testing.TenantFixture;
import org.openlockbox.core.testing.TenantFixture.RequestEntry;
import org.openlockbox.core.watch.LogWatch;
import org.openlockbox.gateway.controlplane.ConnectOffer;
import org.openlockbox.gateway.controlplane.GatewayIdentity;
import org.openlockbox.gateway.resource.ProtectedResources;
import org.openlockbox.gateway.testing.FakeControlPlane;
import org.openlockbox.policy.CelConditions;
import org.openlockbox.policy.PolicyText;

/// What a policy is simulated to say is what the gateway then does, for random requests under
/// random policies: 10,000 under 500 in the long form of the tests, 1,000 under 50 in the short
/// one. And where it does not approve, an approval that a server makes up lets nobody in, and is
/// found by whoever reads the log.
class PolicyAgreementTest {
  private static final long SEED = 20261125;
  private static final int POLICIES = Boolean.getBoolean("lockbox.long") ? 500 : 50;
  private static final int REQUESTS = 20;

  /// One of so many that are not approved is asked again, with an approval made up.
  private static final int FORGED = 5;

  private static final CelConditions CONDITIONS = new CelConditions();

  private final RandomGenerator random = new SplittableRandom(SEED);

  /// What becomes of a login.
  private enum Fate {
    /// The proof of a grant held: only this gateway does not serve the resource.
    LET_IN("this gateway does not serve resource"),
    DENIED("access was denied"),
    WAITS("access is not approved"),
    REFUSED("the proof of approval does not hold");

    private final String message;

    Fate(String message) {
      this.message = message;
    }

    static Fate of(AdmissionDecision decision) {
      var said = ((Deny) decision).message();
      return List.of(values()).stream()
          .filter(fate -> said.startsWith(fate.message))
          .findFirst()
          .orElseThrow(() -> new AssertionError(said));
    }
  }

  @Test
  void theGatewayDoesWhatTheSimulationSaid() {
    var seen = new EnumMap<Fate, Integer>(Fate.class);
    for (int i = 0; i < POLICIES; i++) {
      var world = new World(random);
      for (int j = 0; j < REQUESTS; j++) {
        world.request().forEach(fate -> seen.merge(fate, 1, Integer::sum));
      }
      world.isWatched();
    }
    assertThat(seen.keySet()).containsExactly(Fate.values());
    assertThat(seen.values().stream().mapToInt(count -> count).sum())
        .isGreaterThanOrEqualTo(POLICIES * REQUESTS);
    assertThat(seen.values()).allMatch(count -> count > POLICIES / 2);
  }

  /// One tenant with a random policy, and a gateway.
  private static final class World {
    private final RandomGenerator random;
    private final SettableClock clock = new SettableClock();
    private final TenantFixture acme = new TenantFixture("acme", 1, clock);
    private final SignedPolicy signed = new SignedPolicy(acme);
    private final Policy policy;
    private final List<LogEntry> tickets = new ArrayList<>();
    private final Admission admission;
    private final Keyring keyring;
    private final Set<Long> madeUp = new HashSet<>();

    World(RandomGenerator random) {
      this.random = random;
      this.policy = read(new RandomPolicies(random).text());
      signed.change(new Edit.ReplacePolicy(policy), "ann");
      this.keyring = signed.keyring();
      var identity = GatewayIdentity.starting(TenantFixture.GATEWAY, new SecureRandom());
      var controlPlane = new FakeControlPlane(acme, identity);
      admission =
          new Admission(
              controlPlane,
              new ProtectedResources(List.of()),
              FakeControlPlane.credential(acme),
              Map.of(),
              CONDITIONS,
              new Witnessing(controlPlane, clock, System::nanoTime),
              (tenant, request, problem) -> {},
              () -> true,
              clock,
              new SecureRandom());
    }

    private static Policy read(String text) {
      return switch (new PolicyText(CONDITIONS).read(text)) {
        case PolicyText.Read.Good(var policy) -> policy;
        case PolicyText.Read.Bad(var problems) -> throw new AssertionError(text + problems);
      };
    }

    List<Fate> request() {
      clock.advance(Duration.ofMinutes(random.nextInt(400)));
      var ticket = "SUP-" + random.nextInt(60);
      if (random.nextInt(4) == 0) {
        tickets.add(signed.sign(signed.ticket(ticket, "bob")));
      }
      var draft = submission(ticket);
      var start = draft.terms().startIfApprovedAt(clock.instant());
      var own = Tickets.kept(tickets).isOwn(ticket, keyring, start);
      var question = new Question(draft, clock.instant(), own);
      var simulated = (Ruling.ByRule) policy.ruling(keyring.policySince(), question, CONDITIONS, 1);
      var asked = acme.ask(draft.asking(quorum(simulated), draft.decideBy()));
      standing(asked)
          .automatic(authority(), clock.instant())
          .ifPresent(event -> acme.log().append(event));
      var fate = fate(asked);
      assertThat(fate).as("%s by %s", draft, policy).isEqualTo(expected(simulated));
      return fate == Fate.LET_IN || random.nextInt(FORGED) > 0
          ? List.of(fate)
          : List.of(fate, forged(draft, simulated));
    }

    /// Who reads the whole log finds what was made up, and nothing else.
    void isWatched() {
      var watch = new LogWatch(acme.pin(), acme.tenant(), CONDITIONS);
      for (long n = 0; n < acme.log().size(); n++) {
        var findings = watch.take(acme.log().entry(n));
        assertThat(findings.isEmpty()).as("%s %s", n, findings).isEqualTo(!madeUp.contains(n));
      }
    }

    private static int quorum(Ruling.ByRule simulated) {
      return simulated.effect() instanceof Effect.Ask(var approvers) ? approvers.quorum() : 1;
    }

    private static Fate expected(Ruling.ByRule simulated) {
      return switch (simulated.effect()) {
        case Effect.Approve _ -> Fate.LET_IN;
        case Effect.Deny _ -> Fate.DENIED;
        case Effect.Ask _ -> Fate.WAITS;
      };
    }

    /// The same request, and an approval that the server makes up.
    private Fate forged(Submission draft, Ruling.ByRule simulated) {
      var again = submission(draft.ticket(), draft);
      var asked = acme.ask(again.asking(quorum(simulated), again.decideBy()));
      var now = clock.instant();
      var terms = again.terms();
      var grant =
          new GrantTerms(
              terms.level(), new Window(now, now.plus(terms.duration())), terms.limits());
      acme.log()
          .append(
              new RequestEvent.Automatic(
                  again.id(), simulated.entry(), simulated.rule(), Optional.of(grant)));
      madeUp.add(acme.log().size() - 1);
      var fate = fate(asked);
      assertThat(fate).as("%s by %s", again, policy).isEqualTo(Fate.REFUSED);
      return fate;
    }

    private Fate fate(RequestEntry asked) {
      var statement = acme.connectStatement(asked);
      var envelope = statement.unsigned().signedBy(acme.key("engineer"));
      var offer = new ConnectOffer(acme.tenant(), asked.submission().id(), envelope);
      return Fate.of(admission.decide(offer, statement.user(), "helpdesk"));
    }

    private VerifiedRequest standing(RequestEntry asked) {
      var entry = LogEntry.parse(acme.log().entry(asked.ref().index()));
      return VerifiedRequest.of(asked.ref(), entry.time(), (RequestEvent.Requested) entry.body());
    }

    private Authority authority() {
      return new Authority(keyring, CONDITIONS, Tickets.kept(tickets));
    }

    private Submission submission(String ticket) {
      return submission(ticket, acme.submission(terms(), 1));
    }

    private Submission submission(String ticket, Submission like) {
      var fresh = acme.submission(like.terms(), 1);
      return new Submission(
          fresh.id(),
          fresh.tenant(),
          like.ticket().equals(ticket) ? like.engineer() : engineer(),
          like.ticket().equals(ticket) ? like.purpose() : one(List.of(Purpose.values())),
          ticket,
          fresh.terms(),
          Optional.empty(),
          false,
          Assurance.GATED,
          fresh.decideBy(),
          1);
    }

    private Terms terms() {
      var limits = Limits.UNWRITTEN;
      if (random.nextBoolean()) {
        limits = limits.withRowBudget(new RowBudget(1 + random.nextInt(2000)));
      }
      if (random.nextInt(4) == 0) {
        limits = limits.withProfile(Profile.EXPERT);
      }
      return new Terms(
          TenantFixture.HELPDESK,
          one(List.of(Level.values())),
          Optional.empty(),
          Duration.ofMinutes(one(List.of(20, 60, 120, 240, 241, 1000))),
          limits);
    }

    private Engineer engineer() {
      boolean agent = random.nextInt(4) == 0;
      return new Engineer(
          TenantFixture.EVE,
          EngineerFacts.of(
              FactSource.DIRECTORY,
              maybe(one(List.of("DE", "FR", "US"))),
              maybe(one(List.of("Vendor GmbH", "Other GmbH"))),
              agent ? Optional.of(Engineer.EngineerKind.AGENT) : maybe(Engineer.EngineerKind.HUMAN),
              agent ? Optional.of(new SubjectId("rob")) : Optional.empty()),
          acme.key("engineer").key());
    }

    /// One fact in eight is not known.
    private <T> Optional<T> maybe(T fact) {
      return random.nextInt(8) == 0 ? Optional.empty() : Optional.of(fact);
    }

    private <T> T one(List<T> items) {
      return items.get(random.nextInt(items.size()));
    }
  }
}
