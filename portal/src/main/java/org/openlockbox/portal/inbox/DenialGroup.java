package org.openlockbox.portal.inbox;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.openlockbox.server.request.StoredRequest;

/// Waiting requests that belong together: those of one engineer (`engineer`), or those for one
/// ticket (`ticket`). `value` is the id of the engineer, or the ticket.
public record DenialGroup(String kind, String value, String name, int size) {
  private static final int FEWEST = 2;

  /// The query by which they are chosen, as it stands in an address.
  public String query() {
    return "?" + kind + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  boolean has(StoredRequest stored) {
    return (kind.equals("engineer") ? engineer(stored) : ticket(stored)).equals(value);
  }

  /// Whether an address with these fields chooses this group.
  boolean isAskedFor(Map<String, String> fields) {
    return value.equals(fields.get(kind));
  }

  /// Those of the requests that an address with these fields chooses; all, if it names no group.
  static List<StoredRequest> chosen(List<StoredRequest> requests, Map<String, String> fields) {
    var engineer = Optional.ofNullable(fields.get("engineer"));
    var ticket = Optional.ofNullable(fields.get("ticket"));
    return requests.stream()
        .filter(one -> engineer.isEmpty() || engineer.get().equals(engineer(one)))
        .filter(one -> ticket.isEmpty() || ticket.get().equals(ticket(one)))
        .toList();
  }

  static List<DenialGroup> of(List<StoredRequest> requests) {
    var groups = new ArrayList<>(groups("engineer", requests, DenialGroup::engineer));
    groups.addAll(groups("ticket", requests, DenialGroup::ticket));
    return groups;
  }

  private static String engineer(StoredRequest stored) {
    return stored.submission().engineer().id().value();
  }

  private static String ticket(StoredRequest stored) {
    return stored.submission().ticket();
  }

  private static List<DenialGroup> groups(
      String kind, List<StoredRequest> requests, Function<StoredRequest, String> by) {
    var found = new LinkedHashMap<String, List<StoredRequest>>();
    requests.forEach(one -> found.computeIfAbsent(by.apply(one), _ -> new ArrayList<>()).add(one));
    return found.entrySet().stream()
        .filter(group -> !group.getKey().isEmpty() && group.getValue().size() >= FEWEST)
        .map(
            group ->
                new DenialGroup(
                    kind,
                    group.getKey(),
                    kind.equals("engineer")
                        ? group.getValue().getFirst().engineer()
                        : group.getKey(),
                    group.getValue().size()))
        .toList();
  }
}
