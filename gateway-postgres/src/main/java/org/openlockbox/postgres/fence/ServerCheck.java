package org.openlockbox.postgres.fence;

import java.util.List;
import java.util.Optional;
import org.openlockbox.postgres.catalogue.ResourceSpec;
import org.openlockbox.postgres.catalogue.ServerVersion;

/// Whether the server is new enough for the fence to hold. The floor may be lowered in the
/// catalogue, which is then said at every check.
final class ServerCheck {
  private ServerCheck() {}

  static List<Deviation> of(ResourceSpec spec, ServerVersion server) {
    Optional<ServerVersion> floor = server.floor();
    if (floor.isEmpty()) {
      return List.of(tooOld(server));
    }
    if (server.compareTo(floor.get()) >= 0) {
      return List.of();
    }
    boolean lowered =
        spec.address()
            .loweredFloor()
            .filter(own -> own.major() == server.major() && server.compareTo(own) >= 0)
            .isPresent();
    String sentence =
        "The server runs PostgreSQL %s; releases before %s have known holes in the rights the fence rests on."
            .formatted(server, floor.get());
    return List.of(
        lowered
            ? Deviation.warning(
                "server-below-floor",
                server.toString(),
                sentence
                    + " resources.yaml accepts it (postgres.minimumVersion "
                    + spec.address().loweredFloor().orElseThrow()
                    + ").",
                "upgrade to " + floor.get() + " and remove postgres.minimumVersion.")
            : Deviation.refuses(
                "server-too-old",
                server.toString(),
                sentence,
                "upgrade to "
                    + floor.get()
                    + " or newer; postgres.minimumVersion in resources.yaml lowers the floor."));
  }

  /// A standby repeats what the primary did, sometimes late, and makes no roles.
  static Deviation standby(ResourceSpec spec) {
    return Deviation.refuses(
        "standby",
        spec.address().database(),
        "This server is a standby: it opens no session, and may not know yet what ended on the primary.",
        "point 'postgres' in resources.yaml at the primary. The fence shows no row on a standby;"
            + " let only those roles reach it that need to.");
  }

  static Deviation tooOld(ServerVersion server) {
    return Deviation.refuses(
        "server-too-old",
        server.toString(),
        "PostgreSQL " + server.major() + " gets no more repairs; the fence cannot rest on it.",
        "upgrade to PostgreSQL 15.20, 16.16, 17.12, 18.7 or newer.");
  }
}
