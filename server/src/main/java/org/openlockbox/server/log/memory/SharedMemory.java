package org.openlockbox.server.log.memory;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.openlockbox.server.log.head.SignedHeads.TreeHead;
import org.springframework.jdbc.core.simple.JdbcClient;

/// A memory that all servers of one control plane share, and that a restore of its database does
/// not reach. What it has taken is durable. A call whose answer was lost may be made again.
///
/// Each method throws [HeadsNotWritable] if the memory does not answer, or not in time; then it is
/// unknown whether it has changed.
public interface SharedMemory extends AutoCloseable {
  /// Makes what this memory needs, where it is not there, and finds out whether it can be relied
  /// on. Throws [IllegalStateException] if it cannot, or if it is in the PostgreSQL of the control
  /// plane as well: whatever sets that one back would set this one back.
  void prepare(JdbcClient controlPlane);

  /// All heads that were signed last, by the log's origin.
  Map<String, TreeHead> heads();

  /// Those of these logs, as they are now.
  Map<String, TreeHead> heads(Set<String> origins);

  /// Remembers heads as signed, except where a larger one is known.
  ///
  /// @return what is known of these logs now
  /// @throws ContradictedHead and changes nothing, if another root of the same size was signed
  Map<String, TreeHead> advance(Map<String, TreeHead> signed);

  /// Puts another head in the place of this one, if this is what is known.
  void replace(String origin, TreeHead from, TreeHead to);

  /// What the gateway authority signed, a line for each, the oldest first; empty if nobody has
  /// begun to keep it.
  Optional<List<String>> statements();

  /// Begins to keep what the authority signed, or adds lines that it does not have.
  void keep(Collection<String> statements);

  @Override
  void close();

  /// Another server has signed something else of a log.
  final class ContradictedHead extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    private final transient Map<String, TreeHead> known;

    ContradictedHead(Map<String, TreeHead> known, String origin) {
      super(
          "another root of %s was signed, by another server of this control plane"
              .formatted(origin));
      this.known = Map.copyOf(known);
    }

    /// Throws if something else of the same size is known than was signed.
    static void refuse(Map<String, TreeHead> known, Map<String, TreeHead> signed) {
      signed.forEach(
          (origin, head) -> {
            var now = known.get(origin);
            if (now != null && now.size() == head.size() && !now.equals(head)) {
              throw new ContradictedHead(known, origin);
            }
          });
    }

    /// What is known instead.
    Map<String, TreeHead> known() {
      return known;
    }
  }
}
