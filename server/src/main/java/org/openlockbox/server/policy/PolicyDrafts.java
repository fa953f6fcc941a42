package org.openlockbox.server.policy;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.Purpose;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.RequestState;
import org.openlockbox.core.history.Authority;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.policy.Analysis;
import org.openlockbox.core.policy.Lint;
import org.openlockbox.core.policy.LintFinding;
import org.openlockbox.core.policy.Policy;
import org.openlockbox.core.policy.Question;
import org.openlockbox.core.policy.Ruling;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.access.Authorities;
import org.openlockbox.server.request.AccessRequests;
import org.openlockbox.server.request.EffectiveState;
import org.openlockbox.server.request.RecordedRuling;
import org.openlockbox.server.request.StoredRequest;
import org.openlockbox.server.tenant.Store;

/// What a policy would do if it were signed: what stands out in it, what it decides otherwise than
/// the one in force, and which requests of the last 90 days would have gone another way. Writes
/// nothing.
public final class PolicyDrafts {
  /// How far back requests are looked at.
  static final Duration PAST = Duration.ofDays(90);

  /// How many of them at most, the newest ones: so that a look takes no longer the more there are.
  static final int MOST = 500;

  private final Store store;
  private final Authorities authorities;
  private final InstantSource clock;

  public PolicyDrafts(Store store, Authorities authorities, InstantSource clock) {
    this.store = store;
    this.authorities = authorities;
    this.clock = clock;
  }

  /// What can become of requests for this purpose and level, by the policy in force and by the
  /// draft.
  public record OutlookRow(
      Purpose purpose,
      Level level,
      List<Analysis.PossibleOutcome> before,
      List<Analysis.PossibleOutcome> after) {
    public OutlookRow {
      before = List.copyOf(before);
      after = List.copyOf(after);
    }

    public boolean isChanged() {
      return !before.equals(after);
    }
  }

  /// A request that would have gone another way.
  public record RulingChange(
      StoredRequest stored, RequestState state, Ruling.ByRule before, Ruling.ByRule after) {
    public RequestId request() {
      return stored.id();
    }

    public Instant createdAt() {
      return stored.createdAt();
    }
  }

  /// A draft, looked at.
  ///
  /// @param whole whether all requests of the last 90 days were looked at, and not the newest alone
  public record DraftAnalysis(
      Policy policy,
      List<LintFinding> findings,
      List<OutlookRow> table,
      int replayed,
      boolean whole,
      List<RulingChange> changed) {
    /// In one sentence.
    public String sentence() {
      return whole
          ? "%d of %d requests of the last 90 days would have changed."
              .formatted(changed.size(), replayed)
          : "%d of the newest %d requests would have changed; older ones were not looked at."
              .formatted(changed.size(), replayed);
    }
  }

  public DraftAnalysis look(TenantId tenant, Policy draft) {
    var keyring = store.tenants().keyring(tenant);
    var found = past(tenant);
    var past = found.subList(0, Math.min(MOST, found.size()));
    var authority = authorities.asMade(tenant, keyring, past);
    return new DraftAnalysis(
        draft,
        Lint.of(draft, keyring.approvers()),
        table(keyring.policy(), draft),
        past.size(),
        past.size() == found.size(),
        past.stream()
            .flatMap(stored -> changed(authority.apply(stored), draft, stored).stream())
            .toList());
  }

  /// What two policies do with each purpose at each level.
  public static List<OutlookRow> table(Policy before, Policy after) {
    var old = Analysis.of(before);
    var wanted = Analysis.of(after);
    var rows = new ArrayList<OutlookRow>();
    for (var purpose : Purpose.values()) {
      for (var level : Level.values()) {
        rows.add(
            new OutlookRow(
                purpose, level, old.outlook(purpose, level), wanted.outlook(purpose, level)));
      }
    }
    return rows;
  }

  /// Those that are looked at, and one more if there is one.
  private List<StoredRequest> past(TenantId tenant) {
    var now = clock.instant();
    var filter =
        new AccessRequests.RequestFilter(
            Optional.of(tenant), Optional.empty(), Optional.empty(), Optional.empty(), MOST + 1);
    return AccessRequests.list(store.jdbc(), filter, now).stream()
        .filter(stored -> stored.createdAt().isAfter(now.minus(PAST)))
        .toList();
  }

  /// Both policies are asked at the time of the request, about the tickets of that time, for the
  /// approvers of today.
  private Optional<RulingChange> changed(Authority authority, Policy draft, StoredRequest stored) {
    var keyring = authority.keyring();
    var question = authority.question(stored.submission(), stored.createdAt());
    var before = ruling(keyring, keyring.policy(), question);
    var after = ruling(keyring, draft, question);
    return before.effect().equals(after.effect())
        ? Optional.empty()
        : Optional.of(
            new RulingChange(
                stored, EffectiveState.state(stored.request(), clock.instant()), before, after));
  }

  private Ruling.ByRule ruling(Keyring keyring, Policy policy, Question question) {
    return RecordedRuling.given(
        policy.ruling(keyring.policySince(), question, authorities.conditions(), keyring.quorum()));
  }
}
