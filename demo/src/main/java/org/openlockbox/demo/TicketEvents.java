package org.openlockbox.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;

/// Tells of one tenant's new tickets as server-sent events, until its reader goes.
final class TicketEvents {
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);

  private TicketEvents() {}

  static void tell(HttpExchange exchange, Connection connection, String tenant)
      throws IOException, SQLException {
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      long last = newest(connection, tenant);
      write(out, ": tickets after " + last + "\n\n");
      while (true) {
        last = tellAfter(last, connection, tenant, out);
        Thread.sleep(LOOK_EVERY);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the demo ends
    }
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(UTF_8));
    out.flush();
  }

  private static long newest(Connection connection, String tenant) throws SQLException {
    try (var select =
        connection.prepareStatement(
            """
            select coalesce(max(t.id), 0) from tickets t
              join tenants o on o.id = t.tenant_id
             where o.slug = ?
            """)) {
      select.setString(1, tenant);
      try (var rows = select.executeQuery()) {
        rows.next();
        return rows.getLong(1);
      }
    }
  }

  private static long tellAfter(long last, Connection connection, String tenant, OutputStream out)
      throws IOException, SQLException {
    long newest = last;
    try (var select =
        connection.prepareStatement(
            """
            select t.id, t.subject, t.status from tickets t
              join tenants o on o.id = t.tenant_id
             where o.slug = ? and t.id > ?
             order by t.id limit 20
            """)) {
      select.setString(1, tenant);
      select.setLong(2, last);
      try (var rows = select.executeQuery()) {
        while (rows.next()) {
          newest = rows.getLong("id");
          Json ticket =
              Json.object()
                  .put("id", newest)
                  .put("subject", rows.getString("subject"))
                  .put("status", rows.getString("status"))
                  .build();
          write(
              out,
              "id: %d\nevent: ticket\ndata: %s\n\n".formatted(newest, CanonicalJson.text(ticket)));
        }
      }
    }
    return newest;
  }
}
