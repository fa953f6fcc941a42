package org.openlockbox.postgres.propose;

/// What came of a proposal.
public sealed interface ProposalResult {
  /// A catalogue to review, what changed in it (empty for a new one), and a summary in one line.
  record Drafted(String yaml, String difference, String summary) implements ProposalResult {}

  /// No catalogue: what was asked for does not fit the database.
  record NotDrafted(String why) implements ProposalResult {}
}
