package org.openlockbox.bench.fence;

import java.io.IOException;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.openlockbox.bench.log.Workplace;
import org.openlockbox.postgres.catalogue.ResourceSpec.Filter;

/// What the fence costs a query: the same question to the tables, with the tenant in it, and to the
/// views, one after the other with a user that no question named before. Nothing is prepared, so
/// planning counts. No gateway lies between.
public final class FenceBench {
  private final int tenants;
  private final long users;
  private final int rounds;
  private final List<Filter> filters;
  private final PrintStream out;
  private final Random random = new Random(1);

  public FenceBench(int tenants, long users, int rounds, List<Filter> filters, PrintStream out) {
    this.tenants = tenants;
    this.users = users;
    this.rounds = rounds;
    this.filters = List.copyOf(filters);
    this.out = out;
  }

  public void run() throws IOException, SQLException {
    try (var directory = new Workplace();
        var realms = FencedRealms.start(directory.path(), tenants, users)) {
      for (Filter filter : filters) {
        out.printf(
            "%n%,d users of %,d tenants, filter: %s, median of %d, ms%n%n",
            users, tenants, filter.word(), rounds);
        out.println("| query | direct | read | to direct | masked | to direct |");
        out.println("|---|---|---|---|---|---|");
        try (var sessions = realms.fence(filter)) {
          for (RealmQuery query : RealmQuery.values()) {
            row(query, sessions);
          }
        }
      }
    }
  }

  private void row(RealmQuery query, RealmSessions sessions) throws SQLException {
    var direct = new ArrayList<Double>();
    var read = new ArrayList<Double>();
    var masked = new ArrayList<Double>();
    for (int round = -2; round < rounds; round++) {
      long user = random.nextLong(users / tenants) * tenants;
      double asked = millis(sessions.direct(), query.direct("realm0", user));
      double reading = millis(sessions.read(), query.fenced(user));
      double masking = millis(sessions.masked(), query.fenced(user));
      if (round >= 0) {
        direct.add(asked);
        read.add(reading);
        masked.add(masking);
      }
    }
    double base = median(direct);
    out.printf(
        "| %s | %.1f | %.1f | %.1f | %.1f | %.1f |%n",
        query.title(),
        base,
        median(read),
        median(read) / base,
        median(masked),
        median(masked) / base);
  }

  private static double millis(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      long begin = System.nanoTime();
      try (var rows = statement.executeQuery(sql)) {
        while (rows.next()) {
          rows.getString(1);
        }
      }
      return (System.nanoTime() - begin) / 1e6;
    }
  }

  private static double median(List<Double> millis) {
    Collections.sort(millis);
    return millis.get(millis.size() / 2);
  }
}
