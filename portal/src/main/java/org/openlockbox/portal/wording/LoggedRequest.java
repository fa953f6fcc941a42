package org.openlockbox.portal.wording;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.Submission;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.core.statement.OpenedText;
import org.openlockbox.core.statement.RequestRef;
import org.openlockbox.core.tenant.LogOrigin;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.log.entry.StoredEntry;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.request.StoredRequest;
import org.openlockbox.server.tenant.Store;

/// A request as its own log entry says it: what a signature about it is bound to, and so what pages
/// show.
public record LoggedRequest(RequestText told, RequestRef ref, LogOrigin origin) {

  /// Reads the entry; a row that names another entry than the log has is damaged.
  public static LoggedRequest read(Store store, StoredRequest stored) {
    var entry = store.reader().entries(stored.tenant(), stored.logIndex(), 1).getFirst();
    var requested =
        requested(entry, stored)
            .orElseThrow(
                () ->
                    Problem.damaged(
                        "the row of %s is not what its log entry says".formatted(stored.id())));
    var texts = store.texts().of(stored.tenant(), List.of(entry));
    var told =
        new RequestText(
            requested.submission(),
            opened(texts, requested.name()),
            opened(texts, requested.reason()),
            requested.statements().flatMap(each -> opened(texts, each).stream()).toList());
    return new LoggedRequest(told, ref(entry, requested), entry.read().origin());
  }

  /// Why each of these requests of a tenant is asked, as its entry says, all read at once. A row
  /// that names another entry than the log has is damaged: it has no reason here.
  public static Map<RequestId, String> reasons(
      Store store, TenantId tenant, List<StoredRequest> requests) {
    var places = requests.stream().map(StoredRequest::logIndex).collect(Collectors.toSet());
    var entries = store.reader().at(tenant, places);
    var texts = store.texts().of(tenant, entries.values());
    var reasons = new HashMap<RequestId, String>();
    for (var stored : requests) {
      Optional.ofNullable(entries.get(stored.logIndex()))
          .flatMap(entry -> requested(entry, stored))
          .flatMap(requested -> opened(texts, requested.reason()))
          .ifPresent(reason -> reasons.put(stored.id(), reason));
    }
    return reasons;
  }

  /// What the entry says, if it is the one that this row names.
  private static Optional<RequestEvent.Requested> requested(
      StoredEntry entry, StoredRequest stored) {
    return entry.sha256().equals(stored.entrySha256())
            && entry.read().body() instanceof RequestEvent.Requested requested
            && requested.submission().equals(stored.submission())
        ? Optional.of(requested)
        : Optional.empty();
  }

  private static RequestRef ref(StoredEntry entry, RequestEvent.Requested requested) {
    return RequestRef.of(requested.submission(), entry.seq(), entry.sha256());
  }

  private static Optional<String> opened(Map<Commitment, OpenedText> texts, Commitment commitment) {
    return Optional.ofNullable(texts.get(commitment))
        .filter(text -> text.commitment().equals(commitment))
        .map(text -> text.text().utf8());
  }

  public Submission submission() {
    return told.submission();
  }
}
