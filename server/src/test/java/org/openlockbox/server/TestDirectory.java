package org.openlockbox.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The provider's directory of people, as tests write it.
public final class TestDirectory {
  private TestDirectory() {}

  /// Writes somebody down; what is left out is not known. An agent is answered for by `rob`, who
  /// has to be there.
  public static void write(TestServer server, String subject, Map<String, String> facts) {
    var columns = new TreeMap<>(facts);
    if ("agent".equals(facts.get("kind"))) {
      columns.put("responsible", "rob");
    }
    var values = new ArrayList<String>();
    for (var column : List.of("country", "employer", "kind", "responsible")) {
      values.add(columns.containsKey(column) ? "'" + columns.get(column) + "'" : "null");
    }
    server.execute(
        """
        insert into person (subject, address, name, roles, created_at,
                            country, employer, kind, responsible)
        values ('%1$s', '%1$s@vendor.example', '%1$s', '{engineer}', now(), %2$s)
        on conflict on constraint person_subject_unique do update
           set (country, employer, kind, responsible) = (%2$s)
        """
            .formatted(subject, String.join(", ", values)));
  }
}
