package org.openlockbox.portal.notify;

import java.util.HashMap;
import java.util.Optional;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.portal.edge.FormFaults;
import org.openlockbox.portal.edge.FormResult;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.server.identity.People;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.notify.NotifySettings;
import org.openlockbox.server.notify.contact.Notifications;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.tenant.Store;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/// Whom a tenant wants to be told, and how. The tenant's own people see it, its approvers change
/// it, and whoever is told before or after a change gets a mail about it.
@Controller
public final class NotificationPages {
  static final String PATH = "/notifications";

  private final PortalEdge.Parts parts;
  private final Store store;
  private final NotifySettings settings;
  private final People people;

  public NotificationPages(
      PortalEdge.Parts parts, Store store, NotifySettings settings, People people) {
    this.parts = parts;
    this.store = store;
    this.settings = settings;
    this.people = people;
  }

  /// The tenant of whoever looks.
  static TenantId own(Visitor visitor) {
    return visitor.caller().tenant().orElseThrow(Problem::notFound);
  }

  /// The tenant, for who may change how it is told.
  static TenantId changed(Visitor visitor) {
    var tenant = own(visitor);
    visitor.caller().need(Role.APPROVER, "change how a tenant is told");
    return tenant;
  }

  @GetMapping(PATH)
  ResponseEntity<byte[]> show(Visitor visitor) {
    return show(200, visitor, WebhookForm.BLANK);
  }

  /// The page with a webhook as it was typed.
  ResponseEntity<byte[]> show(int status, Visitor visitor, WebhookForm typed) {
    var tenant = own(visitor);
    var now = settings.of(tenant);
    var model = new HashMap<String, Object>();
    model.put("frame", visitor.frame());
    model.put("notifications", now);
    model.put("webhooks", settings.webhooks().of(tenant));
    model.put("mayChange", visitor.is(Role.APPROVER));
    var browsers = settings.browsers();
    model.put("browsers", browsers.of(tenant, visitor.person().subject()));
    model.put(
        "pushKey", PushPages.may(visitor) ? Optional.of(browsers.publicKey()) : Optional.empty());
    model.put("typed", typed);
    return parts.pages().page(status, "notify/notifications", model);
  }

  /// Switches links in mail on or off.
  @PostMapping(PATH + "/links")
  ResponseEntity<byte[]> links(
      Visitor visitor,
      @RequestParam String tag,
      @RequestParam(defaultValue = "true") boolean links) {
    var tenant = changed(visitor);
    var now = settings.of(tenant);
    return change(
        visitor,
        tenant,
        tag,
        new Notifications(now.version(), links, now.contacts()),
        links ? "links.on" : "links.off");
  }

  private ResponseEntity<byte[]> change(
      Visitor visitor, TenantId tenant, String tag, Notifications wanted, String done) {
    var by = visitor.person().subject();
    store.within(() -> settings.change(tenant, tag, wanted, by));
    return parts.done(PATH, done);
  }

  /// Sends a mail that asks nothing to every contact.
  @PostMapping(PATH + "/test")
  ResponseEntity<byte[]> test(Visitor visitor) {
    var tenant = changed(visitor);
    store
        .transaction()
        .executeWithoutResult(_ -> settings.test(tenant, visitor.person().subject()));
    return parts.done(DeliveryPages.PATH, "mail.tested");
  }

  /// The form of one contact; empty for a new one.
  @GetMapping(PATH + "/contact")
  ResponseEntity<byte[]> contact(Visitor visitor, @RequestParam(defaultValue = "") String address) {
    var now = settings.of(changed(visitor));
    var form =
        now.contacts().stream()
            .filter(contact -> contact.address().equals(address))
            .findFirst()
            .map(ContactForm::of)
            .orElseGet(() -> ContactForm.blank(visitor.zone()));
    return form(200, visitor, now.etag(), form, FormFaults.NONE);
  }

  private ResponseEntity<byte[]> form(
      int status, Visitor visitor, String tag, ContactForm form, FormFaults faults) {
    var model = new HashMap<String, Object>();
    model.put("frame", visitor.frame());
    model.put("tag", tag);
    model.put("form", form);
    model.put("faults", faults);
    model.put("people", people.of(visitor.caller().tenant()));
    return parts.pages().page(status, "notify/contact", model);
  }

  /// Adds a contact, or puts it in the place of the one that `was` names, or removes that one.
  @PostMapping(PATH + "/contact")
  ResponseEntity<byte[]> save(
      Visitor visitor,
      @RequestParam String tag,
      @RequestParam MultiValueMap<String, String> fields) {
    var tenant = changed(visitor);
    var form = new ContactForm(fields);
    return switch (form.read(settings.of(tenant))) {
      case FormResult.Usable(var wanted) ->
          change(
              visitor,
              tenant,
              tag,
              wanted,
              "contact." + (form.has("do", "remove") ? "removed" : "saved"));
      case FormResult.Faulty(var faults) -> form(422, visitor, tag, form, new FormFaults(faults));
    };
  }
}
