package org.openlockbox.portal.edge;

import java.time.ZoneId;
import org.openlockbox.server.identity.Caller;
import org.openlockbox.server.identity.Person;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.identity.Secret;

/// The signed-in person in front of a page.
public record Visitor(Person person, ZoneId zone, Secret secret, PageContext frame) {
  public Caller caller() {
    return person.caller();
  }

  public boolean is(Role role) {
    return person.roles().contains(role);
  }
}
