package org.openlockbox.server.log.append;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.session.ClosingRecord;
import org.openlockbox.core.session.ClosingRecordBuilder;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.core.statement.OpenedText;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.log.entry.LogReader;

/// The closing record of one request, made from its entries in the log, a page at a time. For one
/// thread.
public final class RequestClosing {
  private static final int BATCHES = 100;

  private final LogReader reader;
  private final LogTexts kept;
  private final TenantId tenant;
  private final RequestId request;
  private final Map<Commitment, OpenedText> texts = new HashMap<>();
  private final ClosingRecordBuilder closing =
      new ClosingRecordBuilder(to -> Optional.ofNullable(texts.get(to)));
  private long next;

  public RequestClosing(LogReader reader, LogTexts kept, TenantId tenant, RequestId request) {
    this.reader = reader;
    this.kept = kept;
    this.tenant = tenant;
    this.request = request;
  }

  /// Goes on to the entry of this index; answers whether the record is complete with it.
  public boolean upTo(long last) {
    boolean complete = false;
    while (next <= last) {
      var page = reader.next(tenant, request, next, BATCHES);
      texts.clear();
      texts.putAll(kept.of(tenant, page));
      for (var stored : page) {
        if (stored.seq() <= last) {
          complete = closing.take(stored.read());
        }
      }
      boolean more = !page.isEmpty() && page.getLast().seq() < last;
      next = more ? page.getLast().seq() + 1 : last + 1;
    }
    return complete;
  }

  /// What is known after the entries so far; empty if the request's own is not among them.
  public Optional<ClosingRecord> record() {
    return closing.record();
  }
}
