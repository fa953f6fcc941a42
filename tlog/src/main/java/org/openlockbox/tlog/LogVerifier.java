package org.openlockbox.tlog;

import java.util.HashSet;
import java.util.List;

/// The keys of one log, all named like its origin. A checkpoint is the log's only if *every* one of
/// them signed it: whoever breaks or steals one of two keys has gained nothing.
public record LogVerifier(List<NoteVerifier> keys) {
  public LogVerifier {
    keys = List.copyOf(keys);
    if (keys.isEmpty() || keys.stream().map(NoteVerifier::name).distinct().count() != 1) {
      throw new MalformedNote("a log has at least one key, and all have its name");
    }
    if (keys.stream().anyMatch(CosignatureVerifier.class::isInstance)) {
      throw new MalformedNote("a witness's key is no log key");
    }
    if (new HashSet<>(keys).size() != keys.size()) {
      throw new MalformedNote("a log key twice");
    }
  }

  public static LogVerifier of(NoteVerifier... keys) {
    return new LogVerifier(List.of(keys));
  }

  /// Reads the vkeys of one log.
  public static LogVerifier parse(List<String> vkeys) {
    return new LogVerifier(vkeys.stream().map(NoteVerifier::parse).toList());
  }

  public List<String> vkeys() {
    return keys.stream().map(NoteVerifier::vkey).toList();
  }

  /// The note with no other lines than those of this log's keys, so that nobody can fill it up.
  public SignedNote ownLines(SignedNote note) {
    return new SignedNote(
        note.text(),
        note.signatures().stream()
            .filter(line -> keys.stream().anyMatch(key -> key.isNamedBy(line)))
            .distinct()
            .toList());
  }

  /// The same keys for a log of another name.
  public LogVerifier named(String origin) {
    return new LogVerifier(keys.stream().map(key -> named(key, origin)).toList());
  }

  private static NoteVerifier named(NoteVerifier key, String origin) {
    return switch (key) {
      case Ed25519Verifier(var _, var point) -> new Ed25519Verifier(origin, point);
      case MlDsaVerifier(var _, var mlDsa) -> new MlDsaVerifier(origin, mlDsa);
      case CosignatureVerifier(var _, var point) -> new CosignatureVerifier(origin, point);
    };
  }

  /// The origin of its checkpoints, which is the name of its keys.
  public String origin() {
    return keys.getFirst().name();
  }

  /// Whether it signs with exactly an Ed25519 and an ML-DSA-44 key, in this order.
  public boolean isDual() {
    return keys.size() == 2
        && keys.getFirst() instanceof Ed25519Verifier
        && keys.getLast() instanceof MlDsaVerifier;
  }

  @Override
  public String toString() {
    return String.join("\n", vkeys());
  }
}
