package org.openlockbox.core.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.core.access.GrantTerms;
import org.openlockbox.core.access.Terms;
import org.openlockbox.core.access.Window;
import org.openlockbox.core.history.VerifiedRequest;
import org.openlockbox.core.keyring.KeyringChange.Edit;
import org.openlockbox.core.keyring.ProviderAccess;
import org.openlockbox.core.keyring.Settings;
import org.openlockbox.core.keyring.WitnessPolicy;
import org.openlockbox.core.log.LogEntry;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.log.TicketEvent;
import org.openlockbox.core.policy.Policies;
import org.openlockbox.core.policy.Policy;
import org.openlockbox.core.policy.RuleId;
import org.openlockbox.core.testing.SettableClock;
import org.openlockbox.core.testing.SignedPolicy;
import org.openlockbox.core.testing.TenantFixture;
import org.openlockbox.core.testing.TenantFixture.RequestEntry;

/// Bundles that rest on a policy, true ones and forged ones: `verify.py` says of each what we say,
/// and the verifiers that evaluate no policies believe none of them.
final class PolicyBundlesTest {
  private static final String HOURS = "mon-fri 08:00-18:00 Europe/Berlin";
  @TempDir private Path directory;

  /// A tenant whose log is being written, for one request.
  private static final class Story {
    final SettableClock clock = new SettableClock();
    final TenantFixture acme = new TenantFixture("acme", 1, clock);
    final SignedPolicy signed = new SignedPolicy(acme);
    Optional<RequestEntry> asked = Optional.empty();

    void policy(String rules) {
      apply(Policies.rules(rules));
    }

    void apply(Policy policy) {
      signed.change(new Edit.ReplacePolicy(policy), "ann");
    }

    void access(ProviderAccess access) {
      signed.change(
          new Edit.ReplaceSettings(
              new Settings(
                  WitnessPolicy.NONE,
                  Settings.MAX_UNWITNESSED,
                  WitnessPolicy.NONE,
                  Map.of(),
                  access)),
          "ann");
    }

    RequestEntry ask(int quorum) {
      asked = Optional.of(acme.ask(quorum));
      return asked.get();
    }

    void ruled() {
      acme.log().append(honest());
    }

    void rule(long policy, RuleId rule, Optional<GrantTerms> grant) {
      var id = asked.orElseThrow().submission().id();
      acme.log().append(new RequestEvent.Automatic(id, policy, rule, grant));
    }

    RequestEvent.Automatic honest() {
      var now = asked.orElseThrow();
      var standing = VerifiedRequest.of(now.ref(), clock.instant(), requested(now));
      return standing.automatic(signed.authority(), clock.instant()).orElseThrow();
    }

    private RequestEvent.Requested requested(RequestEntry now) {
      return (RequestEvent.Requested) LogEntry.parse(acme.log().entry(now.ref().index())).body();
    }

    Bundle bundle() {
      var id = asked.orElseThrow().submission().id();
      return Bundle.of(id, acme.history(id), acme.log().checkpoint(), acme.texts());
    }
  }

  private static Map<String, Consumer<Story>> stories() {
    var stories = new LinkedHashMap<String, Consumer<Story>>();
    stories.putAll(trueOnes());
    stories.putAll(forgedOnes());
    return stories;
  }

  private static final String SHORT =
      "{'id': 'short', 'says': 'Yes.', 'match': {'level': {'atMost': 'masked'}, 'hours': '%s'},"
              .formatted(HOURS)
          + " 'approve': {'duration': 'PT10M', 'rows': 5, 'hours': '%s'}}".formatted(HOURS);

  private static Map<String, Consumer<Story>> trueOnes() {
    var stories = new LinkedHashMap<String, Consumer<Story>>();
    stories.put("approved", story -> start(story, SHORT, 1).ruled());
    stories.put(
        "denied", story -> start(story, "{'id': 'no', 'says': 'No.', 'deny': {}}", 1).ruled());
    stories.put(
        "own ticket",
        story -> {
          story.apply(Policies.of("{'mode': 'auto-for-my-tickets'}"));
          story.signed.sign(story.signed.ticket("SUP-1", "bob"));
          story.ask(1);
          story.ruled();
        });
    stories.put(
        "audit only",
        story -> {
          story.access(ProviderAccess.AUDIT_ONLY);
          story.ask(1);
          story.ruled();
        });
    stories.put(
        "switched off",
        story -> {
          story.acme.approve(story.ask(1), "ann");
          story.access(ProviderAccess.OFF);
        });
    stories.put(
        "two, one of legal",
        story -> {
          start(
              story,
              "{'id': 'x', 'says': '?', 'ask': {'quorum': 2, 'atLeast': [{'group': 'legal', 'count': 1}]}}",
              2);
          List.of("ann", "bob", "cat")
              .forEach(who -> story.acme.approve(story.asked.orElseThrow(), who));
        });
    return stories;
  }

  private static Story start(Story story, String rules, int quorum) {
    story.policy(rules);
    story.ask(quorum);
    return story;
  }

  private static Map<String, Consumer<Story>> forgedOnes() {
    var stories = new LinkedHashMap<String, Consumer<Story>>();
    stories.putAll(forgedRulings());
    stories.putAll(forgedDecisions());
    stories.put(
        "a ticket that the engineer signed",
        story -> {
          story.apply(Policies.of("{'mode': 'auto-for-my-tickets'}"));
          var ticket = story.signed.ticket("SUP-1", "bob").unsigned();
          story.acme.log().append(TicketEvent.of(ticket.signedBy(story.acme.key("engineer"))));
          story.ask(1);
        });
    stories.put(
        "an own ticket whose time is over when the access begins",
        PolicyBundlesTest::afterTheTicket);
    stories.put(
        "a condition",
        story -> start(story, "{'id': 'x', 'says': 'Yes.', 'when': 'true', 'approve': {}}", 1));
    return stories;
  }

  private static void afterTheTicket(Story story) {
    story.apply(Policies.of("{'mode': 'auto-for-my-tickets'}"));
    var ticket = story.signed.ticket("SUP-1", "bob");
    story.signed.sign(ticket);
    var usual = story.acme.terms();
    var start = ticket.notAfter();
    var later =
        new Terms(
            usual.resource(), usual.level(), Optional.of(start), usual.duration(), usual.limits());
    story.asked = Optional.of(story.acme.ask(story.acme.submission(later, 1)));
    var window = new Window(start, start.plus(later.duration()));
    story.rule(
        story.signed.keyring().policySince(),
        new RuleId("auto-for-my-tickets"),
        Optional.of(new GrantTerms(later.level(), window, later.limits())));
  }

  private static Map<String, Consumer<Story>> forgedRulings() {
    var stories = new LinkedHashMap<String, Consumer<Story>>();
    stories.put(
        "approved by a policy that is over",
        story -> {
          var honest = start(story, SHORT, 1).honest();
          story.apply(Policy.ASK);
          story.acme.log().append(honest);
        });
    stories.put(
        "another rule",
        story -> {
          var honest = start(story, SHORT, 1).honest();
          story.rule(honest.policy(), new RuleId("long"), honest.grant());
        });
    stories.put(
        "a longer grant",
        story -> {
          var honest = start(story, SHORT, 1).honest();
          var terms = honest.grant().orElseThrow();
          var longer =
              new Window(terms.window().notBefore(), terms.window().notAfter().plusSeconds(1));
          var grant = new GrantTerms(terms.level(), longer, terms.limits());
          story.rule(honest.policy(), honest.rule(), Optional.of(grant));
        });
    stories.put(
        "too late for the hours",
        story -> {
          var honest = start(story, SHORT, 1).honest();
          story.clock.advance(Duration.ofHours(10));
          story.acme.log().append(honest);
        });
    return stories;
  }

  private static Map<String, Consumer<Story>> forgedDecisions() {
    var stories = new LinkedHashMap<String, Consumer<Story>>();
    stories.put(
        "signed against a denial",
        story -> {
          start(story, "{'id': 'no', 'says': 'No.', 'deny': {}}", 1);
          story.acme.approve(story.asked.orElseThrow(), "ann");
        });
    stories.put(
        "signed by who is not asked",
        story -> {
          start(story, "{'id': 'x', 'says': '?', 'ask': {'approvers': 'legal'}}", 1);
          story.acme.approve(story.asked.orElseThrow(), "ann");
        });
    stories.put(
        "asks for too few",
        story -> start(story, "{'id': 'x', 'says': '?', 'ask': {'quorum': 2}}", 1));
    return stories;
  }

  private Path written(Bundle bundle) throws IOException {
    return Files.write(directory.resolve("a.zip"), bundle.bytes().toArray());
  }

  @Test
  void theOneWrittenFromTheSpecificationSaysTheSameOfEach() throws Exception {
    for (var each : stories().entrySet()) {
      var story = new Story();
      each.getValue().accept(story);
      var zip = written(story.bundle());
      var ours = BundleCheck.verify(Files.readAllBytes(zip), Optional.of(story.acme.pin()));
      boolean holds = trueOnes().containsKey(each.getKey());
      assertThat(ours instanceof BundleCheck.Valid)
          .as(each.getKey() + ": " + ours)
          .isEqualTo(holds);
      var pin = story.acme.pin().hex();
      var theirs = ScriptedVerifiers.python(zip, pin);
      assertThat(theirs.exit()).as(each.getKey() + theirs.err()).isEqualTo(holds ? 0 : 1);
      assertThat(theirs.err()).doesNotContain("Error:");
    }
  }

  @Test
  void theShortOneBelievesNone() throws Exception {
    believesNone((bundle, pin) -> ScriptedVerifiers.go(directory, written(bundle), pin));
  }

  @Test
  void thePageBelievesNone() throws Exception {
    believesNone(
        (bundle, pin) -> {
          var html = Optional.ofNullable(bundle.files().get("verify.html")).orElseThrow();
          var page = Files.write(directory.resolve("verify.html"), html.toArray());
          return ScriptedVerifiers.page(page, written(bundle), pin);
        });
  }

  @Test
  void theShellScriptBelievesNone() throws Exception {
    Program.need("jq", Map.of(), "jq", "--version");
    believesNone(this::shell);
  }

  /// Runs one of them over a bundle.
  private interface Verifier {
    Program verify(Bundle bundle, String pin) throws IOException, InterruptedException;
  }

  private static void believesNone(Verifier verifier) throws IOException, InterruptedException {
    for (var each : trueOnes().entrySet()) {
      var story = new Story();
      each.getValue().accept(story);
      var said = verifier.verify(story.bundle(), story.acme.pin().hex());
      assertThat(said.exit()).as(each.getKey()).isEqualTo(1);
      assertThat(said.err()).as(each.getKey()).contains("use lockbox verify");
    }
  }

  private Program shell(Bundle bundle, String pin) throws IOException, InterruptedException {
    var unpacked = Files.createTempDirectory(directory, "unpacked");
    for (var file : bundle.files().entrySet()) {
      var path = unpacked.resolve(file.getKey());
      Files.createDirectories(Optional.ofNullable(path.getParent()).orElseThrow());
      Files.write(path, file.getValue().toArray());
    }
    return Program.run(unpacked, "bash", "verify.sh", pin);
  }
}
