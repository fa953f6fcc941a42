package org.openlockbox.gateway.fence;

import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

/// What `lockbox resource plan` and `lockbox resource check` do, without the command line around
/// them.
///
/// Neither changes anything in the database.
public final class ResourceCommands {
  private ResourceCommands() {}

  /// `text` is for standard output and `remarks` for standard error; `good` decides the exit code.
  public record Answer(boolean good, String text, String remarks) {}

  /// The SQL of the fence. Any login that may connect will do: it only reads catalogs, and before
  /// the first plan the gateway's own role does not exist yet.
  public static Answer plan(ResourceSpec spec, AdminConnections connections) throws SQLException {
    try (var connection = connections.dial()) {
      return switch (FencePlan.of(spec, DatabaseSchema.read(connection, spec))) {
        case FencePlan.Ready ready ->
            new Answer(true, ready.sql(), lines("Look at these too:", ready.remarks()));
        case FencePlan.Refused refused ->
            new Answer(false, "", lines("No plan can be written:", refused.why()));
      };
    }
  }

  /// Whether the fence stands, as the gateway would see it.
  public static Answer check(ResourceSpec spec, AdminConnections connections) throws SQLException {
    try (var connection = connections.dial()) {
      var report = FenceCheck.report(connection, spec);
      return new Answer(report.stands(), report.text(), "");
    }
  }

  private static String lines(String head, List<Deviation> deviations) {
    return deviations.isEmpty()
        ? ""
        : deviations.stream()
            .map(deviation -> "  " + deviation + "\n")
            .collect(Collectors.joining("", head + "\n", ""));
  }
}
