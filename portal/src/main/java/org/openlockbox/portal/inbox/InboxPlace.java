package org.openlockbox.portal.inbox;

import java.util.List;
import java.util.Optional;
import org.openlockbox.server.request.PageMark;

/// A later page of one list of the first page, which begins after this mark.
record InboxPlace(String list, PageMark after) {
  static final String WAITING = "waiting";
  static final String OTHERS = "others";
  static final String OPEN = "open";
  static final String OVER = "over";

  private static final List<String> LISTS = List.of(WAITING, OTHERS, OPEN, OVER);

  static Optional<InboxPlace> of(String list, PageMark after) {
    return LISTS.contains(list) ? Optional.of(new InboxPlace(list, after)) : Optional.empty();
  }
}
