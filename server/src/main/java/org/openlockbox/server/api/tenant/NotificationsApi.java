package org.openlockbox.server.api.tenant;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.api.ApiCall;
import org.openlockbox.server.api.ApiReply;
import org.openlockbox.server.api.Visibility;
import org.openlockbox.server.identity.Caller;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.notify.NotifySettings;
import org.openlockbox.server.notify.contact.Notifications;
import org.openlockbox.server.notify.message.Topic;
import org.openlockbox.server.notify.outbox.Deliveries;
import org.openlockbox.server.notify.outbox.WebhookId;
import org.openlockbox.server.notify.webhook.Webhooks;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.tenant.Store;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// How a tenant is told what happens, and what became of each thing it was told. The tenant's own
/// people see and change it; the provider does not.
@RestController
public final class NotificationsApi {
  private static final int PAGE = 50;
  private static final int LARGEST_PAGE = 200;

  private final Store store;
  private final Visibility visibility;
  private final NotifySettings settings;
  private final Deliveries deliveries;

  public NotificationsApi(
      Store store, Visibility visibility, NotifySettings settings, Deliveries deliveries) {
    this.store = store;
    this.visibility = visibility;
    this.settings = settings;
    this.deliveries = deliveries;
  }

  private TenantId own(ApiCall call, String t) {
    return visibility.log(call.caller(), t).id();
  }

  /// The tenant, for who may change how it is told.
  private TenantId changed(ApiCall call, String t) {
    need(call.caller());
    return own(call, t);
  }

  private static void need(Caller caller) {
    caller.need(Role.APPROVER, "change how a tenant is told");
  }

  @GetMapping("/v1/tenants/{t}/notifications")
  ResponseEntity<byte[]> show(ApiCall call, @PathVariable String t) {
    return shown(settings.of(own(call, t)));
  }

  private static ResponseEntity<byte[]> shown(Notifications notifications) {
    return ApiReply.ok(notifications.toJson()).tagged(notifications.etag()).send();
  }

  @PutMapping("/v1/tenants/{t}/notifications")
  ResponseEntity<byte[]> change(ApiCall call, @PathVariable String t) {
    var tenant = changed(call, t);
    var wanted = read(() -> Notifications.parse(call.fields("notifications")));
    var tag = call.ifMatch().orElseThrow(Problem::preconditionMissing);
    return shown(store.within(() -> settings.change(tenant, tag, wanted, call.caller().subject())));
  }

  @PostMapping("/v1/tenants/{t}/notifications:test")
  ResponseEntity<byte[]> test(ApiCall call, @PathVariable String t) {
    var tenant = changed(call, t);
    call.nothingSent("test");
    store.transaction().executeWithoutResult(_ -> settings.test(tenant, call.caller().subject()));
    return ApiReply.ok(Json.object().build()).send();
  }

  @GetMapping("/v1/tenants/{t}/webhooks")
  ResponseEntity<byte[]> webhooks(ApiCall call, @PathVariable String t) {
    var webhooks = settings.webhooks().of(own(call, t));
    return ApiReply.ok(
            Json.object()
                .put("webhooks", webhooks.stream().map(webhook -> webhook.toJson()).toList())
                .build())
        .send();
  }

  /// The answer holds the secret, so it is not kept for a retry: whoever lost it removes the
  /// webhook and adds another.
  @PostMapping("/v1/tenants/{t}/webhooks")
  ResponseEntity<byte[]> addWebhook(ApiCall call, @PathVariable String t) {
    var tenant = changed(call, t);
    var body = call.fields("webhook");
    var url = body.value("url", settings.webhooks()::url);
    var topics =
        body.optionalTexts("topics")
            .map(words -> read(() -> Set.copyOf(words.stream().map(Topic::parse).toList())))
            .orElseGet(() -> Set.of(Topic.values()));
    body.done();
    var issued =
        store.within(() -> settings.addWebhook(tenant, url, topics, call.caller().subject()));
    return ApiReply.created(issued(issued)).send();
  }

  private static Json.Object issued(Webhooks.NewWebhook issued) {
    return Json.object()
        .put("webhook", issued.webhook().toJson())
        .put("secret", issued.secret())
        .build();
  }

  private static WebhookId webhook(String w) {
    try {
      return new WebhookId(w);
    } catch (IllegalArgumentException e) {
      throw Problem.notFound();
    }
  }

  @PostMapping("/v1/tenants/{t}/webhooks/{w}:rotate")
  ResponseEntity<byte[]> rotate(ApiCall call, @PathVariable String t, @PathVariable String w) {
    var tenant = changed(call, t);
    call.nothingSent("rotation");
    var by = call.caller().subject();
    return ApiReply.ok(issued(store.within(() -> settings.rotateWebhook(tenant, webhook(w), by))))
        .send();
  }

  @PostMapping("/v1/tenants/{t}/webhooks/{w}:turn")
  ResponseEntity<byte[]> turn(ApiCall call, @PathVariable String t, @PathVariable String w) {
    var tenant = changed(call, t);
    var body = call.fields("webhook");
    boolean on = body.flag("on");
    body.done();
    var by = call.caller().subject();
    return ApiReply.ok(
            store.within(() -> settings.turnWebhook(tenant, webhook(w), on, by)).toJson())
        .send();
  }

  @PostMapping("/v1/tenants/{t}/webhooks/{w}:test")
  ResponseEntity<byte[]> testWebhook(ApiCall call, @PathVariable String t, @PathVariable String w) {
    var tenant = changed(call, t);
    call.nothingSent("test");
    var by = call.caller().subject();
    store.transaction().executeWithoutResult(_ -> settings.testWebhook(tenant, webhook(w), by));
    return ApiReply.ok(Json.object().build()).send();
  }

  @DeleteMapping("/v1/tenants/{t}/webhooks/{w}")
  ResponseEntity<byte[]> removeWebhook(
      ApiCall call, @PathVariable String t, @PathVariable String w) {
    var tenant = changed(call, t);
    var by = call.caller().subject();
    store.transaction().executeWithoutResult(_ -> settings.removeWebhook(tenant, webhook(w), by));
    return ApiReply.ok(Json.object().build()).send();
  }

  @GetMapping("/v1/tenants/{t}/deliveries")
  ResponseEntity<byte[]> deliveries(
      ApiCall call,
      @PathVariable String t,
      @RequestParam Optional<String> state,
      @RequestParam Optional<String> request,
      @RequestParam Optional<Integer> pageSize,
      @RequestParam Optional<Long> before) {
    var tenant = own(call, t);
    int size = Math.clamp(pageSize.orElse(PAGE), 1, LARGEST_PAGE);
    var filter =
        new Deliveries.DeliveryFilter(
            state.map(word -> read(() -> Deliveries.DeliveryState.parse(word))),
            request.map(id -> read(() -> new RequestId(id))),
            before.map(OptionalLong::of).orElse(OptionalLong.empty()),
            size + 1);
    var found = deliveries.list(tenant, filter);
    var shown = found.subList(0, Math.min(size, found.size()));
    var json = Json.object().put("deliveries", shown.stream().map(d -> d.json()).toList());
    if (found.size() > size) {
      json.put("nextBefore", shown.getLast().id());
    }
    return ApiReply.ok(json.build()).send();
  }

  private static <T> T read(Supplier<T> parse) {
    try {
      return parse.get();
    } catch (IllegalArgumentException e) {
      throw Problem.malformed(String.valueOf(e.getMessage()));
    }
  }

  @PostMapping("/v1/tenants/{t}/deliveries/{d}:resend")
  ResponseEntity<byte[]> resend(ApiCall call, @PathVariable String t, @PathVariable String d) {
    var tenant = changed(call, t);
    call.nothingSent("delivery");
    if (!d.matches("\\d{1,18}")) {
      throw Problem.notFound();
    }
    return ApiReply.ok(store.within(() -> deliveries.resend(tenant, Long.parseLong(d))).json())
        .send();
  }
}
