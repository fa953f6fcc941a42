package org.openlockbox.core.history;

import java.util.List;
import java.util.Optional;
import org.openlockbox.core.access.AccessRequest;
import org.openlockbox.core.access.Grant;
import org.openlockbox.core.access.Submission;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.log.ProvenLog;
import org.openlockbox.core.log.RecoveryEvent;
import org.openlockbox.tlog.Checkpoint;
import org.openlockbox.tlog.tree.Hash;

/// What came of [History#check].
public sealed interface HistoryCheck {
  /// Everything holds. Only [History] makes one.
  final class Valid implements HistoryCheck {
    private final ProvenLog log;
    private final VerifiedRequest standing;

    Valid(ProvenLog log, VerifiedRequest standing) {
      this.log = log;
      this.standing = standing;
    }

    /// The checkpoint under which all of it was proven; keep it and ask for consistency from it.
    public Checkpoint checkpoint() {
      return log.checkpoint();
    }

    /// The keyring after the last entry that was shown.
    public Keyring keyring() {
      return log.keyring();
    }

    /// The same with this keyring, if it comes of the same entries: sessions then share one.
    public Valid sharing(Keyring known) {
      return known.digest().equals(keyring().digest())
          ? new Valid(new ProvenLog(log.checkpoint(), known, log.epochs(), log.entries()), standing)
          : this;
    }

    public VerifiedRequest standing() {
      return standing;
    }

    /// Where the request stands by what is in the log; the time is not yet compared.
    public AccessRequest request() {
      return standing.state();
    }

    public Submission submission() {
      return standing.state().submission();
    }

    /// The losses that the log admits, in log order.
    public List<Loss> losses() {
      return log.entries().stream()
          .filter(proven -> proven.entry().body() instanceof RecoveryEvent.EntriesLost)
          .map(proven -> Loss.of(proven.seq(), (RecoveryEvent.EntriesLost) proven.entry().body()))
          .toList();
    }

    /// The grant, if a quorum gave one and nothing in the log ended it.
    public Optional<ProvenGrant> grant() {
      return standing.state() instanceof AccessRequest.Approved approved
              && approved.grant() instanceof Grant.Active active
          ? Optional.of(new ProvenGrant(log, standing.ref(), approved, active.terms()))
          : Optional.empty();
    }
  }

  /// Entry `at` says that the log had been signed with so many entries and this root, and goes on
  /// from fewer.
  record Loss(long at, long lostSize, Hash lostRoot) {
    private static Loss of(long at, RecoveryEvent.EntriesLost lost) {
      return new Loss(at, lost.lostSize(), lost.lostRoot());
    }
  }

  /// Something does not hold: where (an entry, the checkpoint, the pin), and why, in words that may
  /// be shown.
  record Invalid(String where, String why) implements HistoryCheck {}
}
