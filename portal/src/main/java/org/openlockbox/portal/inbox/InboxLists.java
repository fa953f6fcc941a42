package org.openlockbox.portal.inbox;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.portal.edge.PageContext;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.portal.inbox.InboxRequests.WaitingRequests;
import org.openlockbox.portal.ui.PageLinks;
import org.openlockbox.portal.ui.PagedRows;
import org.openlockbox.portal.wording.RequestLine;
import org.openlockbox.server.gateway.SessionRows;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.provider.Provider;
import org.openlockbox.server.request.ListKind;
import org.openlockbox.server.request.PageMark;
import org.openlockbox.server.request.RequestLists;
import org.openlockbox.server.request.StoredRequest;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The lists of somebody's first page: what waits for them and for others, what gives access, and
/// what is over. Each has its first rows here and its later ones on pages of its own.
final class InboxLists {
  private static final String PATH = "/inbox";
  private static final int PAGE = 25;

  /// What somebody has to look at less often, on the page that has all lists.
  private static final int FEW = 10;

  private static final WaitingRequests NOTHING =
      new WaitingRequests(List.of(), List.of(), Optional.empty());

  private final Visitor visitor;
  private final InboxRequests requests;
  private final RequestLists lists;
  private final JdbcClient jdbc;
  private final Provider provider;
  private final Optional<Keyring> keyring;
  private final Optional<InboxPlace> place;
  private final WaitingRequests waiting;
  private final long asked;

  /// @param place which later page is looked at; the first if it is empty
  InboxLists(
      Visitor visitor,
      InboxRequests requests,
      Optional<Keyring> keyring,
      JdbcClient jdbc,
      Provider provider,
      Optional<InboxPlace> place) {
    this.visitor = visitor;
    this.requests = requests;
    this.lists = requests.lists(visitor);
    this.jdbc = jdbc;
    this.provider = provider;
    this.keyring = keyring;
    this.place = place;
    this.waiting =
        has(InboxPlace.WAITING) || has(InboxPlace.OTHERS)
            ? requests.waiting(visitor, keyring, after(), PAGE, this::isEnough)
            : NOTHING;
    this.asked = has(InboxPlace.WAITING) ? asked() : 0;
  }

  private boolean isEnough(List<StoredRequest> asking, List<StoredRequest> others) {
    return has(InboxPlace.WAITING) ? !asking.isEmpty() : others.size() > PAGE;
  }

  Optional<Keyring> keyring() {
    return keyring;
  }

  private boolean has(String list) {
    return place.isEmpty() || place.get().list().equals(list);
  }

  private Optional<PageMark> after() {
    return place.map(InboxPlace::after);
  }

  /// How many requests wait for the visitor, with so many other things, for the title; empty where
  /// none do.
  String waiting(int others) {
    if (place.isPresent() || (waiting.asked().isEmpty() && others == 0)) {
      return "";
    }
    return "(" + counted(asked + others) + ") ";
  }

  private long asked() {
    boolean whole = place.isEmpty() && waiting.beyond().isEmpty();
    return isApprover() || whole ? waiting.asked().size() : lists.count(ListKind.WAITING);
  }

  /// An approver is told how many of those that were looked at ask them.
  private String counted(long count) {
    var number = number(visitor.frame(), count);
    return isApprover() && waiting.beyond().isPresent() ? number + "+" : number;
  }

  private static String number(PageContext frame, long count) {
    return String.format(frame.words().locale(), "%,d", count);
  }

  private boolean isApprover() {
    return visitor.is(Role.APPROVER);
  }

  void putInto(Map<String, Object> model) {
    var pending = page(InboxPlace.WAITING, waiting.asked(), PAGE, asked);
    var others = page(InboxPlace.OTHERS, waiting.others(), few(), 0);
    var active = listed(InboxPlace.OPEN, ListKind.OPEN);
    var over = listed(InboxPlace.OVER, ListKind.OVER);
    visitor
        .frame()
        .learnTenants(
            Stream.of(pending, others, active, over)
                .flatMap(list -> list.rows().stream())
                .map(StoredRequest::tenant));
    model.put("pending", pending.as(this::waiting));
    model.put("others", others.as(this::lines));
    model.put("active", active.as(this::open));
    model.put("recent", over.as(this::lines));
    model.put("several", isApprover() && waiting.asked().size() > 1);
  }

  private int few() {
    return place.isEmpty() ? FEW : PAGE;
  }

  /// The first of these requests. What comes after them is looked at anew from there on.
  private PagedRows<StoredRequest> page(
      String list, List<StoredRequest> all, int size, long count) {
    if (!has(list) || (list.equals(InboxPlace.OTHERS) && !isApprover())) {
      return PagedRows.none();
    }
    var shown = all.subList(0, Math.min(size, all.size()));
    var next =
        all.size() > size
            ? Optional.of(RequestLists.mark(ListKind.WAITING, shown.getLast()))
            : waiting.beyond();
    return new PagedRows<>(shown, counted(count), links(list, next));
  }

  private PageLinks links(String list, Optional<PageMark> next) {
    return PageLinks.of(PATH, PATH + "?list=" + list, after(), next);
  }

  private PagedRows<StoredRequest> listed(String list, ListKind kind) {
    if (!has(list)) {
      return PagedRows.none();
    }
    var page = lists.page(kind, after(), few());
    long count =
        kind == ListKind.OPEN && (place.isPresent() || page.next().isPresent())
            ? lists.count(kind)
            : page.shown().size();
    return new PagedRows<>(page.shown(), number(visitor.frame(), count), links(list, page.next()));
  }

  private List<InboxRow> waiting(List<StoredRequest> stored) {
    var frame = visitor.frame();
    var reasons = requests.reasons(visitor, stored);
    return stored.stream()
        .map(
            one ->
                InboxRow.of(frame, RequestLine.of(provider, frame, one), one, reasons.apply(one)))
        .toList();
  }

  private List<OpenRow> open(List<StoredRequest> stored) {
    var frame = visitor.frame();
    var sessions = new SessionRows(jdbc).open(stored);
    return stored.stream()
        .map(
            one ->
                OpenRow.of(
                    frame,
                    RequestLine.of(provider, frame, one),
                    sessions.getOrDefault(one.id(), 0)))
        .toList();
  }

  private List<RequestLine> lines(List<StoredRequest> stored) {
    return RequestLine.all(provider, visitor.frame(), stored);
  }
}
