package org.openlockbox.server.proposal;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.openlockbox.core.keyring.Genesis;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.Signature;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.tenant.ProposalId;

/// A change of a tenant's keyring that somebody proposed, or the genesis of a tenant that waits to
/// be founded. The envelope holds the signatures so far, each of which was valid when it came; what
/// they amount to is in [ProposalSignatures]. `withdrawnBy` is known of one that was taken back.
public record Proposal(
    ProposalId id,
    TenantId tenant,
    SubjectId by,
    Instant createdAt,
    ProposalState state,
    Instant since,
    Optional<SubjectId> withdrawnBy,
    Envelope envelope) {
  /// Where a proposal is.
  public enum ProposalState {
    /// It waits for signatures.
    OPEN,
    /// It was signed by those who had to, and is in the log.
    MADE,
    /// It was taken back.
    WITHDRAWN,
    /// It can no longer be: another change was made since.
    OVERTAKEN;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /// Refuses to go on with one that is over.
    void needOpen() {
      switch (this) {
        case OPEN -> {}
        case MADE -> throw Problem.conflict("made", "it was made already");
        case WITHDRAWN -> throw Problem.conflict("withdrawn", "it was withdrawn");
        case OVERTAKEN ->
            throw Problem.conflict("overtaken", "another change was made since; propose it again");
      }
    }

    static ProposalState parse(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }

  public boolean isOpen() {
    return state == ProposalState.OPEN;
  }

  /// Whether another took it back than who had proposed it.
  public boolean isRefused() {
    return withdrawnBy.filter(one -> !one.equals(by)).isPresent();
  }

  /// What is to be signed.
  public Envelope unsigned() {
    return new Envelope(envelope.payloadType(), envelope.payload(), List.of());
  }

  /// What is to be changed.
  public KeyringChange change() {
    return KeyringChange.parse(envelope.payloadJson());
  }

  /// What is to be founded.
  public Genesis genesis() {
    return Genesis.parse(envelope.payloadJson());
  }

  Proposal as(ProposalState other) {
    return new Proposal(id, tenant, by, createdAt, other, since, withdrawnBy, envelope);
  }

  Proposal with(Signature signature) {
    return new Proposal(
        id, tenant, by, createdAt, state, since, withdrawnBy, envelope.with(signature));
  }
}
