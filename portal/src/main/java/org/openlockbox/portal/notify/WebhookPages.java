package org.openlockbox.portal.notify;

import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.server.notify.NotifySettings;
import org.openlockbox.server.notify.message.Topic;
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

  public WebhookPages(PortalEdge.Parts parts, Store store, NotifySettings settings) {
    this.parts = parts;
    this.store = store;
    this.settings = settings;
  }

  /// What cannot be the address of a webhook is refused by the same check as in the API.
  @PostMapping(PATH)
  ResponseEntity<byte[]> add(
      Visitor visitor,
      @RequestParam String url,
      @RequestParam(defaultValue = "") List<String> topic) {
    var tenant = NotificationPages.changed(visitor);
    var by = visitor.person().subject();
    try {
      var address = settings.webhooks().url(url.strip());
      var topics = topics(topic);
      return secret(visitor, store.within(() -> settings.addWebhook(tenant, address, topics, by)));
    } catch (IllegalArgumentException e) {
      throw Problem.refused("webhook", String.valueOf(e.getMessage()));
    }
  }

  private static Set<Topic> topics(List<String> words) {
    if (words.isEmpty()) {
      throw new IllegalArgumentException("a webhook is told of at least one topic");
    }
    return words.stream().map(Topic::parse).collect(Collectors.toSet());
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
