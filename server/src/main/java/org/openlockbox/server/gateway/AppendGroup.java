package org.openlockbox.server.gateway;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.log.ErasedEvent;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.log.RecoveryEvent;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.log.TicketEvent;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.log.append.LogBatch;
import org.openlockbox.server.log.entry.CounterLine;
import org.openlockbox.server.log.entry.LogReader;
import org.openlockbox.server.log.entry.StoredEntry;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.tenant.Store;

/// Calls that are carried out in one transaction, each answered for itself. First each is judged by
/// the logs as they are when their heads are locked: a call that is refused there appends nothing,
/// and the others do not notice. Then all that were not refused are written and committed together.
///
/// As a rule nobody has appended to these logs since this server did. Then no lock is asked for:
/// calls that the remembered heads accept are written by one statement, a transaction of its own,
/// which compares the heads as it writes. What it does not write goes the long way.
final class AppendGroup {
  /// What becomes of one entry.
  private sealed interface EntryPlace {
    /// It is in the log since it was sent before.
    record StoredEarlier(long seq) implements EntryPlace {}

    /// It is appended now.
    record FollowingEntry(SubmittedEntry sent, RequestId request) implements EntryPlace {}
  }

  private sealed interface CallCheck {
    record AppendableCall(List<EntryPlace> places) implements CallCheck {}

    record CallRefusal(Problem why) implements CallCheck {}

    /// Whether all of it is to be appended, and nothing of it was before.
    default boolean isNew() {
      return this instanceof AppendableCall(var places)
          && places.stream().allMatch(EntryPlace.FollowingEntry.class::isInstance);
    }
  }

  private final Store store;
  private final EntryEffects effects;
  private final SessionOpenings openings;

  AppendGroup(Store store, EntryEffects effects, SessionOpenings openings) {
    this.store = store;
    this.effects = effects;
    this.openings = openings;
  }

  /// Carries the call out by itself, and waits until nobody else has its logs locked.
  ///
  /// Answers once it is durable. If this throws, there is no answer, and the transaction may or may
  /// not have committed: carrying the same call out again is safe.
  void commit(AppendCall call) {
    store
        .within(() -> write(List.of(call), store.logs().lock(lines(List.of(call)))))
        .forEach(AppendCall::answer);
  }

  /// The same for several calls, without waiting for a lock.
  ///
  /// @return those with a log that somebody else has locked; nothing was done with them
  List<AppendCall> commit(List<AppendCall> calls) {
    var left = atOnce(calls);
    return left.isEmpty() ? left : locked(left);
  }

  /// The same in one round trip, if all calls go on where this server left their logs.
  ///
  /// @return those that are still to be carried out
  private List<AppendCall> atOnce(List<AppendCall> calls) {
    var remembered = store.logs().remembered(lines(calls));
    if (remembered.isEmpty()) {
      return calls;
    }
    var log = remembered.get();
    openings.learn(calls);
    var judged = judged(calls, log);
    if (!judged.values().stream().allMatch(CallCheck::isNew)) {
      return calls;
    }
    var answers = answers(judged, log);
    var written = store.logs().writeAtOnce(log);
    var left = new ArrayList<AppendCall>();
    answers.forEach(
        (call, answer) -> {
          if (written.containsAll(tenants(call))) {
            call.answer(answer);
          } else {
            left.add(call);
          }
        });
    return left;
  }

  private static Set<TenantId> tenants(AppendCall call) {
    return call.entries().stream().map(SubmittedEntry::tenant).collect(Collectors.toSet());
  }

  private List<AppendCall> locked(List<AppendCall> calls) {
    var left = new ArrayList<AppendCall>();
    store
        .within(
            () -> {
              var log = store.logs().lockFree(lines(calls));
              var free = new ArrayList<AppendCall>();
              calls.forEach(call -> (isFree(call, log) ? free : left).add(call));
              return write(free, log);
            })
        .forEach(AppendCall::answer);
    return left;
  }

  private static boolean isFree(AppendCall call, LogBatch log) {
    return call.entries().stream().allMatch(sent -> log.holds(sent.tenant()));
  }

  private Map<AppendCall, AppendCall.AppendAnswer> write(List<AppendCall> calls, LogBatch log) {
    openings.learn(calls);
    var answers = answers(judged(calls, log), log);
    if (calls.stream().allMatch(AppendCall::isLogOnly)) {
      store.logs().write(log);
    } else {
      store.logs().writeSigned(log);
    }
    return answers;
  }

  private Map<AppendCall, CallCheck> judged(List<AppendCall> calls, LogBatch log) {
    var judged = new LinkedHashMap<AppendCall, CallCheck>();
    calls.forEach(call -> judged.put(call, new CallChecker(call, log).judgement()));
    return judged;
  }

  private Map<AppendCall, AppendCall.AppendAnswer> answers(
      Map<AppendCall, CallCheck> judged, LogBatch log) {
    var answers = new LinkedHashMap<AppendCall, AppendCall.AppendAnswer>();
    judged.forEach(
        (call, judgement) -> {
          answers.put(call, carriedOut(judgement, log));
          if (judgement instanceof CallCheck.AppendableCall) {
            openings.forgetClosed(call);
          }
        });
    return answers;
  }

  private AppendCall.AppendAnswer carriedOut(CallCheck judgement, LogBatch log) {
    return switch (judgement) {
      case CallCheck.AppendableCall(var places) ->
          new AppendCall.AppendAnswer.EntriesDurable(append(places, log));
      case CallCheck.CallRefusal(var why) -> new AppendCall.AppendAnswer.NotAppended(why);
    };
  }

  private static Set<CounterLine> lines(List<AppendCall> calls) {
    return calls.stream()
        .flatMap(call -> call.entries().stream())
        .map(sent -> CounterLine.of(sent.tenant(), sent.stamp()))
        .collect(Collectors.toSet());
  }

  private List<Long> append(List<EntryPlace> places, LogBatch log) {
    var indices = new ArrayList<Long>(places.size());
    for (var place : places) {
      indices.add(
          switch (place) {
            case EntryPlace.StoredEarlier(long seq) -> seq;
            case EntryPlace.FollowingEntry(var sent, var request) -> append(sent, request, log);
          });
    }
    return indices;
  }

  private long append(SubmittedEntry sent, RequestId request, LogBatch log) {
    var entry =
        log.append(sent.tenant(), sent.body(), Optional.of(sent.stamp()), Optional.of(request));
    sent.texts().forEach(text -> log.keep(sent.tenant(), text));
    effects.apply(sent, log, entry.seq());
    return entry.seq();
  }

  /// What becomes of each entry of one call; changes nothing.
  private final class CallChecker {
    private final AppendCall call;
    private final LogBatch log;
    private final Map<SessionId, RequestId> opened = new HashMap<>();
    private final Map<CounterLine, Long> counters = new HashMap<>();
    private final Map<CounterLine, Map<Long, StoredEntry>> kept;

    CallChecker(AppendCall call, LogBatch log) {
      this.call = call;
      this.log = log;
      this.kept = kept();
    }

    /// What the counters of this call that are in the log already got, read at once.
    private Map<CounterLine, Map<Long, StoredEntry>> kept() {
      var known = new HashMap<CounterLine, LogReader.Counters>();
      for (var sent : call.entries()) {
        var line = CounterLine.of(sent.tenant(), sent.stamp());
        long counter = sent.stamp().seq();
        if (log.isOpen(line.tenant()) && counter < log.nextCounter(line)) {
          known.merge(
              line, new LogReader.Counters(line, counter, counter), LogReader.Counters::and);
        }
      }
      return known.isEmpty() ? Map.of() : store.reader().counted(known.values());
    }

    CallCheck judgement() {
      try {
        return new CallCheck.AppendableCall(call.entries().stream().map(this::place).toList());
      } catch (Problem refusal) {
        return new CallCheck.CallRefusal(refusal);
      }
    }

    private EntryPlace place(SubmittedEntry sent) {
      var line = CounterLine.of(sent.tenant(), sent.stamp());
      long stored = log.nextCounter(line);
      long expected = counters.getOrDefault(line, stored);
      long counter = sent.stamp().seq();
      if (counter > expected) {
        throw Problem.conflict(
            "gap",
            "the next entry of %s has counter %d, not %d"
                .formatted(sent.tenant(), expected, counter));
      }
      if (counter < stored) {
        return new EntryPlace.StoredEarlier(sameAsBefore(sent));
      }
      if (counter < expected) {
        throw Problem.refused("counter", "a counter twice in one batch");
      }
      counters.put(line, counter + 1);
      return new EntryPlace.FollowingEntry(sent, request(sent));
    }

    /// The request that an entry belongs to. A session is opened in the log before anything else is
    /// said about it, and only by the boot that goes on with it.
    private RequestId request(SubmittedEntry sent) {
      return switch (sent.body()) {
        case SessionEvent.Opened begun -> {
          opened.put(begun.of(), begun.about());
          yield begun.about();
        }
        case SessionEvent.RemovalFailed failed -> {
          if (!failed.about().equals(opening(sent, failed))) {
            throw Problem.refused("request", failed.of() + " is no session of " + failed.about());
          }
          yield failed.about();
        }
        case SessionEvent event -> opening(sent, event);
        case KeyringEvent _, TicketEvent _, RequestEvent _, RecoveryEvent _, ErasedEvent _ ->
            throw new IllegalStateException("not a gateway's entry: " + sent.body().type().word());
      };
    }

    private RequestId opening(SubmittedEntry sent, SessionEvent event) {
      return Optional.ofNullable(opened.get(event.of()))
          .or(() -> openings.request(sent.tenant(), event.of(), sent.stamp()))
          .orElseThrow(
              () ->
                  Problem.refused(
                      "session", "this gateway's boot opened no session " + event.of()));
    }

    /// The index that this counter got when it was sent before; refuses another entry under it.
    private long sameAsBefore(SubmittedEntry sent) {
      var line = CounterLine.of(sent.tenant(), sent.stamp());
      var stored = kept.getOrDefault(line, Map.of()).get(sent.stamp().seq());
      if (stored == null || !isSame(stored, sent)) {
        throw Problem.conflict("counter_reused", "another entry has this counter already");
      }
      return stored.seq();
    }

    private static boolean isSame(StoredEntry stored, SubmittedEntry sent) {
      var entry = stored.read();
      return entry.body().equals(sent.body())
          && entry.gateway().filter(sent.stamp()::equals).isPresent();
    }
  }
}
