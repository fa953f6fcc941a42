package org.openlockbox.gateway.fence;

import java.util.Locale;

/// A right that PUBLIC, and so every session role, holds although the fence needs it not to.
record PublicRight(String kind, String name, String privilege) {
  String grantTo(String role) {
    return "grant " + privilege.toLowerCase(Locale.ROOT) + on() + " to " + role + ";";
  }

  String revokeFromPublic() {
    return "revoke " + privilege.toLowerCase(Locale.ROOT) + on() + " from public;";
  }

  private String on() {
    return " on " + kind + " " + name;
  }
}
