package org.openlockbox.postgres.schema;

import java.util.Locale;
import org.openlockbox.postgres.catalogue.SqlQuoting;

/// A right that PUBLIC, and so every session role, holds although the fence needs it not to.
/// `holder` is the role that keeps it for those who had it through PUBLIC.
public record PublicRight(String kind, String name, String privilege, String holder) {
  public String grantToHolder() {
    return "grant " + privilege.toLowerCase(Locale.ROOT) + on() + " to " + holder + ";";
  }

  public String revokeFromPublic() {
    return "revoke " + privilege.toLowerCase(Locale.ROOT) + on() + " from public;";
  }

  /// As a row of `lb.public_right`.
  public String row() {
    return "(%s, %s, %s, %s)"
        .formatted(
            SqlQuoting.text(kind),
            SqlQuoting.text(name),
            SqlQuoting.text(privilege.toLowerCase(Locale.ROOT)),
            SqlQuoting.text(holder));
  }

  private String on() {
    return " on " + kind + " " + name;
  }
}
