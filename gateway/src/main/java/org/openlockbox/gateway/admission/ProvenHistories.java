package org.openlockbox.gateway.admission;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.history.History;
import org.openlockbox.core.history.HistoryCheck;
import org.openlockbox.core.policy.Conditions;
import org.openlockbox.core.statement.OpenedText;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.controlplane.ControlPlane;
import org.openlockbox.gateway.controlplane.HistoryAnswer;
import org.openlockbox.gateway.resource.LogHead;
import org.openlockbox.gateway.resource.LogMemory;

/// Fetches the history of a request, and checks that it proves what it says and that it continues
/// what this gateway saw of the tenant's log and what the protected database remembers of it.
///
/// What has to be remembered is noted before the history is used: a crash in between leaves a
/// memory of something that opened no session.
final class ProvenHistories {
  private static final int ATTEMPTS = 100;

  /// Longer than any grant of a request that could still be decided.
  private static final Duration END_KEPT = Duration.ofDays(180);

  private final ControlPlane controlPlane;
  private final SeenLogs logs;
  private final Conditions conditions;
  private final BiFunction<ResourceId, TenantId, Optional<LogMemory>> memories;
  private final InstantSource clock;

  /// @param memories the memory of the database in which a resource holds a tenant's rows
  ProvenHistories(
      ControlPlane controlPlane,
      SeenLogs logs,
      Conditions conditions,
      BiFunction<ResourceId, TenantId, Optional<LogMemory>> memories,
      InstantSource clock) {
    this.controlPlane = controlPlane;
    this.logs = logs;
    this.conditions = conditions;
    this.memories = memories;
    this.clock = clock;
  }

  /// What came of it.
  sealed interface HistoryResult {
    /// It holds. The texts of operations came with it and prove themselves.
    record ProvenHistory(HistoryCheck.Valid history, List<OpenedText> texts)
        implements HistoryResult {}

    /// It does not: a proof is false, or something that was seen before is missing.
    record Contradicted(String where, String why) implements HistoryResult {}

    /// Nothing can be said about it now.
    record Undecided(String why) implements HistoryResult {}
  }

  /// A history that is overtaken is asked for again; each time another login has gone ahead.
  HistoryResult of(TenantId tenant, RequestId request) {
    OptionalLong from = logs.size(tenant);
    for (int i = 0; i < ATTEMPTS; i++) {
      FetchedHistory fetched = fetch(tenant, request, from);
      if (!(fetched.check() instanceof HistoryCheck.Valid history)) {
        HistoryCheck.Invalid broken = (HistoryCheck.Invalid) fetched.check();
        return new HistoryResult.Contradicted(broken.where(), broken.why());
      }
      FetchStep step = step(tenant, history, fetched.growth());
      switch (step) {
        case FetchStep.Done ignored -> {
          return new HistoryResult.ProvenHistory(logs.shared(tenant, history), fetched.texts());
        }
        case FetchStep.Contradiction(String why) -> {
          return new HistoryResult.Contradicted("checkpoint", why);
        }
        case FetchStep.Retry(OptionalLong next) -> {
          if (fetched.isShrunk()) {
            return new HistoryResult.Contradicted(
                "checkpoint", "the log is shorter than the one seen before");
          }
          from = next;
        }
      }
    }
    return new HistoryResult.Undecided("the log grew faster than it could be read");
  }

  private record FetchedHistory(
      HistoryCheck check, List<OpenedText> texts, SeenLogs.GrowthProof growth, boolean isShrunk) {}

  /// A log that is shorter than it was may still admit what it lost.
  private FetchedHistory fetch(TenantId tenant, RequestId request, OptionalLong from) {
    try {
      return fetched(tenant, request, from, false);
    } catch (ControlPlane.LogShrunk e) {
      return fetched(tenant, request, OptionalLong.empty(), true);
    }
  }

  private FetchedHistory fetched(
      TenantId tenant, RequestId request, OptionalLong from, boolean isShrunk) {
    HistoryAnswer answer = controlPlane.history(tenant, request, from);
    HistoryCheck check =
        History.check(
            logs.pin(tenant), tenant, request, answer.entries(), answer.checkpoint(), conditions);
    var growth = new SeenLogs.GrowthProof(from, answer.consistency());
    return new FetchedHistory(check, answer.statements(), growth, isShrunk);
  }

  private sealed interface FetchStep {
    record Done() implements FetchStep {}

    record Contradiction(String why) implements FetchStep {}

    record Retry(OptionalLong from) implements FetchStep {}
  }

  private FetchStep step(TenantId tenant, HistoryCheck.Valid history, SeenLogs.GrowthProof growth) {
    return memories
        .apply(history.submission().terms().resource(), tenant)
        .map(memory -> withMemory(tenant, memory, history, growth))
        .orElseGet(
            () -> after(tenant, logs.take(tenant, history, growth)).orElseGet(FetchStep.Done::new));
  }

  private FetchStep withMemory(
      TenantId tenant, LogMemory memory, HistoryCheck.Valid history, SeenLogs.GrowthProof growth) {
    LogMemory.RememberedLog remembered = memory.of(tenant, history.submission().id());
    if (!SeenLogs.hasAll(history, remembered)) {
      return new FetchStep.Contradiction(
          "the log leaves out what gateways have seen of it: a change of keys, or an end");
    }
    Optional<LogHead> head = remembered.head();
    if (head.isPresent() && logs.begins(tenant, memory, head.get())) {
      return new FetchStep.Retry(logs.size(tenant));
    }
    return after(tenant, logs.take(tenant, history, growth))
        .or(() -> linked(logs.link(tenant, memory, head, history, growth), head))
        .orElseGet(() -> note(tenant, memory, remembered, history));
  }

  private Optional<FetchStep> after(TenantId tenant, SeenLogs.Continuation continuation) {
    return switch (continuation) {
      case CONTINUES -> Optional.empty();
      case CONTRADICTS ->
          Optional.of(new FetchStep.Contradiction("the log does not continue the one seen before"));
      case OVERTAKEN -> Optional.of(new FetchStep.Retry(logs.size(tenant)));
    };
  }

  private static Optional<FetchStep> linked(
      SeenLogs.Continuation continuation, Optional<LogHead> head) {
    return switch (continuation) {
      case CONTINUES -> Optional.empty();
      case CONTRADICTS ->
          Optional.of(
              new FetchStep.Contradiction(
                  "the log does not continue the one that gateways have seen"));
      case OVERTAKEN ->
          Optional.of(new FetchStep.Retry(OptionalLong.of(head.orElseThrow().size())));
    };
  }

  /// Changes of keys at once, the size now and then.
  private FetchStep note(
      TenantId tenant,
      LogMemory memory,
      LogMemory.RememberedLog remembered,
      HistoryCheck.Valid history) {
    if (SeenLogs.isOver(history.request()) && !remembered.hasEnded()) {
      memory.noteEnd(tenant, history.submission().id(), endKept());
    }
    LogHead now = SeenLogs.head(history);
    if (remembered.head().filter(head -> isEnough(head, now, remembered.isOld())).isPresent()) {
      return new FetchStep.Done();
    }
    if (!memory.note(tenant, remembered.head(), now)) {
      return new FetchStep.Retry(logs.size(tenant));
    }
    logs.noted(tenant, memory, now);
    return new FetchStep.Done();
  }

  private Instant endKept() {
    return clock.instant().plus(END_KEPT);
  }

  private static boolean isEnough(LogHead head, LogHead now, boolean isOld) {
    return head.keyringIndex() == now.keyringIndex()
        && head.recovery() == now.recovery()
        && (!isOld || head.size() >= now.size());
  }
}
