package org.openlockbox.portal.inbox;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.portal.wording.LoggedRequest;
import org.openlockbox.portal.wording.PlainText;
import org.openlockbox.portal.wording.Quorum;
import org.openlockbox.server.access.Authorities;
import org.openlockbox.server.api.Visibility;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.request.ListKind;
import org.openlockbox.server.request.PageMark;
import org.openlockbox.server.request.RequestLists;
import org.openlockbox.server.request.RequestLists.RequestScope;
import org.openlockbox.server.request.StoredRequest;
import org.openlockbox.server.tenant.Store;

/// The requests that a visitor may see in a list, and which of them wait for this visitor.
public final class InboxRequests {
  /// Whether an approver is asked is found out request by request: so many are looked at for a
  /// page.
  private static final int LOOKED_AT = 100;

  /// So many times a page goes on looking where not enough was found yet.
  private static final int LOOKS = 10;

  private final Store store;
  private final InstantSource clock;
  private final Authorities authorities;

  public InboxRequests(Store store, InstantSource clock, Authorities authorities) {
    this.store = store;
    this.clock = clock;
    this.authorities = authorities;
  }

  RequestLists lists(Visitor visitor) {
    return new RequestLists(store.jdbc(), scope(visitor), clock.instant());
  }

  static RequestScope scope(Visitor visitor) {
    var caller = visitor.caller();
    boolean all = caller.tenant().isPresent() || Visibility.seesAll(caller);
    Optional<SubjectId> engineer = all ? Optional.empty() : Optional.of(caller.subject());
    return RequestScope.of(caller.tenant(), engineer);
  }

  /// The keyring of the visitor's tenant, once it is founded.
  Optional<Keyring> keyring(Visitor visitor) {
    var tenants = store.tenants();
    return visitor.caller().tenant().flatMap(tenants::find).map(one -> tenants.keyring(one.id()));
  }

  /// What waits, the shortest time to answer first: what the visitor is asked about, and what waits
  /// for others.
  ///
  /// @param beyond where a look goes on, if not all was looked at
  record WaitingRequests(
      List<StoredRequest> asked, List<StoredRequest> others, Optional<PageMark> beyond) {
    WaitingRequests {
      asked = List.copyOf(asked);
      others = List.copyOf(others);
    }
  }

  /// When a look has found enough.
  interface Enough {
    boolean isFound(List<StoredRequest> asked, List<StoredRequest> others);
  }

  /// Looks at what waits from this mark on. Who is no approver only looks on, at all of them: of
  /// those a page has `size`.
  WaitingRequests waiting(
      Visitor visitor,
      Optional<Keyring> keyring,
      Optional<PageMark> after,
      int size,
      Enough enough) {
    if (!visitor.is(Role.APPROVER)) {
      var page = lists(visitor).page(ListKind.WAITING, after, size);
      return new WaitingRequests(page.shown(), List.of(), page.next());
    }
    var asked = new ArrayList<StoredRequest>();
    var others = new ArrayList<StoredRequest>();
    var from = after;
    int looks = 0;
    do {
      var page = lists(visitor).page(ListKind.WAITING, from, LOOKED_AT);
      var found = keyring.map(one -> asked(visitor, one, page.shown())).orElse(List.of());
      var ids = found.stream().map(StoredRequest::id).collect(Collectors.toSet());
      asked.addAll(found);
      page.shown().stream().filter(one -> !ids.contains(one.id())).forEach(others::add);
      from = page.next();
      looks++;
    } while (!enough.isFound(asked, others) && from.isPresent() && looks < LOOKS);
    return new WaitingRequests(asked, others, from);
  }

  private List<StoredRequest> asked(Visitor visitor, Keyring keyring, List<StoredRequest> waiting) {
    var authority = authorities.now(keyring.genesis().tenant(), keyring, waiting);
    return waiting.stream()
        .filter(
            stored ->
                Quorum.of(visitor.frame(), authority.apply(stored), stored)
                    .filter(quorum -> quorum.asks(visitor.person().subject()))
                    .isPresent())
        .toList();
  }

  /// Why each of them is asked, in the engineer's words, for the people of their tenant. A damaged
  /// row is listed without; its page says so.
  Function<StoredRequest, Optional<PlainText>> reasons(
      Visitor visitor, List<StoredRequest> requests) {
    var told = visitor.caller().tenant().map(tenant -> reasons(tenant, requests)).orElse(Map.of());
    return stored -> Optional.ofNullable(told.get(stored.id())).map(PlainText::of);
  }

  private Map<RequestId, String> reasons(TenantId tenant, List<StoredRequest> requests) {
    return requests.isEmpty() ? Map.of() : LoggedRequest.reasons(store, tenant, requests);
  }
}
