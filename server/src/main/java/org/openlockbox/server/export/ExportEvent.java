package org.openlockbox.server.export;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.Submission;
import org.openlockbox.core.canonical.TextRules;
import org.openlockbox.core.log.LogEntry;
import org.openlockbox.core.session.ClosingRecord;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.core.statement.OpenedText;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.gateway.SessionRows;
import org.openlockbox.server.log.entry.StoredEntry;

/// One thing that is exported: an entry of a tenant's log with what the control plane knows about
/// its request and session, or the closing record that the entry completed. The same position gives
/// the same event at any time, but for texts that were erased meanwhile.
public record ExportEvent(
    TenantId tenant,
    ExportPosition position,
    StoredEntry stored,
    LogEntry entry,
    Optional<Submission> submission,
    Optional<SessionRows.SessionRow> session,
    Optional<Commitment> commitment,
    Optional<OpenedText> text,
    Optional<ClosingRecord> closing) {

  /// What a consumer tells doubles by.
  String id() {
    return tenant + "/" + position;
  }

  /// The type of the entry, or `closing`.
  String type() {
    return closing.isPresent() ? "closing" : entry.type().word();
  }

  Optional<RequestId> request() {
    return submission.map(Submission::id);
  }

  /// The text with everything replaced that is no text.
  Optional<String> shownText() {
    return text.map(
        opened -> TextRules.visible(new String(opened.text().toArray(), StandardCharsets.UTF_8)));
  }
}
