package org.openlockbox.core.keyring;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openlockbox.core.signing.KeyId;
import org.openlockbox.tlog.Checkpoint;
import org.openlockbox.tlog.LogVerifier;
import org.openlockbox.tlog.MalformedNote;
import org.openlockbox.tlog.SignedNote;

/// The pairs of keys that sign the checkpoints of one tenant's log: those of genesis, and those of
/// each `log-keys` entry since. A pair that entry `i` names signs every checkpoint that covers that
/// entry, so every size above `i`, and no smaller one.
///
/// Made only by replaying signed entries from genesis ([Keyring]): whoever holds one reached each
/// pair through the pin.
public final class CheckpointKeys {
  /// A pair, and the index of the entry that names it.
  private record IndexedKeys(long index, LogVerifier pair) {}

  private final Genesis genesis;
  private final List<IndexedKeys> named;

  private CheckpointKeys(Genesis genesis, List<IndexedKeys> named) {
    this.genesis = genesis;
    this.named = List.copyOf(named);
  }

  static CheckpointKeys of(Genesis genesis) {
    return new CheckpointKeys(genesis, List.of(new IndexedKeys(0, genesis.logKeys())));
  }

  CheckpointKeys with(long index, LogVerifier next) {
    var more = new ArrayList<>(named);
    more.add(new IndexedKeys(index, next));
    return new CheckpointKeys(genesis, more);
  }

  /// Who must have signed a checkpoint of so many entries.
  public LogVerifier at(long size) {
    var pair = named.getFirst().pair;
    for (var each : named) {
      pair = each.index < size ? each.pair : pair;
    }
    return pair;
  }

  /// Who signs now.
  public LogVerifier newest() {
    return named.getLast().pair;
  }

  /// Index of the entry that names the newest pair.
  public long since() {
    return named.getLast().index;
  }

  /// Every pair, the oldest first.
  public List<LogVerifier> all() {
    return named.stream().map(IndexedKeys::pair).toList();
  }

  /// The checkpoint in a note, if both keys that were in force at its size signed it. Lines of any
  /// other pair count for nothing, and are not looked at.
  public Optional<Checkpoint> open(SignedNote note) {
    try {
      return Checkpoint.open(note, at(Checkpoint.parse(note.text()).size()));
    } catch (MalformedNote e) {
      return Optional.empty();
    }
  }

  /// The keys that the provider's programs hold or held: every one that this log ever had, and
  /// whatever else genesis names of the provider. None of them may approve anything.
  Set<KeyId> machines() {
    return Stream.concat(
            genesis.machines().stream(),
            named.stream().flatMap(each -> each.pair.keys().stream()).map(Genesis::keyId))
        .collect(Collectors.toSet());
  }

  /// Why the newest pair does not hand over to another one with this step; empty if it does.
  Optional<String> fault(LogKeysChange change, Keyring before, KeyringStep step) {
    if (!change.tenant().equals(genesis.tenant()) || !change.origin().equals(genesis.origin())) {
      return Optional.of("the log keys were signed for another tenant");
    }
    if (step.index() <= before.since() || !change.prev().equals(before.last())) {
      return Optional.of("the log keys do not follow the keyring entry before them");
    }
    boolean taken =
        change.logKeys().keys().stream()
            .anyMatch(key -> before.roles().faultOfGateway(Genesis.keyId(key)).isPresent());
    return taken
        ? Optional.of("a new log key that is or was one of this log, or is somebody else's")
        : change.unsigned(newest(), step.envelope());
  }
}
