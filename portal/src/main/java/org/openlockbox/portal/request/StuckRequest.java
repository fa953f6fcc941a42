package org.openlockbox.portal.request;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.portal.edge.PageContext;
import org.openlockbox.portal.wording.RequestLine;
import org.openlockbox.server.provider.Provider;
import org.openlockbox.server.request.ListKind;
import org.openlockbox.server.request.RequestLists;
import org.openlockbox.server.request.RequestLists.RequestScope;
import org.openlockbox.server.request.StoredRequest;
import org.openlockbox.server.tenant.Store;

/// A request that nobody has answered although most of its time is over, and for whom it waits: the
/// provider's second person, or the customer.
public record StuckRequest(RequestLine line, Instant since, boolean late) {
  private static final int MOST = 50;

  /// What waits, the shortest time left first; of one tenant or of all.
  static List<StuckRequest> waiting(
      PageContext frame,
      Store store,
      Provider provider,
      InstantSource clock,
      Optional<TenantId> tenant) {
    var scope = RequestScope.of(tenant, Optional.empty());
    var waiting =
        new RequestLists(store.jdbc(), scope, clock.instant())
            .page(ListKind.WAITING, Optional.empty(), MOST)
            .shown();
    frame.learnTenants(waiting.stream().map(StoredRequest::tenant));
    return waiting.stream()
        .map(
            stored ->
                new StuckRequest(
                    RequestLine.of(provider, frame, stored),
                    stored.createdAt(),
                    isLate(stored, frame.now())))
        .toList();
  }

  /// Whether more than half of the time to answer is over.
  private static boolean isLate(StoredRequest stored, Instant now) {
    var whole = Duration.between(stored.createdAt(), stored.submission().decideBy());
    return Duration.between(stored.createdAt(), now).compareTo(whole.dividedBy(2)) > 0;
  }
}
