package org.openlockbox.tlog;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.openlockbox.tlog.tree.Hash;
import org.openlockbox.tlog.tree.InclusionProof;
import org.openlockbox.tlog.tree.StrictBase64;

/// One entry's proof in one text file (C2SP tlog-proof): its index, the inclusion hashes and the
/// signed checkpoint they lead to. `format(parse(x))` equals `x`.
///
/// The `extra` line is authenticated by nothing; it is kept as the base64 it was written in and is
/// empty when absent.
public record LogProof(String extra, long index, List<Hash> hashes, SignedNote checkpoint) {
  private static final String HEADER = "c2sp.org/tlog-proof@v1";
  private static final String EXTRA = "extra ";
  private static final String INDEX = "index ";
  private static final int MAX_HASHES = 63;
  private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,18}");

  public LogProof {
    hashes = List.copyOf(hashes);
    if (index < 0) {
      throw new IllegalArgumentException("no leaf has index " + index);
    }
    if (hashes.size() > MAX_HASHES) {
      throw new MalformedNote("an inclusion proof has at most 63 hashes");
    }
    Checkpoint.parse(checkpoint.text());
    try {
      StrictBase64.decode(extra);
    } catch (IllegalArgumentException e) {
      throw new MalformedNote("the extra line of a proof is base64", e);
    }
  }

  public static LogProof of(InclusionProof proof, SignedNote checkpoint) {
    return new LogProof("", proof.index(), proof.hashes(), checkpoint);
  }

  public static LogProof parse(String text) {
    if (text.length() > 2 * SignedNote.MAX_BYTES) {
      throw new MalformedNote("a proof has at most %d bytes".formatted(2 * SignedNote.MAX_BYTES));
    }
    int end = text.indexOf("\n\n");
    if (end < 0) {
      throw new MalformedNote("a proof has a checkpoint after an empty line");
    }
    var lines = new ArrayList<>(List.of(text.substring(0, end).split("\n", -1)));
    if (!lines.removeFirst().equals(HEADER)) {
      throw new MalformedNote("a proof begins with " + HEADER);
    }
    var extra = extra(lines);
    if (lines.isEmpty() || !lines.getFirst().startsWith(INDEX)) {
      throw new MalformedNote("a proof has an index line");
    }
    long index = index(lines.removeFirst().substring(INDEX.length()));
    return new LogProof(extra, index, hashes(lines), SignedNote.parse(text.substring(end + 2)));
  }

  public String format() {
    var text = new StringBuilder(HEADER).append('\n');
    if (!extra.isEmpty()) {
      text.append(EXTRA).append(extra).append('\n');
    }
    text.append(INDEX).append(index).append('\n');
    for (var hash : hashes) {
      text.append(hash.base64()).append('\n');
    }
    return text.append('\n').append(checkpoint.format()).toString();
  }

  /// The checkpoint, if the log's keys signed it and its tree holds the leaf at this index: steps 2
  /// and 4 of "Verifying a tlog proof". Cosignatures are the caller's policy.
  public Optional<Checkpoint> proves(Hash leaf, LogVerifier log) {
    return Checkpoint.open(checkpoint, log)
        .filter(c -> new InclusionProof(index, c.size(), hashes).proves(leaf, c.root()));
  }

  private static String extra(List<String> lines) {
    if (lines.isEmpty() || !lines.getFirst().startsWith(EXTRA)) {
      return "";
    }
    var extra = lines.removeFirst().substring(EXTRA.length());
    if (extra.isEmpty()) {
      throw new MalformedNote("an empty extra line is left out");
    }
    return extra;
  }

  private static long index(String digits) {
    if (!NUMBER.matcher(digits).matches()) {
      throw new MalformedNote("not an index: " + digits);
    }
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      throw new MalformedNote("index too large: " + digits, e);
    }
  }

  private static List<Hash> hashes(List<String> lines) {
    if (lines.size() > MAX_HASHES) {
      throw new MalformedNote("an inclusion proof has at most 63 hashes");
    }
    try {
      return lines.stream().map(Hash::ofBase64).toList();
    } catch (IllegalArgumentException e) {
      throw new MalformedNote("a proof line is the base64 of a hash", e);
    }
  }
}
