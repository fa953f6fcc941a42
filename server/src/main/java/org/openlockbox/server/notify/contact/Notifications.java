package org.openlockbox.server.notify.contact;

import java.util.List;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;

/// How a tenant wants to be told: its contacts, and whether mail holds a link to the page about
/// what it tells. `version` grows with every change.
public record Notifications(long version, boolean links, List<Contact> contacts) {
  private static final int MOST = 50;

  public Notifications {
    contacts = List.copyOf(contacts);
    if (contacts.size() > MOST) {
      throw new IllegalArgumentException("at most %d contacts".formatted(MOST));
    }
    if (contacts.stream().map(Contact::address).distinct().count() < contacts.size()) {
      throw new IllegalArgumentException("an address may stand in contacts once");
    }
  }

  /// Reads what a tenant wants; the version is the caller's to check.
  public static Notifications parse(Fields json) {
    var read =
        new Notifications(
            0, json.flag("links"), json.objects("contacts").stream().map(Contact::parse).toList());
    json.done();
    return read;
  }

  public Json.Object toJson() {
    return Json.object()
        .put("links", links)
        .put("contacts", contacts.stream().map(Contact::toJson).toList())
        .build();
  }

  /// Strong entity tag.
  public String etag() {
    return "\"notifications." + version + "\"";
  }
}
