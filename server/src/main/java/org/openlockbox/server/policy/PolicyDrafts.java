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

  private static final int PAGE = 200;

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
  public record DraftAnalysis(
      Policy policy,
      List<LintFinding> findings,
      List<OutlookRow> table,
      int replayed,
      List<RulingChange> changed) {
    /// In one sentence.
    public String sentence() {
      return "%d of %d requests of the last 90 days would have changed."
          .formatted(changed.size(), replayed);
    }
  }

  public DraftAnalysis look(TenantId tenant, Policy draft) {
    var keyring = store.tenants().keyring(tenant);
    var past = past(tenant);
    return new DraftAnalysis(
        draft,
        Lint.of(draft, keyring.approvers()),
        table(keyring.policy(), draft),
        past.size(),
        past.stream().flatMap(stored -> changed(keyring, draft, stored).stream()).toList());
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

  private List<StoredRequest> past(TenantId tenant) {
    var now = clock.instant();
    var past = new ArrayList<StoredRequest>();
    Optional<AccessRequests.PageStart> before = Optional.empty();
    while (true) {
      var filter =
          new AccessRequests.RequestFilter(
              Optional.of(tenant), Optional.empty(), Optional.empty(), before, PAGE);
      var page = AccessRequests.list(store.jdbc(), filter, now);
      page.stream()
          .filter(stored -> stored.createdAt().isAfter(now.minus(PAST)))
          .forEach(past::add);
      if (page.size() < PAGE || page.getLast().createdAt().isBefore(now.minus(PAST))) {
        return past;
      }
      var last = page.getLast();
      before = Optional.of(new AccessRequests.PageStart(last.createdAt(), last.id().value()));
    }
  }

  /// Both policies are asked at the time of the request, about the tickets of that time, for the
  /// approvers of today.
  private Optional<RulingChange> changed(Keyring keyring, Policy draft, StoredRequest stored) {
    var asked = stored.submission();
    var authority = authorities.of(stored.tenant(), keyring, asked.ticket(), stored.logIndex());
    var at = stored.createdAt();
    var question = authority.question(asked, at);
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
