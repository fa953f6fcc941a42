package org.openlockbox.postgres.schema;

import java.util.Locale;
import org.openlockbox.postgres.catalogue.SqlQuoting;

/// A right that PUBLIC, and so every session role, holds although the fence needs it not to.
/// `holder` is the role that keeps it for those who had it through PUBLIC.
public record PublicRight(String kind, String name, String privilege, String holder) {
  public String grantToHolder() {
    return "grant " + right() + on() + " to " + holder + ";";
  }

  public String revokeFromPublic() {
    return "revoke " + right() + on() + " from public;";
  }

  /// As a row of `lb.public_right`.
  public String row() {
    return "(%s, %s, %s, %s)"
        .formatted(
            SqlQuoting.text(kind),
            SqlQuoting.text(name),
            SqlQuoting.text(right()),
            SqlQuoting.text(holder));
  }

  /// In small letters up to the columns that it may be for.
  private String right() {
    int columns = privilege.indexOf('(');
    return columns < 0
        ? privilege.toLowerCase(Locale.ROOT)
        : privilege.substring(0, columns).toLowerCase(Locale.ROOT) + privilege.substring(columns);
  }

  private String on() {
    return " on " + kind + " " + name;
  }
}
