package org.openlockbox.core.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.keyring.ProviderAccess;
import org.openlockbox.core.keyring.Settings;
import org.openlockbox.core.keyring.TextKind;
import org.openlockbox.core.keyring.WitnessPolicy;
import org.openlockbox.core.log.EntryBody;
import org.openlockbox.core.log.ErasedEvent;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.log.LogEntry;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.operation.SqlFacts;
import org.openlockbox.core.policy.Conditions;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.core.statement.Erasure;
import org.openlockbox.core.statement.Erasure.ErasureScope;
import org.openlockbox.core.statement.OpenedText;
import org.openlockbox.core.testing.SettableClock;
import org.openlockbox.core.testing.TenantFixture;
import org.openlockbox.core.watch.LogWatch;

/// Erasures as a bundle and the whole log show them, and those that nobody may believe.
class ErasureTest {
  private final SettableClock clock = new SettableClock(Instant.parse("2026-01-05T09:00:00Z"));
  private final TenantFixture acme = new TenantFixture("acme", 2, clock);
  private final TenantFixture.RequestEntry asked = acme.ask(2);
  private long statement;

  private void record() {
    acme.approve(asked, "ann");
    acme.approve(asked, "bob");
    var session = acme.session();
    acme.fromGateway(acme.opened(asked, session));
    var parameters = Optional.of(acme.commit("$1 = 'Carl'"));
    statement =
        acme.fromGateway(
                new SessionEvent.Operation(
                    session,
                    0,
                    acme.commit("select 1"),
                    parameters,
                    "execute",
                    SqlFacts.of("select")))
            .seq();
  }

  private ErasureScope.ChosenEntries entries(Long... indices) {
    return new ErasureScope.ChosenEntries(List.of(indices));
  }

  private BundleCheck check(Map<Commitment, OpenedText> texts) {
    var entries = acme.log().proven(entry -> true);
    var bundle = Bundle.of(asked.ref().id(), entries, acme.log().checkpoint(), texts);
    return BundleCheck.verify(bundle.bytes().toArray(), Optional.of(acme.pin()));
  }

  /// The texts, without those that these entries commit to.
  private Map<Commitment, OpenedText> without(long... indices) {
    var kept = new HashMap<>(acme.texts());
    LongStream.of(indices)
        .mapToObj(index -> LogEntry.parse(acme.log().entry(index)).body().texts())
        .forEach(texts -> texts.forEach(text -> kept.remove(text.commitment())));
    return kept;
  }

  private static List<String> told(BundleCheck check) {
    assertThat(check).isInstanceOf(BundleCheck.Valid.class);
    return ((BundleCheck.Valid) check).story().told();
  }

  private List<String> watched() {
    var watch = new LogWatch(acme.pin(), acme.tenant(), Conditions.NONE);
    var findings = new ArrayList<String>();
    for (long seq = 0; seq < acme.log().size(); seq++) {
      watch.take(acme.log().entry(seq)).forEach(finding -> findings.add(finding.what()));
    }
    return findings;
  }

  @Test
  void anApproverErasesTheTextsOfAnEntryAndEveryProofHolds() {
    record();
    acme.erase(acme.erasure(entries(statement)), "bob");
    assertThat(told(check(without(statement))))
        .anySatisfy(
            line ->
                assertThat(line)
                    .contains(
                        "execute 0: operation erased on 2026-01-05T09:00:00Z by bob",
                        "input erased on",
                        "asked for by Carl"))
        .anySatisfy(line -> assertThat(line).contains("erased the texts of entries [5]"))
        .anySatisfy(line -> assertThat(line).contains("Cannot log in"));
    assertThat(watched()).isEmpty();
  }

  @Test
  void aMissingTextThatNobodyErasedIsWithheldAndNotErased() {
    record();
    assertThat(told(check(without(statement))))
        .anySatisfy(line -> assertThat(line).contains("execute 0: text not disclosed"))
        .noneSatisfy(line -> assertThat(line).contains("erased"));
  }

  @Test
  void aTextThatIsShownAlthoughItWasErasedIsReported() {
    record();
    acme.erase(acme.erasure(entries(statement)), "bob");
    assertThat(check(acme.texts()))
        .isInstanceOfSatisfying(
            BundleCheck.Invalid.class,
            broken -> assertThat(broken.what()).contains("still shown", "entry 6 erased it"));
  }

  @Test
  void aQuorumErasesEverythingSoFar() {
    record();
    acme.erase(acme.erasure(new ErasureScope.Everything()), "ann", "cat");
    assertThat(told(check(Map.of())))
        .anySatisfy(line -> assertThat(line).contains("name erased on", "by ann, cat"))
        .anySatisfy(line -> assertThat(line).contains("operation erased on"))
        .anySatisfy(line -> assertThat(line).contains("erased every text of the log so far"));
    assertThat(watched()).isEmpty();
  }

  @Test
  void nobodyBelievesAnErasureThatThoseWhoMayDidNotSign() {
    record();
    assertRefused(acme.erasure(new ErasureScope.Everything()), "not signed by a quorum", "ann");
    assertRefused(acme.erasure(entries(statement)), "a signature that is false", "engineer");
    assertRefused(acme.erasure(entries(statement)), "a signature that is false", "ann", "log");
    assertRefused(acme.erasure(entries(statement)), "a signature that is false", "ann", "ann");
    assertRefused(acme.erasure(entries(1000L)), "an entry that there is not yet", "ann");
    var globex = new TenantFixture("globex", 1, clock);
    assertRefused(globex.erasure(entries(statement)), "another tenant", "ann");
  }

  private void assertRefused(Erasure erasure, String why, String... signers) {
    int before = watched().size();
    acme.erase(erasure, signers);
    assertThat(watched()).hasSize(before + 1).last().asString().contains(why);
    assertThat(check(without(statement))).isInstanceOf(BundleCheck.Invalid.class);
  }

  @Test
  void anErasureIsCarriedOutInTimeAndOnce() {
    record();
    var erasure = acme.erasure(entries(statement));
    acme.erase(erasure, "bob");
    assertThat(watched()).isEmpty();
    acme.erase(erasure, "bob");
    assertThat(watched()).singleElement().asString().contains("carried out before");
    var late = acme.erasure(entries(statement));
    clock.advance(Duration.ofHours(1));
    acme.erase(late, "bob");
    assertThat(watched()).hasSize(2).last().asString().contains("is over");
  }

  private long demand(Map<TextKind, Duration> periods) {
    var settings =
        new Settings(
            WitnessPolicy.NONE,
            Settings.MAX_UNWITNESSED,
            WitnessPolicy.NONE,
            periods,
            ProviderAccess.ENABLED);
    var change =
        new KeyringChange(
            acme.tenant(),
            acme.log().origin(),
            acme.pin(),
            2,
            new KeyringChange.Edit.ReplaceSettings(settings));
    var envelope =
        Envelope.unsigned(KeyringChange.PAYLOAD_TYPE, change.toJson())
            .signedBy(acme.key("ann"))
            .signedBy(acme.key("bob"));
    return acme.log().append(KeyringEvent.of(envelope)).seq();
  }

  private void expire(long settings, TextKind kind, long before) {
    acme.log().append(new ErasedEvent.RetentionOver(settings, new TreeMap<>(Map.of(kind, before))));
  }

  @Test
  void whatTheSignedPeriodsAllowIsErasedWithoutASignature() {
    record();
    long settings = demand(Map.of(TextKind.OPERATION, Duration.ofDays(90)));
    clock.advance(Duration.ofDays(90));
    expire(settings, TextKind.OPERATION, statement + 1);
    assertThat(watched()).isEmpty();
    var texts = without(statement);
    var parameters = ((SessionEvent.Operation) body(statement)).input().orElseThrow();
    texts.put(parameters, acme.texts().get(parameters));
    assertThat(told(check(texts)))
        .anySatisfy(
            line ->
                assertThat(line)
                    .contains("operation erased on", "by the retention period", "$1 = 'Carl'"));
    assertThat(check(acme.texts())).isInstanceOf(BundleCheck.Invalid.class);
  }

  private EntryBody body(long seq) {
    return LogEntry.parse(acme.log().entry(seq)).body();
  }

  @Test
  void whatThePeriodsDoNotAllowIsNoErasure() {
    record();
    long settings = demand(Map.of(TextKind.OPERATION, Duration.ofDays(90)));
    clock.advance(Duration.ofDays(90).minusMillis(1));
    expire(settings, TextKind.OPERATION, statement + 1);
    assertThat(watched()).singleElement().asString().contains("before its time");
    clock.advance(Duration.ofDays(1));
    expire(settings, TextKind.REASON, statement + 1);
    assertThat(watched()).hasSize(2).last().asString().contains("let nobody erase this reason");
    expire(settings, TextKind.OPERATION, acme.log().size() + 1);
    assertThat(watched()).hasSize(3).last().asString().contains("let nobody erase");
    expire(settings - 1, TextKind.OPERATION, statement + 1);
    assertThat(watched()).hasSize(4).last().asString().contains("other settings");
    assertThat(check(without(statement))).isInstanceOf(BundleCheck.Invalid.class);
  }

  @Test
  void whatIsNoErasureIsNotRead() {
    assertThatThrownBy(() -> new ErasureScope.ChosenEntries(List.of()))
        .isInstanceOf(MalformedJson.class);
    assertThatThrownBy(() -> new ErasureScope.ChosenEntries(List.of(2L, 2L)))
        .isInstanceOf(MalformedJson.class);
    assertThatThrownBy(() -> new ErasureScope.ChosenEntries(List.of(-1L)))
        .isInstanceOf(MalformedJson.class);
    var erasure = acme.erasure(new ErasureScope.Everything());
    assertThat(Erasure.parse(erasure.toJson())).isEqualTo(erasure);
    var entry = acme.erase(acme.erasure(entries(1L, 3L)), "ann");
    assertThat(LogEntry.parse(entry.bytes())).isEqualTo(entry);
  }
}
