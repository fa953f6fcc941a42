package org.openlockbox.server.proposal;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.Signature;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.policy.KeyringChanges;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.tenant.ProposalId;
import org.openlockbox.server.tenant.Store;
import org.openlockbox.tlog.tree.Hash;

/// Changes of a tenant's keyring on their way to a quorum. Anybody of the tenant may propose; what
/// is proposed is fixed to the byte, follows the newest keyring entry, and is made in the very
/// transaction in which the last signature comes. A change that is made otherwise meanwhile
/// overtakes it: its signatures are worth nothing then, here and everywhere.
///
/// ```text
///   open ──▶ sign … sign ──▶ made (an entry of the log)
///    └─────▶ withdrawn
/// ```
public final class Proposals {
  /// The most that may be open at once.
  static final int MOST_OPEN = 20;

  private final Store store;
  private final KeyringChanges changes;
  private final ProposalRows rows;
  private final InstantSource clock;
  private final RandomGenerator random;

  public Proposals(
      Store store, KeyringChanges changes, InstantSource clock, RandomGenerator random) {
    this.store = store;
    this.changes = changes;
    this.rows = new ProposalRows(store.jdbc(), KeyringChange.PAYLOAD_TYPE);
    this.clock = clock;
    this.random = random;
  }

  /// Proposes this change, the quorum staying as it is.
  public Proposal open(TenantId tenant, SubjectId by, KeyringChange.Edit change) {
    return open(tenant, by, change, store.tenants().keyring(tenant).quorum());
  }

  /// Proposes this change of what is in force now, with this quorum from then on.
  public Proposal open(TenantId tenant, SubjectId by, KeyringChange.Edit change, int quorum) {
    var keyring = store.tenants().keyring(tenant);
    var payload =
        new KeyringChange(tenant, keyring.genesis().origin(), keyring.last(), quorum, change);
    return open(tenant, by, Envelope.unsigned(KeyringChange.PAYLOAD_TYPE, payload.toJson()));
  }

  /// Proposes the change in this envelope, which may hold signatures already.
  public Proposal open(TenantId tenant, SubjectId by, Envelope envelope) {
    var change = read(envelope);
    return store.within(
        () -> {
          changes.check(tenant, change);
          if (rows.countOpen(tenant, change.prev()) >= MOST_OPEN) {
            throw Problem.conflict("too_many_proposals", "too many proposals are open");
          }
          var id = ProposalId.random(random);
          var unsigned = new Envelope(envelope.payloadType(), envelope.payload(), List.of());
          rows.insert(tenant, id, by, unsigned, change.prev(), clock.instant());
          envelope.signatures().forEach(signature -> sign(tenant, id, signature));
          return find(tenant, id).orElseThrow();
        });
  }

  private static KeyringChange read(Envelope envelope) {
    if (!envelope.payloadType().equals(KeyringChange.PAYLOAD_TYPE)) {
      throw Problem.malformed("a proposal is a change of a keyring");
    }
    return KeyringChange.parse(envelope.payloadJson());
  }

  public Optional<Proposal> find(TenantId tenant, ProposalId id) {
    return rows.find(tenant, id, false).map(this::judged);
  }

  /// The newest of a tenant.
  List<Proposal> newest(TenantId tenant, int most) {
    return rows.newest(tenant, most).stream().map(this::judged).toList();
  }

  /// Those that wait for signatures.
  public List<Proposal> open(TenantId tenant) {
    return newest(tenant, 2 * MOST_OPEN).stream().filter(Proposal::isOpen).toList();
  }

  private Proposal judged(Proposal stored) {
    boolean possible =
        stored.change().prev().equals(store.tenants().keyring(stored.tenant()).last());
    return stored.isOpen() && !possible ? stored.as(Proposal.ProposalState.OVERTAKEN) : stored;
  }

  /// Who has signed it and who has to.
  public ProposalSignatures signing(Proposal proposal) {
    var change = proposal.change();
    var basis = basis(store.tenants().keyring(proposal.tenant()), change.prev());
    return ProposalSignatures.of(basis, change, proposal.envelope());
  }

  /// The keyring that the change is about: the one that this entry made.
  public static Keyring basis(Keyring newest, Hash prev) {
    var keyring = newest;
    while (!keyring.last().equals(prev) && keyring.since() > 0) {
      keyring = keyring.at(keyring.since() - 1);
    }
    return keyring;
  }

  /// Takes a signature, and makes the change if it was the last one that was missing. A signature
  /// that does not hold, or does not help, is refused.
  public Proposal sign(TenantId tenant, ProposalId id, Signature signature) {
    return store.within(
        () -> {
          var proposal = locked(tenant, id);
          var signing = signing(proposal);
          var key = signing.check(proposal.envelope(), signature);
          changes.requireSide(store.tenants().keyring(tenant), proposal.change(), key.approver());
          rows.sign(tenant, id, signature, clock.instant());
          var signed = proposal.with(signature);
          if (signing(signed).isComplete()) {
            changes.make(tenant, signed.envelope());
            rows.made(tenant, id, clock.instant());
          }
          return find(tenant, id).orElseThrow();
        });
  }

  /// Takes it back. Nothing that was signed is made any more.
  public Proposal withdraw(TenantId tenant, ProposalId id, SubjectId by) {
    return store.within(
        () -> {
          locked(tenant, id);
          rows.withdrawn(tenant, id, by, clock.instant());
          return find(tenant, id).orElseThrow();
        });
  }

  private Proposal locked(TenantId tenant, ProposalId id) {
    var proposal = rows.find(tenant, id, true).map(this::judged).orElseThrow(Problem::notFound);
    proposal.state().needOpen();
    return proposal;
  }
}
