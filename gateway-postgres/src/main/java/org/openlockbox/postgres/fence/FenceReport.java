package org.openlockbox.postgres.fence;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.openlockbox.postgres.catalogue.ResourceSpec;
import org.openlockbox.postgres.catalogue.ServerVersion;

/// What one check of a fence found, and what writes through its views have to keep to.
public record FenceReport(
    ResourceSpec resource,
    ServerVersion server,
    List<Deviation> found,
    Optional<FenceSuspension> suspension,
    WriteHints hints) {
  public FenceReport {
    found = List.copyOf(found);
  }

  /// Those for which no session may open; empty means that the fence stands.
  public List<Deviation> deviations() {
    return found.stream().filter(Deviation::refusesSessions).toList();
  }

  /// The first of those for which open sessions end.
  public Optional<Deviation> drift() {
    return found.stream().filter(Deviation::endsSessions).findFirst();
  }

  public boolean stands() {
    return deviations().isEmpty();
  }

  /// The text that `lockbox resource check` prints.
  public String text() {
    String head =
        "%s (%s) on PostgreSQL %s: "
            .formatted(resource.id(), resource.address().database(), server);
    int count = deviations().size();
    String verdict =
        count == 0
            ? "the fence stands.\n"
            : "%d %s; no session opens until %s gone.\n"
                .formatted(
                    count,
                    count == 1 ? "deviation" : "deviations",
                    count == 1 ? "it is" : "they are");
    return head + verdict + found.stream().map(Deviation::text).collect(Collectors.joining());
  }
}
