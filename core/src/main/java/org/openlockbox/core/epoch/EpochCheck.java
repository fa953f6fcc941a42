package org.openlockbox.core.epoch;

import java.time.Instant;
import java.util.Optional;
import org.openlockbox.tlog.Checkpoint;

/// What came of checking an [EpochProof].
public sealed interface EpochCheck {
  /// The tenant's head of an epoch that is in the epoch log under this checkpoint. Only
  /// [EpochProof] makes one.
  final class Valid implements EpochCheck {
    private final HeadLeaf head;
    private final Checkpoint checkpoint;
    private final Optional<Instant> witnessed;

    Valid(HeadLeaf head, Checkpoint checkpoint, Optional<Instant> witnessed) {
      this.head = head;
      this.checkpoint = checkpoint;
      this.witnessed = witnessed;
    }

    public HeadLeaf head() {
      return head;
    }

    /// The epoch log's checkpoint; keep it, the next one has to continue it.
    public Checkpoint checkpoint() {
      return checkpoint;
    }

    /// Whether the epoch is the last of the epoch log under this checkpoint: an old one can be
    /// proven under every later checkpoint.
    public boolean isNewest() {
      return head.epoch() + 1 == checkpoint.size();
    }

    /// When a quorum of witnesses had cosigned it; empty if the policy asks for none.
    public Optional<Instant> witnessed() {
      return witnessed;
    }
  }

  /// It must not be believed.
  record Invalid(String why) implements EpochCheck {}
}
