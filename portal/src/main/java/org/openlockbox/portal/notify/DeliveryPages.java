package org.openlockbox.portal.notify;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.portal.ui.PageLinks;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.notify.NotifySettings;
import org.openlockbox.server.notify.outbox.Deliveries;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.tenant.Store;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/// What became of everything that a tenant was to be told, attempt by attempt; not what was told.
@Controller
public final class DeliveryPages {
  static final String PATH = NotificationPages.PATH + "/deliveries";

  private static final int PAGE = 50;

  private final PortalEdge.Parts parts;
  private final Store store;
  private final Deliveries deliveries;
  private final NotifySettings settings;

  public DeliveryPages(
      PortalEdge.Parts parts, Store store, Deliveries deliveries, NotifySettings settings) {
    this.parts = parts;
    this.store = store;
    this.deliveries = deliveries;
    this.settings = settings;
  }

  @GetMapping(PATH)
  ResponseEntity<byte[]> list(
      Visitor visitor,
      @RequestParam(defaultValue = "") String state,
      @RequestParam Optional<Long> before) {
    var filter =
        new Deliveries.DeliveryFilter(
            Optional.of(state).filter(word -> !word.isEmpty()).map(DeliveryPages::state),
            Optional.empty(),
            before.map(OptionalLong::of).orElse(OptionalLong.empty()),
            PAGE + 1);
    var found = deliveries.list(NotificationPages.own(visitor), filter);
    var shown = found.subList(0, Math.min(PAGE, found.size()));
    var model = new HashMap<String, Object>();
    model.put("frame", visitor.frame());
    model.put("receivers", receivers(visitor, NotificationPages.own(visitor)));
    model.put("deliveries", shown);
    model.put("state", state);
    var list = PATH + "?state=" + state;
    model.put(
        "links",
        new PageLinks(
            before.map(_ -> list),
            found.size() > PAGE
                ? Optional.of(list + "&before=" + shown.getLast().id())
                : Optional.empty()));
    model.put("mayResend", visitor.is(Role.APPROVER));
    return parts.pages().page("notify/deliveries", model);
  }

  /// What the receivers that have an id are called: a webhook by where it leads, a browser by its
  /// owner.
  private Map<String, String> receivers(Visitor visitor, TenantId tenant) {
    var names = new HashMap<String, String>();
    settings
        .webhooks()
        .of(tenant)
        .forEach(hook -> names.put(hook.id().value(), hook.url().toString()));
    settings
        .browsers()
        .of(tenant)
        .forEach(
            one ->
                names.put(
                    one.id().value(),
                    "%s (%s)".formatted(visitor.frame().name(one.person()), one.browser())));
    return names;
  }

  private static Deliveries.DeliveryState state(String word) {
    try {
      return Deliveries.DeliveryState.parse(word);
    } catch (IllegalArgumentException e) {
      throw Problem.malformed("state is one of those offered");
    }
  }

  /// Sends again what was selected.
  @PostMapping(PATH + "/resend")
  ResponseEntity<byte[]> resendAll(
      Visitor visitor, @RequestParam(defaultValue = "") List<String> id) {
    var tenant = NotificationPages.changed(visitor);
    var numbers = id.stream().map(DeliveryPages::number).toList();
    if (numbers.isEmpty() || numbers.size() > PAGE) {
      return parts.done(PATH, "delivery.none");
    }
    store
        .transaction()
        .executeWithoutResult(_ -> numbers.forEach(one -> deliveries.resend(tenant, one)));
    return parts.done(PATH, "delivery.again");
  }

  private static long number(String text) {
    if (!text.matches("\\d{1,18}")) {
      throw Problem.notFound();
    }
    return Long.parseLong(text);
  }

  @PostMapping(PATH + "/{d}/resend")
  ResponseEntity<byte[]> resend(Visitor visitor, @PathVariable String d) {
    var tenant = NotificationPages.changed(visitor);
    var number = number(d);
    store.within(() -> deliveries.resend(tenant, number));
    return parts.done(PATH, "delivery.again");
  }
}
