package org.openlockbox.portal.edge;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.openlockbox.server.identity.Person;
import org.openlockbox.server.identity.Role;

/// A link of the navigation. `name` is a message id, `icon` one of the sprite. `below` are the
/// paths of pages that belong to it beside its own; of two links that both have a page, the first
/// is marked. A phone has room for the first [#PHONE] and leads to the others by the settings.
public record NavLink(String href, String name, String icon, List<String> below) {
  public static final int PHONE = 4;

  public NavLink {
    below = List.copyOf(below);
  }

  private static NavLink of(String href, String name, String icon, String... below) {
    return new NavLink(href, name, icon, List.of(below));
  }

  static List<NavLink> of(PageContext frame) {
    var links = new ArrayList<NavLink>();
    if (frame.is(Role.ENGINEER)) {
      links.add(of("/mine", "nav.mine", "terminal", "/requests"));
      links.add(of("/ask", "nav.ask", "plus"));
    }
    if (frame.is(Role.REVIEWER)) {
      links.add(of("/reviews", "nav.reviews", "users"));
    }
    if (frame.is(Role.OPERATOR)) {
      links.add(of("/operation/tenants", "nav.tenants", "building-2", "/operation/new-tenant"));
      links.add(of("/operation", "nav.operation", "server"));
    }
    if (frame.person().isPresent()) {
      links.add(of("/inbox", "nav.inbox", "inbox", "/requests", "/deny"));
    }
    if (frame.person().flatMap(Person::tenant).isPresent()) {
      addTenants(links, frame.isFounded());
    }
    return links;
  }

  private static void addTenants(List<NavLink> links, boolean founded) {
    if (founded) {
      links.add(of("/reach", "nav.reach", "waypoints"));
      links.add(of("/audit", "nav.audit", "scroll-text"));
      links.add(of("/figures", "nav.figures", "chart-column"));
      links.add(of("/policy", "nav.policy", "list-checks", "/away", "/tickets"));
    }
    links.add(of("/people", "nav.people", "users", "/invitations"));
    links.add(
        of("/keys", "nav.keys", "key-round", "/proposals", "/founding", "/practice", "/access"));
    if (founded) {
      links.add(of("/notifications", "nav.notifications", "bell"));
    }
  }

  /// `page` where the link leads to this very page, `true` where this page belongs to it.
  ///
  /// @param section the page's own path, or that of the page to which it belongs
  public Optional<String> current(PageContext frame, String section) {
    if (frame.path().equals(href)) {
      return Optional.of("page");
    }
    var first = frame.links().stream().filter(link -> link.has(section)).findFirst();
    return first.filter(link -> link.href.equals(href)).map(_ -> "true");
  }

  /// Whether this page belongs to a link for which a phone has no room.
  public static boolean isFurther(PageContext frame, String section) {
    return frame.links().stream()
        .skip(PHONE)
        .anyMatch(link -> link.current(frame, section).isPresent());
  }

  private boolean has(String path) {
    return isBelow(path, href) || below.stream().anyMatch(one -> isBelow(path, one));
  }

  private static boolean isBelow(String path, String above) {
    return path.equals(above) || path.startsWith(above + "/");
  }
}
