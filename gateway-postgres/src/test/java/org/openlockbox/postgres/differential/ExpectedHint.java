package org.openlockbox.postgres.differential;

import java.util.Optional;
import org.openlockbox.postgres.fence.WriteHints;
import org.openlockbox.postgres.relay.RelayHints;
import org.openlockbox.postgres.wire.ErrorFields;

/// The next step that a gateway has to add to an error of the database: none, or exactly this one.
///
/// @param writes what writes of each view have to keep to, at level write
record ExpectedHint(WriteHints writes) {
  private static final String VIEW = "view ";

  /// @param sql the statement that failed, alone
  Optional<String> after(ErrorFields error, String sql) {
    Optional<String> outside = error.checkOf().flatMap(view -> writes.outside(view, sql));
    if (outside.isPresent()) {
      return outside;
    }
    if (error.refusesCopyIntoView()) {
      return Optional.of("PostgreSQL copies into tables only, and here are views: use INSERT.");
    }
    if (error.leavesTheTenant()) {
      return Optional.of(
          "The row would not be this customer's: leave the tenant column out, and point to rows"
              + " that you can read.");
    }
    return error
        .denied()
        .flatMap(
            denied ->
                RelayHints.afterDenial(denied)
                    .or(
                        () ->
                            denied.startsWith(VIEW)
                                ? writes.denied(denied.substring(VIEW.length()), sql)
                                : Optional.empty()));
  }
}
