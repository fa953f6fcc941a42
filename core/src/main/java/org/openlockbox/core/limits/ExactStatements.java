package org.openlockbox.core.limits;

import java.util.HashSet;
import java.util.List;
import org.openlockbox.tlog.tree.Hash;

/// The statements that may be sent, each by the commitment to its text; or any statement. With a
/// list, a statement runs only if its bytes are those of one of the texts.
///
/// `any` is never written out: an absent member means it. A list keeps the order in which it was
/// asked, without doubles.
public record ExactStatements(boolean isAny, List<Hash> commitments) {
  /// Whatever the other limits allow.
  public static final ExactStatements ANY = new ExactStatements(true, List.of());

  /// The most texts that one request may list.
  public static final int MOST = 20;

  public ExactStatements {
    commitments = List.copyOf(commitments);
    if (isAny != commitments.isEmpty()) {
      throw new IllegalArgumentException("statements are either any, or at least one text");
    }
    if (commitments.size() > MOST) {
      throw new IllegalArgumentException("more than 20 statements: " + commitments.size());
    }
    if (new HashSet<>(commitments).size() != commitments.size()) {
      throw new IllegalArgumentException("no statement is listed twice");
    }
  }

  /// Exactly these; at least one.
  public static ExactStatements of(List<Hash> commitments) {
    return new ExactStatements(false, commitments);
  }

  public boolean isWiderThan(ExactStatements other) {
    return !other.isAny && (isAny || !other.commitments.containsAll(commitments));
  }

  /// Whether no statement is in both.
  public boolean excludes(ExactStatements other) {
    return !isAny && !other.isAny && commitments.stream().noneMatch(other.commitments::contains);
  }

  /// The statements in both, which must not exclude each other.
  public ExactStatements narrower(ExactStatements other) {
    if (isAny) {
      return other;
    }
    return other.isAny
        ? this
        : of(commitments.stream().filter(other.commitments::contains).toList());
  }
}
