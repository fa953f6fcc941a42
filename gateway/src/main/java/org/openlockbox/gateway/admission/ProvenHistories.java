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
  sealed interface Answer {
    /// It holds. The texts of statements came with it and prove themselves.
    record Proven(HistoryCheck.Checked history, List<OpenedText> texts) implements Answer {}

    /// It does not: a proof is false, or something that was seen before is missing.
    record False(String where, String why) implements Answer {}

    /// Nothing can be said about it now.
    record Unsettled(String why) implements Answer {}
  }

  /// A history that is overtaken is asked for again; each time another login has gone ahead.
  Answer of(TenantId tenant, RequestId request) {
    OptionalLong from = logs.size(tenant);
    for (int i = 0; i < ATTEMPTS; i++) {
      Fetched fetched = fetch(tenant, request, from);
      if (!(fetched.check() instanceof HistoryCheck.Checked history)) {
        HistoryCheck.Broken broken = (HistoryCheck.Broken) fetched.check();
        return new Answer.False(broken.where(), broken.why());
      }
      Step step = step(tenant, history, fetched.growth());
      switch (step) {
        case Step.Settled ignored -> {
          return new Answer.Proven(history, fetched.texts());
        }
        case Step.Contradiction(String why) -> {
          return new Answer.False("checkpoint", why);
        }
        case Step.Again(OptionalLong next) -> {
          if (fetched.isShrunk()) {
            return new Answer.False("checkpoint", "the log is shorter than the one seen before");
          }
          from = next;
        }
      }
    }
    return new Answer.Unsettled("the log grew faster than it could be read");
  }

  private record Fetched(
      HistoryCheck check, List<OpenedText> texts, SeenLogs.Growth growth, boolean isShrunk) {}

  /// A log that is shorter than it was may still admit what it lost.
  private Fetched fetch(TenantId tenant, RequestId request, OptionalLong from) {
    try {
      return fetched(tenant, request, from, false);
    } catch (ControlPlane.LogShrunk e) {
      return fetched(tenant, request, OptionalLong.empty(), true);
    }
  }

  private Fetched fetched(TenantId tenant, RequestId request, OptionalLong from, boolean isShrunk) {
    HistoryAnswer answer = controlPlane.history(tenant, request, from);
    HistoryCheck check =
        History.check(
            logs.pin(tenant), tenant, request, answer.entries(), answer.checkpoint(), conditions);
    var growth = new SeenLogs.Growth(from, answer.consistency());
    return new Fetched(check, answer.statements(), growth, isShrunk);
  }

  private sealed interface Step {
    record Settled() implements Step {}

    record Contradiction(String why) implements Step {}

    record Again(OptionalLong from) implements Step {}
  }

  private Step step(TenantId tenant, HistoryCheck.Checked history, SeenLogs.Growth growth) {
    return memories
        .apply(history.submission().terms().resource(), tenant)
        .map(memory -> withMemory(tenant, memory, history, growth))
        .orElseGet(
            () -> after(tenant, logs.take(tenant, history, growth)).orElseGet(Step.Settled::new));
  }

  private Step withMemory(
      TenantId tenant, LogMemory memory, HistoryCheck.Checked history, SeenLogs.Growth growth) {
    LogMemory.Remembered remembered = memory.of(tenant, history.submission().id());
    if (!SeenLogs.hasAll(history, remembered)) {
      return new Step.Contradiction(
          "the log leaves out what gateways have seen of it: a change of keys, or an end");
    }
    Optional<LogHead> head = remembered.head();
    if (head.isPresent() && logs.begins(tenant, memory, head.get())) {
      return new Step.Again(logs.size(tenant));
    }
    return after(tenant, logs.take(tenant, history, growth))
        .or(() -> linked(logs.link(tenant, memory, head, history, growth), head))
        .orElseGet(() -> note(tenant, memory, remembered, history));
  }

  private Optional<Step> after(TenantId tenant, SeenLogs.Continuation continuation) {
    return switch (continuation) {
      case CONTINUES -> Optional.empty();
      case CONTRADICTS ->
          Optional.of(new Step.Contradiction("the log does not continue the one seen before"));
      case OVERTAKEN -> Optional.of(new Step.Again(logs.size(tenant)));
    };
  }

  private static Optional<Step> linked(SeenLogs.Continuation continuation, Optional<LogHead> head) {
    return switch (continuation) {
      case CONTINUES -> Optional.empty();
      case CONTRADICTS ->
          Optional.of(
              new Step.Contradiction("the log does not continue the one that gateways have seen"));
      case OVERTAKEN -> Optional.of(new Step.Again(OptionalLong.of(head.orElseThrow().size())));
    };
  }

  /// Changes of keys at once, the size now and then.
  private Step note(
      TenantId tenant,
      LogMemory memory,
      LogMemory.Remembered remembered,
      HistoryCheck.Checked history) {
    if (SeenLogs.isOver(history.request()) && !remembered.hasEnded()) {
      memory.noteEnd(tenant, history.submission().id(), endKept());
    }
    LogHead now = SeenLogs.head(history);
    if (remembered.head().filter(head -> isEnough(head, now, remembered.isOld())).isPresent()) {
      return new Step.Settled();
    }
    if (!memory.note(tenant, remembered.head(), now)) {
      return new Step.Again(logs.size(tenant));
    }
    logs.noted(tenant, memory, now);
    return new Step.Settled();
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
