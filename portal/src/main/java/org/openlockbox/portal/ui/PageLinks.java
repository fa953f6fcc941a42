package org.openlockbox.portal.ui;

import java.util.Optional;
import org.openlockbox.server.request.PageMark;

/// Where a page of a list leads: to the first page, from any other, and on to the next, if there is
/// one.
public record PageLinks(Optional<String> first, Optional<String> next) {
  public static final PageLinks NONE = new PageLinks(Optional.empty(), Optional.empty());

  /// Of a list of requests.
  ///
  /// @param home the address of its first page
  /// @param list the address to which the place of a later page is added
  /// @param after where this page begins, unless it is the first
  public static PageLinks of(
      String home, String list, Optional<PageMark> after, Optional<PageMark> next) {
    return new PageLinks(
        after.map(_ -> home),
        next.map(mark -> list + (list.contains("?") ? "&" : "?") + "after=" + mark.text()));
  }

  public boolean isAny() {
    return first.isPresent() || next.isPresent();
  }
}
