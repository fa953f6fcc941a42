package org.openlockbox.tlog;

import java.util.Optional;
import java.util.regex.Pattern;
import org.openlockbox.tlog.tree.Hash;
import org.openlockbox.tlog.tree.MerkleTree;

/// A log's statement of its size and root (C2SP tlog-checkpoint): the text of a note,
/// `<origin>\n<size>\n<base64 root>\n`. Extension lines are refused, because witnesses of the
/// post-quantum kind do not sign them. `format(parse(x))` equals `x`.
public record Checkpoint(String origin, long size, Hash root) {
  private static final Pattern SIZE = Pattern.compile("0|[1-9][0-9]{0,18}");

  public Checkpoint {
    KeyNames.check(origin);
    if (size < 0) {
      throw new IllegalArgumentException("a tree cannot have " + size + " leaves");
    }
    if (size == 0 && !root.equals(MerkleTree.emptyRoot())) {
      throw new MalformedNote("the root of an empty tree is the hash of nothing");
    }
  }

  /// Reads an unsigned checkpoint text.
  public static Checkpoint parse(String text) {
    if (text.length() > SignedNote.MAX_BYTES) {
      throw new MalformedNote("a checkpoint has three lines");
    }
    var lines = text.split("\n", -1);
    if (lines.length != 4 || !lines[3].isEmpty()) {
      throw new MalformedNote("a checkpoint has three lines");
    }
    if (!SIZE.matcher(lines[1]).matches()) {
      throw new MalformedNote("not a tree size: " + lines[1]);
    }
    try {
      return new Checkpoint(lines[0], Long.parseLong(lines[1]), Hash.ofBase64(lines[2]));
    } catch (IllegalArgumentException e) {
      throw new MalformedNote("not a checkpoint: " + e.getMessage(), e);
    }
  }

  /// The checkpoint in a note, if every key of the log signed it and its origin is exactly the
  /// keys' name. The comparison of the origin is what makes a checkpoint *this* log's.
  public static Optional<Checkpoint> open(SignedNote note, LogVerifier log) {
    return switch (note.check(log.keys())) {
      case NoteCheck.Invalid _ -> Optional.empty();
      case NoteCheck.Valid verified ->
          verified.by().containsAll(log.keys())
              ? ofOrigin(verified.text(), log.origin())
              : Optional.empty();
    };
  }

  private static Optional<Checkpoint> ofOrigin(String text, String origin) {
    try {
      return Optional.of(parse(text)).filter(checkpoint -> checkpoint.origin().equals(origin));
    } catch (MalformedNote e) {
      return Optional.empty();
    }
  }

  /// The text to sign.
  public String format() {
    return origin + "\n" + size + "\n" + root.base64() + "\n";
  }
}
