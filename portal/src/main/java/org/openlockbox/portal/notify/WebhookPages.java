package org.openlockbox.portal.notify;

import java.util.HashMap;
import java.util.List;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.portal.edge.FormFaults;
import org.openlockbox.portal.edge.FormResult;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.server.notify.NotifySettings;
import org.openlockbox.server.notify.outbox.WebhookId;
import org.openlockbox.server.notify.webhook.Webhooks;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.tenant.Store;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/// Adds and changes a tenant's webhooks. A secret is in the one page that answers, and nowhere
/// after that.
@Controller
public final class WebhookPages {
  private static final String PATH = NotificationPages.PATH + "/webhooks";

  private final PortalEdge.Parts parts;
  private final Store store;
  private final NotifySettings settings;
  private final NotificationPages notifications;

  public WebhookPages(
      PortalEdge.Parts parts,
      Store store,
      NotifySettings settings,
      NotificationPages notifications) {
    this.parts = parts;
    this.store = store;
    this.settings = settings;
    this.notifications = notifications;
  }

  @PostMapping(PATH)
  ResponseEntity<byte[]> add(
      Visitor visitor,
      @RequestParam(defaultValue = "") String url,
      @RequestParam(defaultValue = "") List<String> topic) {
    var tenant = NotificationPages.changed(visitor);
    var by = visitor.person().subject();
    var form = new WebhookForm(url, topic, FormFaults.NONE);
    return switch (form.read(settings.webhooks())) {
      case FormResult.Usable(var wanted) ->
          secret(
              visitor,
              store.within(() -> settings.addWebhook(tenant, wanted.url(), wanted.topics(), by)));
      case FormResult.Faulty(var faults) -> notifications.show(422, visitor, form.with(faults));
    };
  }

  private ResponseEntity<byte[]> secret(Visitor visitor, Webhooks.NewWebhook issued) {
    var model = new HashMap<String, Object>();
    model.put("frame", visitor.frame());
    model.put("webhook", issued.webhook());
    model.put("secret", issued.secret());
    return parts.pages().page("notify/secret", model);
  }

  @PostMapping(PATH + "/{w}")
  ResponseEntity<byte[]> change(
      Visitor visitor, @PathVariable String w, @RequestParam("do") String action) {
    var tenant = NotificationPages.changed(visitor);
    var id = id(w);
    if (action.equals("rotate")) {
      var by = visitor.person().subject();
      return secret(visitor, store.within(() -> settings.rotateWebhook(tenant, id, by)));
    }
    store.transaction().executeWithoutResult(_ -> change(visitor, tenant, id, action));
    return parts.done(
        action.equals("test") ? DeliveryPages.PATH : NotificationPages.PATH, "webhook." + action);
  }

  private void change(Visitor visitor, TenantId tenant, WebhookId id, String action) {
    var by = visitor.person().subject();
    switch (action) {
      case "on" -> settings.turnWebhook(tenant, id, true, by);
      case "off" -> settings.turnWebhook(tenant, id, false, by);
      case "test" -> settings.testWebhook(tenant, id, by);
      case "remove" -> settings.removeWebhook(tenant, id, by);
      default -> throw Problem.malformed("this does nothing with a webhook");
    }
  }

  private static WebhookId id(String text) {
    try {
      return new WebhookId(text);
    } catch (IllegalArgumentException e) {
      throw Problem.notFound();
    }
  }
}
