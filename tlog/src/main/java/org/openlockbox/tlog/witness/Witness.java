package org.openlockbox.tlog.witness;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.openlockbox.tlog.Checkpoint;
import org.openlockbox.tlog.LogVerifier;
import org.openlockbox.tlog.NoteSigner;
import org.openlockbox.tlog.SignedNote;
import org.openlockbox.tlog.tree.Hash;
import org.openlockbox.tlog.tree.MerkleTree;

/// The rules of a witness: a checkpoint of a known log, signed by all keys of a pair of it, is
/// cosigned if a proof shows that it continues the last one cosigned. Of a log whose keys are
/// replaced it may know several pairs; once it has cosigned a checkpoint of a later pair, it never
/// again accepts one that only an earlier pair signed. The new state is durable before a
/// cosignature leaves this class, so that a witness that was killed anywhere never signs two
/// histories.
public final class Witness {
  private final List<NoteSigner> cosigners;
  private final Map<String, List<LogVerifier>> logs;
  private final WitnessStore store;
  private final InstantSource clock;

  /// @param cosigners the keys of the witness, each of which cosigns
  /// @param logs the keys of each log; of several pairs of one log the oldest first
  public Witness(
      List<NoteSigner> cosigners, List<LogVerifier> logs, WitnessStore store, InstantSource clock) {
    this.cosigners = List.copyOf(cosigners);
    this.logs =
        logs.stream()
            .collect(Collectors.groupingBy(LogVerifier::origin, Collectors.toUnmodifiableList()));
    this.store = store;
    this.clock = clock;
  }

  /// Answers the body of one `add-checkpoint`.
  public WitnessAnswer add(String body) {
    AddCheckpoint asked;
    Checkpoint claimed;
    try {
      asked = AddCheckpoint.parse(body);
      claimed = Checkpoint.parse(asked.note().text());
    } catch (RuntimeException malformed) {
      return new WitnessAnswer.NotCosigned(400, "not an add-checkpoint body");
    }
    var pairs = logs.get(claimed.origin());
    if (pairs == null) {
      return new WitnessAnswer.NotCosigned(404, "this witness does not know the log");
    }
    return notBefore(claimed.origin(), pairs).reversed().stream()
        .filter(pair -> Checkpoint.open(asked.note(), pair).isPresent())
        .findFirst()
        .map(pair -> add(pair, asked, claimed))
        .orElseGet(() -> new WitnessAnswer.NotCosigned(403, "not signed by every key of the log"));
  }

  /// The pair that signed the last cosigned checkpoint, and those after it.
  private List<LogVerifier> notBefore(String origin, List<LogVerifier> pairs) {
    var last = pairs.size() > 1 ? store.last(origin) : Optional.<SignedNote>empty();
    int from = 0;
    for (int i = 0; last.isPresent() && i < pairs.size(); i++) {
      from = Checkpoint.open(last.get(), pairs.get(i)).isPresent() ? i : from;
    }
    return pairs.subList(from, pairs.size());
  }

  private WitnessAnswer add(LogVerifier log, AddCheckpoint asked, Checkpoint checkpoint) {
    if (asked.old() > checkpoint.size()) {
      return new WitnessAnswer.NotCosigned(400, "the old size is larger than the new one");
    }
    var last = store.last(checkpoint.origin());
    var seen = last.map(note -> Checkpoint.parse(note.text()));
    long size = seen.map(Checkpoint::size).orElse(0L);
    Hash root = seen.map(Checkpoint::root).orElseGet(MerkleTree::emptyRoot);
    if (asked.old() != size) {
      return new WitnessAnswer.Stale(size);
    }
    if (!asked.continues(root, checkpoint)) {
      return new WitnessAnswer.NotCosigned(
          422, "no proof that this continues the last cosigned checkpoint of %d".formatted(size));
    }
    return cosign(log.ownLines(asked.note()), checkpoint.origin(), last);
  }

  private WitnessAnswer cosign(SignedNote note, String origin, Optional<SignedNote> last) {
    long time = clock.instant().getEpochSecond();
    var lines = cosigners.stream().map(signer -> signer.cosignature(note.text(), time)).toList();
    var all = note;
    for (var line : lines) {
      all = all.with(line);
    }
    if (store.replace(origin, last, all)) {
      return new WitnessAnswer.Cosigned(lines);
    }
    // Another call was faster; what it stored is what the log has to continue.
    return new WitnessAnswer.Stale(
        store.last(origin).map(n -> Checkpoint.parse(n.text()).size()).orElse(0L));
  }

  /// What a log is called in the address of its last checkpoint: the hex SHA-256 of its origin.
  public static String name(String origin) {
    return Hash.sha256(origin.getBytes(StandardCharsets.UTF_8)).hex();
  }

  /// The last cosigned checkpoint of a log, for `GET <hex SHA-256 of the origin>/checkpoint`.
  public Optional<SignedNote> last(String originHash) {
    return logs.keySet().stream()
        .filter(origin -> name(origin).equals(originHash))
        .findFirst()
        .flatMap(store::last);
  }
}
