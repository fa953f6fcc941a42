package org.openlockbox.gateway.admission;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.openlockbox.core.access.AccessRequest;
import org.openlockbox.core.access.Grant;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.history.HistoryCheck;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.resource.LogHead;
import org.openlockbox.gateway.resource.LogMemory;
import org.openlockbox.tlog.Checkpoint;
import org.openlockbox.tlog.tree.ConsistencyProof;
import org.openlockbox.tlog.tree.Hash;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What this gateway has seen of each tenant's log since it started: its pin, from the
/// configuration or from the first genesis that it saw, the newest checkpoint, the newest keyring,
/// and which requests were over. A log may only grow from there; a keyring change or an end that
/// was seen once cannot be held back again. What outlives a restart lies in the protected
/// databases, and is compared as well ([LogMemory]).
///
/// The one way back is a loss that the log itself admits: a log then goes on from fewer entries,
/// with all keyring changes and ends that were seen.
final class SeenLogs {
  private static final Logger LOG = LoggerFactory.getLogger(SeenLogs.class);

  private final Map<TenantId, Hash> pins;
  private final Map<TenantId, SeenHead> newest = new HashMap<>();
  private final Map<TenantId, Keyring> keyrings = new HashMap<>();
  private final Map<TenantId, Set<RequestId>> over = new HashMap<>();
  private final Map<LogKey, LogHead> linked = new HashMap<>();

  /// One tenant's log as one database remembers it.
  private record LogKey(TenantId tenant, LogMemory memory) {}

  /// @param recovery the newest entry that admits a loss; -1 if there is none
  private record SeenHead(long size, Hash root, long recovery) {
    static SeenHead of(LogHead head) {
      return new SeenHead(head.size(), head.root(), head.recovery());
    }

    static SeenHead of(HistoryCheck.Valid history) {
      Checkpoint checkpoint = history.checkpoint();
      long recovery = history.losses().stream().mapToLong(HistoryCheck.Loss::at).max().orElse(-1);
      return new SeenHead(checkpoint.size(), checkpoint.root(), recovery);
    }

    /// A loss that the log admits since this was its head, and by which this head is lost.
    boolean isLostBy(HistoryCheck.Loss loss) {
      return loss.at() > recovery
          && loss.at() < size
          && (size < loss.lostSize() || (size == loss.lostSize() && root.equals(loss.lostRoot())));
    }
  }

  SeenLogs(Map<TenantId, Hash> configured) {
    this.pins = new HashMap<>(configured);
  }

  synchronized void pin(Map<TenantId, Hash> configured) {
    pins.putAll(configured);
  }

  synchronized Optional<Hash> pin(TenantId tenant) {
    return Optional.ofNullable(pins.get(tenant));
  }

  synchronized OptionalLong size(TenantId tenant) {
    SeenHead seen = newest.get(tenant);
    return seen == null ? OptionalLong.empty() : OptionalLong.of(seen.size());
  }

  /// How a history stands to what was seen before.
  enum Continuation {
    /// It continues it.
    CONTINUES,
    /// It does not: the log was rolled back or forked, or something was left out that has been
    /// shown already.
    CONTRADICTS,
    /// Another admission has seen more since this was asked for, and the proof leads from what was
    /// seen then: nothing can be said before it is asked for again.
    OVERTAKEN
  }

  /// A consistency proof, and the size from which it leads, if one was asked for.
  record GrowthProof(OptionalLong from, Optional<List<Hash>> proof) {}

  /// Takes note of a checked history that continues what was seen before.
  synchronized Continuation take(TenantId tenant, HistoryCheck.Valid history, GrowthProof growth) {
    Keyring keyring = history.keyring();
    trustOnFirstUse(tenant, keyring.pin());
    SeenHead now = SeenHead.of(history);
    SeenHead seen = newest.get(tenant);
    if (seen != null) {
      Continuation log = continuation(seen, now, history, growth);
      if (log != Continuation.CONTINUES) {
        return log;
      }
    }
    if (!continues(keyrings.getOrDefault(tenant, keyring), keyring) || isRevived(tenant, history)) {
      return Continuation.CONTRADICTS;
    }
    newest.put(tenant, now);
    keyrings.merge(tenant, keyring, SeenLogs::sameOrNewer);
    if (isOver(history.request())) {
      ended(tenant, history.submission().id());
    }
    return Continuation.CONTINUES;
  }

  /// The one object is kept as long as nothing changes: live sessions share it.
  private static Keyring sameOrNewer(Keyring known, Keyring next) {
    return known.digest().equals(next.digest()) ? known : next;
  }

  /// The history with the keyring that the tenant's other sessions hold, if it is the same.
  synchronized HistoryCheck.Valid shared(TenantId tenant, HistoryCheck.Valid history) {
    return history.sharing(keyrings.getOrDefault(tenant, history.keyring()));
  }

  /// Takes note that a request is over, whoever said so.
  synchronized void ended(TenantId tenant, RequestId request) {
    over.computeIfAbsent(tenant, t -> new HashSet<>()).add(request);
  }

  /// Whether a history has the pin, the keyring entries and the end that a database remembers.
  static boolean hasAll(HistoryCheck.Valid history, LogMemory.RememberedLog remembered) {
    Keyring keyring = history.keyring();
    return remembered.head().stream()
            .allMatch(
                head ->
                    head.pin().equals(keyring.pin())
                        && keyring.since() >= head.keyringIndex()
                        && keyring.at(head.keyringIndex()).digest().equals(head.keyringDigest()))
        && (!remembered.hasEnded() || isOver(history.request()));
  }

  /// Begins with what a database remembers, if nothing was seen of the log yet; false if something
  /// was.
  synchronized boolean begins(TenantId tenant, LogMemory memory, LogHead head) {
    if (newest.containsKey(tenant)) {
      return false;
    }
    pins.putIfAbsent(tenant, head.pin());
    newest.put(tenant, SeenHead.of(head));
    linked.put(new LogKey(tenant, memory), head);
    return true;
  }

  /// How a history that was taken note of stands to the checkpoint that a database remembers. One
  /// that was compared once is not compared again.
  synchronized Continuation link(
      TenantId tenant,
      LogMemory memory,
      Optional<LogHead> remembered,
      HistoryCheck.Valid history,
      GrowthProof growth) {
    LogKey place = new LogKey(tenant, memory);
    if (remembered.isEmpty() || remembered.get().equals(linked.get(place))) {
      return Continuation.CONTINUES;
    }
    Continuation log =
        continuation(SeenHead.of(remembered.get()), SeenHead.of(history), history, growth);
    if (log == Continuation.CONTINUES) {
      linked.put(place, remembered.get());
    }
    return log;
  }

  /// What a database should remember after this history.
  static LogHead head(HistoryCheck.Valid history) {
    Keyring keyring = history.keyring();
    SeenHead now = SeenHead.of(history);
    return new LogHead(
        keyring.pin(), now.size(), now.root(), keyring.since(), keyring.digest(), now.recovery());
  }

  /// A database remembers this now, which was taken note of here.
  synchronized void noted(TenantId tenant, LogMemory memory, LogHead head) {
    linked.put(new LogKey(tenant, memory), head);
  }

  private void trustOnFirstUse(TenantId tenant, Hash pin) {
    if (pins.putIfAbsent(tenant, pin) == null) {
      LOG.warn(
          "no pin is configured for tenant {}; trusting its log on first use, pin {}",
          tenant,
          pin.hex());
    }
  }

  /// A keyring that reaches as far as the one seen before, and had the same digest there, has
  /// everything in between.
  private static boolean continues(Keyring seen, Keyring now) {
    return now.since() >= seen.since() && now.at(seen.since()).digest().equals(seen.digest());
  }

  private boolean isRevived(TenantId tenant, HistoryCheck.Valid history) {
    return over.getOrDefault(tenant, Set.of()).contains(history.submission().id())
        && !isOver(history.request());
  }

  static boolean isOver(AccessRequest request) {
    return switch (request) {
      case AccessRequest.Pending ignored -> false;
      case AccessRequest.Approved approved -> !(approved.grant() instanceof Grant.Active);
      case AccessRequest.Denied ignored -> true;
      case AccessRequest.Withdrawn ignored -> true;
      case AccessRequest.Lapsed ignored -> true;
    };
  }

  private static Continuation continuation(
      SeenHead seen, SeenHead now, HistoryCheck.Valid history, GrowthProof growth) {
    return history.losses().stream().anyMatch(seen::isLostBy)
        ? Continuation.CONTINUES
        : continuation(seen, now, growth);
  }

  private static Continuation continuation(SeenHead seen, SeenHead now, GrowthProof growth) {
    if (now.recovery() < seen.recovery()) {
      return Continuation.CONTRADICTS;
    }
    if (now.size() == seen.size()) {
      return now.root().equals(seen.root()) ? Continuation.CONTINUES : Continuation.CONTRADICTS;
    }
    if (growth.from().isEmpty() || growth.from().getAsLong() != seen.size()) {
      return Continuation.OVERTAKEN;
    }
    return now.size() > seen.size()
            && growth
                .proof()
                .map(hashes -> new ConsistencyProof(seen.size(), now.size(), hashes))
                .filter(consistency -> consistency.proves(seen.root(), now.root()))
                .isPresent()
        ? Continuation.CONTINUES
        : Continuation.CONTRADICTS;
  }
}
