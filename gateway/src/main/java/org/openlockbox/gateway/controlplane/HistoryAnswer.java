package org.openlockbox.gateway.controlplane;

import java.util.List;
import java.util.Optional;
import org.openlockbox.core.log.LoggedEntry;
import org.openlockbox.core.statement.OpenedText;
import org.openlockbox.tlog.tree.Hash;

/// The entries that tell one request's story, with proofs: unchecked.
///
/// @param checkpoint the signed note that the proofs lead to
/// @param consistency proof from the size that was asked for, if one was
/// @param statements the texts, with their salts, of the statements that the request commits to
public record HistoryAnswer(
    String checkpoint,
    List<LoggedEntry> entries,
    Optional<List<Hash>> consistency,
    List<OpenedText> statements) {
  public HistoryAnswer {
    entries = List.copyOf(entries);
    statements = List.copyOf(statements);
    consistency = consistency.map(List::copyOf);
  }
}
