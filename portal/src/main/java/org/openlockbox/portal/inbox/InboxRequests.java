package org.openlockbox.portal.inbox;

import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.portal.wording.LoggedRequest;
import org.openlockbox.portal.wording.PlainText;
import org.openlockbox.portal.wording.Quorum;
import org.openlockbox.server.access.Authorities;
import org.openlockbox.server.api.Visibility;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.request.AccessRequests;
import org.openlockbox.server.request.StoredRequest;
import org.openlockbox.server.tenant.Store;

/// The requests that a visitor may see in a list, and which of them wait for this visitor.
public final class InboxRequests {
  static final int MOST = 100;

  private final Store store;
  private final InstantSource clock;
  private final Authorities authorities;

  public InboxRequests(Store store, InstantSource clock, Authorities authorities) {
    this.store = store;
    this.clock = clock;
    this.authorities = authorities;
  }

  /// Those that wait for anybody, the shortest time to answer first.
  List<StoredRequest> waiting(Visitor visitor) {
    return list(visitor, "pending", MOST).stream()
        .sorted(Comparator.comparing(stored -> stored.submission().decideBy()))
        .toList();
  }

  List<StoredRequest> list(Visitor visitor, String state, int most) {
    return AccessRequests.list(store.jdbc(), filter(visitor, state, most), clock.instant());
  }

  static AccessRequests.RequestFilter filter(Visitor visitor, String state, int most) {
    var caller = visitor.caller();
    boolean all = caller.tenant().isPresent() || Visibility.seesAll(caller);
    Optional<SubjectId> engineer = all ? Optional.empty() : Optional.of(caller.subject());
    var wanted = state.isEmpty() ? Optional.<String>empty() : Optional.of(state);
    return new AccessRequests.RequestFilter(
        caller.tenant(), engineer, wanted, Optional.empty(), most);
  }

  /// The keyring of the visitor's tenant, once it is founded.
  Optional<Keyring> keyring(Visitor visitor) {
    var tenants = store.tenants();
    return visitor.caller().tenant().flatMap(tenants::find).map(one -> tenants.keyring(one.id()));
  }

  /// Those of these requests about which an approver is asked. Everybody else only looks on, at all
  /// of them.
  List<StoredRequest> asked(
      Visitor visitor, Optional<Keyring> keyring, List<StoredRequest> waiting) {
    if (!visitor.is(Role.APPROVER)) {
      return waiting;
    }
    return keyring.map(one -> asked(visitor, one, waiting)).orElse(List.of());
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

  /// Why it is asked, in the engineer's words. A damaged row is listed without; its page says so.
  Optional<PlainText> reason(StoredRequest stored) {
    try {
      return LoggedRequest.read(store, stored).told().reason().map(PlainText::of);
    } catch (Problem damaged) {
      return Optional.empty();
    }
  }
}
