package org.openlockbox.portal.notify;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.portal.edge.FormFaults.FieldFault;
import org.openlockbox.portal.edge.FormResult;
import org.openlockbox.server.identity.MailAddress;
import org.openlockbox.server.notify.contact.Audience;
import org.openlockbox.server.notify.contact.Contact;
import org.openlockbox.server.notify.contact.Notifications;

/// A contact as the fields of a form, as they were sent. `was` is the address of the contact that
/// it takes the place of; empty for a new one.
public record ContactForm(Map<String, List<String>> fields) {
  static ContactForm blank(ZoneId zone) {
    var usual = Audience.APPROVERS;
    return new ContactForm(
        Map.of(
            "audience", List.of(usual.word()),
            "topic", usual.usualTopics().stream().map(topic -> topic.word()).toList(),
            "zone", List.of(Contact.zoneName(zone))));
  }

  static ContactForm of(Contact contact) {
    var fields = new TreeMap<String, List<String>>();
    fields.put("was", List.of(contact.address()));
    fields.put("address", List.of(contact.address()));
    fields.put("audience", List.of(contact.audience().word()));
    fields.put("topic", contact.topics().stream().map(topic -> topic.word()).toList());
    fields.put("zone", List.of(Contact.zoneName(contact.zone())));
    contact
        .quiet()
        .ifPresent(
            quiet -> {
              fields.put("from", List.of(quiet.from().toString()));
              fields.put("until", List.of(quiet.until().toString()));
            });
    return new ContactForm(fields);
  }

  private List<String> values(String name) {
    return fields.getOrDefault(name, List.of());
  }

  public String value(String name) {
    return values(name).stream().findFirst().orElse("").strip();
  }

  public boolean has(String name, String value) {
    return values(name).contains(value);
  }

  /// All that the tenant wants once this is saved, or what is wrong beside each field.
  FormResult<Notifications, FieldFault> read(Notifications now) {
    var faults = has("do", "remove") ? List.<FieldFault>of() : faults(now);
    return faults.isEmpty() ? whole(now) : new FormResult.Faulty<>(faults);
  }

  private List<FieldFault> faults(Notifications now) {
    var faults = new ArrayList<FieldFault>();
    if (!MailAddress.isMailable(value("address"))) {
      faults.add(new FieldFault("address", "signin.address.malformed"));
    } else if (isOfAnother(now)) {
      faults.add(new FieldFault("address", "notify.fault.twice"));
    }
    if (!Contact.isZone(value("zone"))) {
      faults.add(new FieldFault("zone", "settings.zone.fault"));
    }
    if (!isQuiet(value("from"), value("until"))) {
      faults.add(new FieldFault("from", "notify.fault.quiet"));
    }
    return faults;
  }

  private boolean isOfAnother(Notifications now) {
    return now.contacts().stream()
        .map(Contact::address)
        .filter(address -> !address.equals(value("was")))
        .anyMatch(value("address")::equals);
  }

  /// Both fields are empty, or both are times and differ.
  private static boolean isQuiet(String from, String until) {
    boolean differ = Contact.isTime(from) && Contact.isTime(until) && !from.equals(until);
    return differ || (from.isEmpty() && until.isEmpty());
  }

  private FormResult<Notifications, FieldFault> whole(Notifications now) {
    try {
      var contacts = new ArrayList<>(now.contacts());
      contacts.removeIf(contact -> contact.address().equals(value("was")));
      if (!has("do", "remove")) {
        contacts.add(Contact.parse(Fields.of(json(), "contact")));
      }
      return new FormResult.Usable<>(new Notifications(now.version(), now.links(), contacts));
    } catch (MalformedJson | IllegalArgumentException e) {
      return FormResult.Faulty.because(new FieldFault("address", "notify.fault.contact"));
    }
  }

  private Json json() {
    var json =
        Json.object()
            .put("address", value("address"))
            .put("audience", value("audience"))
            .putTexts("topics", values("topic"))
            .put("zone", value("zone"));
    if (!value("from").isEmpty() || !value("until").isEmpty()) {
      json.put(
          "quiet", Json.object().put("from", value("from")).put("until", value("until")).build());
    }
    return json.build();
  }
}
