package org.openlockbox.gateway.recorder;

import org.jspecify.annotations.Nullable;

/// Somebody whose entries wait for the next batch: an access, or a tenant with its accesses.
///
/// Used by the recorder's thread alone.
abstract sealed class QueueMember permits AccessQueue, Rotation {
  /// The weight of what is taken before the others have their turn.
  private static final long QUANTUM = 16L * 1024;

  private long credit;
  private long taken;
  private long batch;
  private boolean listed;

  /// The entry that is next; null if there is none, or none of those that have it may take more of
  /// this batch.
  abstract @Nullable PendingEntry peek(BatchShare share);

  /// Takes out what [#peek] gave.
  abstract void remove(PendingEntry entry, BatchShare share);

  abstract boolean isEmpty();

  final boolean isListed() {
    return listed;
  }

  final void listed(boolean now) {
    listed = now;
  }

  /// Whether it has had its part of this batch.
  final boolean hasHad(long most, BatchShare share) {
    return batch == share.batch() && taken >= most;
  }

  final boolean covers(long weight) {
    return weight <= credit;
  }

  final void grant() {
    credit += QUANTUM;
  }

  final void spend(long weight, BatchShare share) {
    credit = isEmpty() ? 0 : credit - weight;
    taken = batch == share.batch() ? taken + weight : weight;
    batch = share.batch();
  }
}
