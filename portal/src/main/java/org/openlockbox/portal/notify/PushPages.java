package org.openlockbox.portal.notify;

import jakarta.servlet.http.HttpServletRequest;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.notify.NotifySettings;
import org.openlockbox.server.notify.outbox.SubscriptionId;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.tenant.Store;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/// Turns push on and off in an approver's own browsers. Nobody turns it on or off for somebody
/// else: the person is always the visitor.
@Controller
public final class PushPages {
  private static final String PATH = NotificationPages.PATH + "/push";

  private final PortalEdge.Parts parts;
  private final Store store;
  private final NotifySettings settings;

  public PushPages(PortalEdge.Parts parts, Store store, NotifySettings settings) {
    this.parts = parts;
    this.store = store;
    this.settings = settings;
  }

  /// Whether this visitor can be told by push: an approver of a tenant that is founded.
  static boolean may(Visitor visitor) {
    return visitor.is(Role.APPROVER) && visitor.frame().isFounded();
  }

  private static TenantId tenant(Visitor visitor) {
    var tenant = NotificationPages.own(visitor);
    visitor.caller().need(Role.APPROVER, "be told by push");
    return tenant;
  }

  /// The browser that sends this is told from now on.
  @PostMapping(PATH)
  ResponseEntity<byte[]> add(
      Visitor visitor,
      HttpServletRequest request,
      @RequestParam(defaultValue = "") String endpoint,
      @RequestParam(defaultValue = "") String key,
      @RequestParam(defaultValue = "") String secret) {
    var tenant = tenant(visitor);
    var browsers = settings.browsers();
    var browser = BrowserName.of(request.getHeader(HttpHeaders.USER_AGENT));
    try {
      var target = browsers.target(endpoint, key, secret);
      store.within(
          () -> {
            browsers.add(tenant, visitor.person(), target, browser);
            return target;
          });
    } catch (IllegalArgumentException e) {
      throw Problem.refused("push", visitor.frame().say("push.refused"));
    }
    return parts.done(NotificationPages.PATH, "push.on");
  }

  @PostMapping(PATH + "/{b}/remove")
  ResponseEntity<byte[]> remove(Visitor visitor, @PathVariable String b) {
    var tenant = NotificationPages.own(visitor);
    var id = id(b);
    store
        .transaction()
        .executeWithoutResult(_ -> settings.browsers().remove(tenant, visitor.person(), id));
    return parts.done(NotificationPages.PATH, "push.off");
  }

  @PostMapping(PATH + "/{b}/test")
  ResponseEntity<byte[]> test(Visitor visitor, @PathVariable String b) {
    var tenant = tenant(visitor);
    var id = id(b);
    store
        .transaction()
        .executeWithoutResult(_ -> settings.testBrowser(tenant, visitor.person(), id));
    return parts.done(NotificationPages.PATH, "push.tested");
  }

  private static SubscriptionId id(String text) {
    return SubscriptionId.parse(text).orElseThrow(Problem::notFound);
  }
}
