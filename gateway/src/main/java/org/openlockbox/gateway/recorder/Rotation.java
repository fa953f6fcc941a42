package org.openlockbox.gateway.recorder;

import java.util.ArrayDeque;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// Deficit round robin (Shreedhar and Varghese, 1995): whoever has entries takes as many as its
/// credit covers, then the next one does.
final class Rotation extends QueueMember {
  private final ArrayDeque<QueueMember> turns = new ArrayDeque<>();
  private final ToLongFunction<BatchShare> most;

  /// @param most how much each of them may have of a batch
  Rotation(ToLongFunction<BatchShare> most) {
    this.most = most;
  }

  /// Has its turn from now on, unless it has already.
  void add(QueueMember turn) {
    if (!turn.isListed()) {
      turns.add(turn);
      turn.listed(true);
    }
  }

  /// Has no turn until it is added again.
  void drop(QueueMember turn) {
    if (turn.isListed()) {
      turns.remove(turn);
      turn.listed(false);
    }
  }

  @Override
  @Nullable PendingEntry peek(BatchShare share) {
    long mostOfOne = most.applyAsLong(share);
    int passedOver = 0;
    while (passedOver < turns.size()) {
      QueueMember turn = turns.element();
      PendingEntry entry = turn.hasHad(mostOfOne, share) ? null : turn.peek(share);
      if (entry == null) {
        passedOver++;
      } else if (turn.covers(entry.weight())) {
        return entry;
      } else {
        turn.grant();
        passedOver = 0;
      }
      turns.add(turns.remove());
    }
    return null;
  }

  @Override
  void remove(PendingEntry entry, BatchShare share) {
    QueueMember turn = turns.element();
    turn.remove(entry, share);
    turn.spend(entry.weight(), share);
    if (turn.isEmpty()) {
      turns.remove();
      turn.listed(false);
    }
  }

  @Override
  boolean isEmpty() {
    return turns.isEmpty();
  }
}
