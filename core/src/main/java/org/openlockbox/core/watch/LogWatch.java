package org.openlockbox.core.watch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.bundle.StoryWriter;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.canonical.NewerVersion;
import org.openlockbox.core.history.Erasures;
import org.openlockbox.core.history.Replay;
import org.openlockbox.core.history.Tickets;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.keyring.KeyringCheck;
import org.openlockbox.core.log.ErasedEvent;
import org.openlockbox.core.log.GatewayRun;
import org.openlockbox.core.log.GatewayStamp;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.log.LogEntry;
import org.openlockbox.core.log.ProvenEntry;
import org.openlockbox.core.log.RecoveryEvent;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.log.TicketEvent;
import org.openlockbox.core.log.Unproven;
import org.openlockbox.core.policy.Conditions;
import org.openlockbox.core.session.SessionReplay;
import org.openlockbox.core.tenant.EpochLog;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.tlog.Checkpoint;
import org.openlockbox.tlog.MalformedNote;
import org.openlockbox.tlog.SignedNote;
import org.openlockbox.tlog.tree.CompactRange;
import org.openlockbox.tlog.tree.Hash;
import org.openlockbox.tlog.tree.MerkleTree;

/// Follows a tenant's whole log, entry by entry, and finds everything that an honest provider would
/// not have logged: what [BundleCheck] finds about one request, for all of them at once, and what
/// only shows in the whole: an entry left out or moved, a gap in a gateway's counter, a statement
/// of no session, a session of no request. It goes on after a finding, so that one fault hides no
/// other. Pure; not for use by several threads.
public final class LogWatch {
  /// What is wrong, at which entry.
  public record Finding(long seq, String what) {}

  private static final class WatchedRequest {
    final Replay replay;
    final SessionReplay sessions;

    WatchedRequest(RequestId id, Conditions conditions, Tickets tickets) {
      replay = new Replay(id, conditions, tickets);
      sessions = new SessionReplay(id);
    }
  }

  private final Hash pin;
  private final TenantId tenant;
  private final Conditions conditions;
  private final Tickets tickets = new Tickets();
  private final Map<RequestId, WatchedRequest> requests = new HashMap<>();
  private final Map<SessionId, RequestId> sessions = new HashMap<>();
  private final Map<GatewayRun, Long> counters = new HashMap<>();
  private final Erasures erasures = new Erasures();
  private final List<Finding> rotations = new ArrayList<>();
  private final List<Hash> leaves = new ArrayList<>();
  private CompactRange range = CompactRange.empty(); // of the leaves up to the last root asked for
  private @Nullable Keyring keyring;
  private RecoveryEvent.@Nullable EpochsLost epochs;
  private @Nullable Finding newer;

  /// The log that begins with this genesis.
  public LogWatch(Hash pin, TenantId tenant, Conditions conditions) {
    this.pin = pin;
    this.tenant = tenant;
    this.conditions = conditions;
  }

  /// How many entries were taken.
  public long size() {
    return leaves.size();
  }

  /// The root of the tree of the entries that were taken.
  public Hash root() {
    return root(size());
  }

  /// The root of the tree of the first `size` of them.
  public Hash root(long size) {
    var grown = size < range.size() ? CompactRange.empty() : range;
    for (var leaf : leaves.subList((int) grown.size(), Math.toIntExact(size))) {
      grown = grown.append(leaf);
    }
    range = grown;
    return grown.root();
  }

  /// The keyring with the settings in force, once genesis was taken.
  public Optional<Keyring> keyring() {
    return Optional.ofNullable(keyring);
  }

  /// The first entry of a version that this release does not know. It may have changed what every
  /// later one means, so none of those was judged.
  public Optional<Finding> newer() {
    return Optional.ofNullable(newer);
  }

  /// Where the log's own keys were replaced. That is nothing wrong, but a customer who was told of
  /// none should ask.
  public List<Finding> rotations() {
    return List.copyOf(rotations);
  }

  /// Takes the next entry and says what is wrong with it.
  public List<Finding> take(Bytes bytes) {
    long seq = size();
    leaves.add(MerkleTree.leafHash(bytes.toArray()));
    var findings = new ArrayList<Finding>();
    if (newer != null) {
      return findings;
    }
    try {
      var entry = LogEntry.parse(bytes);
      require(seq, entry.seq() == seq, "it bears the number " + entry.seq());
      entry.gateway().ifPresent(stamp -> count(seq, stamp, findings));
      judge(entry, bytes.sha256());
    } catch (NewerVersion e) {
      newer = new Finding(seq, String.valueOf(e.getMessage()));
    } catch (Unproven e) {
      if (e.isNewer()) {
        newer = new Finding(seq, e.why());
      } else {
        findings.add(new Finding(seq, e.why()));
      }
    } catch (MalformedJson e) {
      findings.add(new Finding(seq, String.valueOf(e.getMessage())));
    }
    return findings;
  }

  private void judge(LogEntry entry, Hash hash) {
    if (keyring == null) {
      keyring = founded(entry, hash);
      return;
    }
    require(
        entry.seq(), entry.origin().equals(keyring.genesis().origin()), "an entry of another log");
    if (entry.body() instanceof KeyringEvent event) {
      keyring = accepted(keyring.apply(event.step(entry.seq(), entry.time(), hash)));
      if (event instanceof KeyringEvent.LogKeysChanged) {
        rotations.add(new Finding(entry.seq(), "the provider " + StoryWriter.rotated(keyring)));
      }
      var changed = new ProvenEntry(entry, hash, keyring);
      requests.values().forEach(about -> about.replay.take(changed));
      return;
    }
    var proven = new ProvenEntry(entry, hash, keyring);
    erasures.take(proven);
    switch (entry.body()) {
      case KeyringEvent _ -> throw new IllegalStateException("handled above");
      case RequestEvent event ->
          requests
              .computeIfAbsent(event.about(), id -> new WatchedRequest(id, conditions, tickets))
              .replay
              .take(proven, event);
      case TicketEvent _ -> tickets.take(proven);
      case SessionEvent event -> session(proven, event);
      case ErasedEvent _ -> {} // judged above
      case RecoveryEvent event -> throw lost(entry.seq(), event);
    }
  }

  private Unproven lost(long seq, RecoveryEvent event) {
    if (event instanceof RecoveryEvent.EpochsLost named) {
      epochs(named, seq);
    }
    return Unproven.at(seq, "the provider " + StoryWriter.lost(seq, event));
  }

  private void epochs(RecoveryEvent.EpochsLost named, long seq) {
    named.after(epochs().orElseThrow(), seq);
    epochs = named;
  }

  /// The epoch log to compare with, once genesis was taken.
  public Optional<EpochLog> epochs() {
    return keyring()
        .map(founded -> founded.genesis().origin().epochs())
        .map(first -> recovery().map(named -> first.at(named.generation())).orElse(first));
  }

  /// Why it is not the first one of its host.
  public Optional<RecoveryEvent.EpochsLost> recovery() {
    return Optional.ofNullable(epochs);
  }

  private Keyring founded(LogEntry entry, Hash hash) {
    require(0, hash.equals(pin), "the log begins with another genesis than the one pinned");
    if (!(entry.body() instanceof KeyringEvent.Founded founded)) {
      throw Unproven.at(0, "the log does not begin with its genesis");
    }
    var first = accepted(Keyring.found(founded.step(0, entry.time(), hash)));
    boolean ours =
        first.genesis().tenant().equals(tenant) && first.genesis().origin().equals(entry.origin());
    require(0, ours, "the log is another tenant's");
    return first;
  }

  private static Keyring accepted(KeyringCheck check) {
    return switch (check) {
      case KeyringCheck.Valid(var keyring) -> keyring;
      case KeyringCheck.Invalid(long index, String why) -> throw Unproven.at(index, why);
    };
  }

  private void session(ProvenEntry proven, SessionEvent event) {
    if (event instanceof SessionEvent.Opened opened) {
      require(proven.seq(), !sessions.containsKey(opened.of()), "a session that was opened before");
      sessions.put(opened.of(), opened.about());
    }
    var request = sessions.get(event.of());
    var about = request == null ? null : requests.get(request);
    if (about == null) {
      throw Unproven.at(
          proven.seq(), "%s without a request or a session".formatted(event.type().word()));
    }
    about.sessions.take(proven, event, about.replay.standing());
    var late = SessionReplay.late(proven, event, about.replay.standing());
    if (event instanceof SessionEvent.Operation && !late.isEmpty()) {
      throw Unproven.at(proven.seq(), "an operation" + late);
    }
  }

  private void count(long seq, GatewayStamp stamp, List<Finding> findings) {
    var run = stamp.run();
    long expected = counters.getOrDefault(run, 0L);
    if (stamp.seq() != expected) {
      findings.add(
          new Finding(
              seq,
              "gateway %s counts %d where %d is next: an entry of it is missing, or twice"
                  .formatted(stamp.id(), stamp.seq(), expected)));
    }
    counters.put(run, Math.max(expected, stamp.seq()) + 1);
  }

  /// Compares a checkpoint with the entries that were taken, which must be all that it covers; says
  /// what is wrong. The entries are the reader's own copy, so whatever older checkpoint they came
  /// from, this one continues it, or this finds that it does not.
  public Optional<Finding> compare(String checkpointNote) {
    try {
      var checkpoint = open(checkpointNote);
      require(
          checkpoint.size(),
          checkpoint.size() == size(),
          "the checkpoint covers %d entries, not %d".formatted(checkpoint.size(), size()));
      require(
          size(),
          checkpoint.root().equals(root()),
          "the checkpoint is not that of the entries: another history than the one shown before");
      return Optional.empty();
    } catch (Unproven e) {
      return Optional.of(new Finding(size(), e.why()));
    }
  }

  private Checkpoint open(String note) {
    if (keyring == null) {
      throw Unproven.at(0, "there is no genesis");
    }
    try {
      return keyring
          .checkpointKeys()
          .open(SignedNote.parse(note))
          .orElseThrow(
              () ->
                  new Unproven(
                      "checkpoint", "not signed by both log keys that are in force at its size"));
    } catch (MalformedNote e) {
      throw new Unproven("checkpoint", String.valueOf(e.getMessage()));
    }
  }

  private static void require(long seq, boolean holds, String why) {
    if (!holds) {
      throw Unproven.at(seq, why);
    }
  }
}
