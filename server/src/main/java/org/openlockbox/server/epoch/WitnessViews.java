package org.openlockbox.server.epoch;

import java.util.List;
import java.util.Optional;
import org.openlockbox.core.epoch.EpochProof;
import org.openlockbox.core.epoch.WitnessView;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.log.entry.LogReader;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.tenant.Tenants;
import org.openlockbox.tlog.SignedNote;
import org.openlockbox.tlog.tree.Hash;

/// Puts together what a gateway asks about the witnesses that one tenant's settings demand.
public final class WitnessViews {
  private final Tenants tenants;
  private final LogReader reader;
  private final EpochPublisher epochs;
  private final TenantWitnesses own;

  public WitnessViews(
      Tenants tenants, LogReader reader, EpochPublisher epochs, TenantWitnesses own) {
    this.tenants = tenants;
    this.reader = reader;
    this.epochs = epochs;
    this.own = own;
  }

  /// What to show to somebody who knows this much.
  ///
  /// @param size how large the asker knows the log to be
  /// @param seen how large it knows the epoch log to be
  public WitnessView of(TenantId tenant, long size, long seen) {
    var settings = tenants.keyring(tenant).settings();
    if (size < 0 || size > reader.size(tenant)) {
      throw Problem.conflict("log_shrunk", "the log does not have %d entries".formatted(size));
    }
    var epoch =
        settings.witness().demands()
            ? epochs.proof(tenant, settings.witness())
            : Optional.<EpochProof>empty();
    var cosigned =
        settings.ownWitness().demands() ? own.last(tenant) : Optional.<SignedNote>empty();
    return new WitnessView(
        epoch,
        epoch.map(proof -> between(tenant, proof.head().size(), size)).orElse(List.of()),
        epoch
            .map(
                proof -> epochs.consistency(seen, TenantWitnesses.size(proof.proof().checkpoint())))
            .orElse(List.of()),
        cosigned.map(
            note ->
                new WitnessView.OwnCheckpoint(
                    note.format(), between(tenant, TenantWitnesses.size(note), size))));
  }

  private List<Hash> between(TenantId tenant, long one, long other) {
    long smaller = Math.min(one, other);
    long larger = Math.max(one, other);
    return smaller == 0 || smaller == larger
        ? List.of()
        : reader.tree(tenant, larger).consistency(smaller).hashes();
  }
}
