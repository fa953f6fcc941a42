package org.openlockbox.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.demo.postgres.EmbeddedCluster;
import org.openlockbox.node.process.Ports;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The helpdesk's own API over its database. It answers no request without an assertion of the
/// gateway that is for this request and for the tenant of its path ([LockboxAssertion]).
final class HelpdeskApi implements AutoCloseable {
  private static final Pattern TICKETS = Pattern.compile("/v1/tenants/([a-z0-9-]+)/tickets");
  private static final Pattern TICKET = Pattern.compile(TICKETS + "/([0-9]{1,15})");
  private static final Pattern EVENTS = Pattern.compile("/v1/tenants/([a-z0-9-]+)/ticket-events");
  private static final Pattern CONSOLE = Pattern.compile("/console/([a-z0-9-]+)");
  private static final Pattern STATUS = Pattern.compile("status=([a-z_]+)");
  private static final Set<String> STATUSES = Set.of("new", "open", "waiting", "solved", "closed");
  private static final int MOST = 64 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(HelpdeskApi.class);

  private final HttpServer server;
  private final ExecutorService threads;
  private final LockboxAssertion assertions;
  private final EmbeddedCluster cluster;
  private final String database;

  private HelpdeskApi(
      HttpServer server,
      ExecutorService threads,
      LockboxAssertion assertions,
      EmbeddedCluster cluster,
      String database) {
    this.server = server;
    this.threads = threads;
    this.assertions = assertions;
    this.cluster = cluster;
    this.database = database;
  }

  static HelpdeskApi start(
      int port, LockboxAssertion assertions, EmbeddedCluster cluster, String database)
      throws IOException {
    Ports.check(port, "the helpdesk's API");
    var threads = Executors.newVirtualThreadPerTaskExecutor();
    var server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    var api = new HelpdeskApi(server, threads, assertions, cluster, database);
    server.setExecutor(threads);
    server.createContext("/", api::handle);
    server.start();
    return api;
  }

  private record HelpdeskReply(int status, Json body) {
    static HelpdeskReply problem(int status, String detail) {
      return new HelpdeskReply(
          status, Json.object().put("status", status).put("detail", detail).build());
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Optional<LockboxAssertion.AssertedEngineer> caller = caller(exchange);
      if (isOwn(EVENTS, exchange, caller)) {
        tellEvents(exchange, caller.orElseThrow().tenant());
      } else if (isOwn(CONSOLE, exchange, caller)) {
        console(exchange);
      } else {
        reply(
            exchange,
            caller
                .map(it -> answer(exchange, it))
                .orElseGet(
                    () -> HelpdeskReply.problem(401, "this needs an assertion of the gateway")));
      }
    }
  }

  private static boolean isOwn(
      Pattern path, HttpExchange exchange, Optional<LockboxAssertion.AssertedEngineer> caller) {
    Matcher asked = path.matcher(exchange.getRequestURI().getPath());
    return exchange.getRequestMethod().equals("GET")
        && asked.matches()
        && caller.filter(it -> asked.group(1).equals(it.tenant())).isPresent();
  }

  /// A page that asks this API for all that it shows.
  private static void console(HttpExchange exchange) throws IOException {
    try (InputStream page = HelpdeskApi.class.getResourceAsStream("/demo/console.html")) {
      byte[] body = Objects.requireNonNull(page, "the console's page").readAllBytes();
      exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private void tellEvents(HttpExchange exchange, String tenant) throws IOException {
    try (Connection connection = connect()) {
      TicketEvents.tell(exchange, connection, tenant);
    } catch (SQLException e) {
      throw new IOException("the database does not answer", e);
    }
  }

  private static void reply(HttpExchange exchange, HelpdeskReply answer) throws IOException {
    byte[] body = CanonicalJson.bytes(answer.body());
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(answer.status(), body.length);
    exchange.getResponseBody().write(body);
  }

  private Optional<LockboxAssertion.AssertedEngineer> caller(HttpExchange exchange) {
    return Optional.ofNullable(exchange.getRequestHeaders().getFirst("X-Lockbox-Assertion"))
        .flatMap(
            assertion ->
                assertions.verify(
                    assertion, exchange.getRequestMethod(), exchange.getRequestURI().getRawPath()));
  }

  /// What is noted of a request leads to its entry in the customer's log.
  private HelpdeskReply answer(HttpExchange exchange, LockboxAssertion.AssertedEngineer caller) {
    String path = exchange.getRequestURI().getPath();
    Matcher one = TICKET.matcher(path);
    Matcher all = TICKETS.matcher(path);
    boolean own =
        (all.matches() && all.group(1).equals(caller.tenant()))
            || (one.matches() && one.group(1).equals(caller.tenant()));
    if (!own) {
      return HelpdeskReply.problem(404, "no such path");
    }
    LOG.info(
        "{} {} by {}: {} {} operation {}",
        exchange.getRequestMethod(),
        path,
        caller.engineer(),
        caller.request(),
        caller.session(),
        caller.number());
    try (Connection connection = connect()) {
      if (all.matches() && exchange.getRequestMethod().equals("GET")) {
        return list(connection, all.group(1), exchange.getRequestURI().getQuery());
      }
      if (one.matches()) {
        long id = Long.parseLong(one.group(2));
        return switch (exchange.getRequestMethod()) {
          case "GET" -> show(connection, one.group(1), id);
          case "PATCH" -> change(connection, one.group(1), id, body(exchange));
          default -> HelpdeskReply.problem(405, "GET or PATCH");
        };
      }
      return HelpdeskReply.problem(405, "GET");
    } catch (IOException e) {
      return HelpdeskReply.problem(400, "the body did not come");
    } catch (SQLException e) {
      return HelpdeskReply.problem(500, "the database does not answer");
    } catch (MalformedJson e) {
      return HelpdeskReply.problem(400, "the body must be {\"status\": ...}");
    }
  }

  private static byte[] body(HttpExchange exchange) throws IOException {
    return exchange.getRequestBody().readNBytes(MOST);
  }

  /// As the application's own role, which sees all tenants.
  private Connection connect() throws SQLException {
    var connection =
        DriverManager.getConnection(
            cluster.jdbcUrl(database), cluster.superuser(), cluster.password());
    try (var statement = connection.createStatement()) {
      statement.execute("set role helpdesk_app; set search_path = helpdesk");
    }
    return connection;
  }

  private static HelpdeskReply list(Connection connection, String tenant, @Nullable String query)
      throws SQLException {
    Matcher status = STATUS.matcher(query == null ? "" : query);
    String wanted = status.matches() ? status.group(1) : "";
    try (var select =
        connection.prepareStatement(
            """
            select t.id, t.subject, t.status, t.priority, t.opened_at, o.slug, c.full_name, c.email
              from tickets t
              join tenants o on o.id = t.tenant_id
              join customers c on c.id = t.customer_id
             where o.slug = ? and (? = '' or t.status::text = ?)
             order by t.id limit 20
            """)) {
      select.setString(1, tenant);
      select.setString(2, wanted);
      select.setString(3, wanted);
      List<Json.Object> tickets = new ArrayList<>();
      try (var rows = select.executeQuery()) {
        while (rows.next()) {
          tickets.add(ticket(rows));
        }
      }
      return new HelpdeskReply(200, Json.object().put("tickets", tickets).build());
    }
  }

  private static HelpdeskReply show(Connection connection, String tenant, long id)
      throws SQLException {
    try (var select =
        connection.prepareStatement(
            """
            select t.id, t.subject, t.status, t.priority, t.opened_at, o.slug, c.full_name, c.email
              from tickets t
              join tenants o on o.id = t.tenant_id
              join customers c on c.id = t.customer_id
             where o.slug = ? and t.id = ?
            """)) {
      select.setString(1, tenant);
      select.setLong(2, id);
      try (var rows = select.executeQuery()) {
        return rows.next()
            ? new HelpdeskReply(200, ticket(rows))
            : HelpdeskReply.problem(404, "no such ticket");
      }
    }
  }

  private static HelpdeskReply change(Connection connection, String tenant, long id, byte[] body)
      throws SQLException {
    var fields = Fields.of(Json.read(body), "body");
    String status = fields.text("status");
    fields.done();
    if (!STATUSES.contains(status)) {
      return HelpdeskReply.problem(400, "status is one of " + STATUSES);
    }
    try (var update =
        connection.prepareStatement(
            """
            update tickets t set status = ?::ticket_status
              from tenants o
             where o.id = t.tenant_id and o.slug = ? and t.id = ?
            """)) {
      update.setString(1, status);
      update.setString(2, tenant);
      update.setLong(3, id);
      return update.executeUpdate() == 1
          ? show(connection, tenant, id)
          : HelpdeskReply.problem(404, "no such ticket");
    }
  }

  private static Json.Object ticket(ResultSet row) throws SQLException {
    return Json.object()
        .put("id", row.getLong("id"))
        .put("subject", row.getString("subject"))
        .put("status", row.getString("status"))
        .put("priority", row.getString("priority"))
        .put("openedAt", row.getString("opened_at"))
        .put("tenant", row.getString("slug"))
        .put(
            "requester",
            Json.object()
                .put("name", row.getString("full_name"))
                .put("email", row.getString("email"))
                .build())
        .build();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow(); // a stream of events has no end of its own
    threads.close();
  }
}
