package org.openlockbox.server.export;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.operation.SqlFacts;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.TestGateway;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestServer.Answer;
import org.openlockbox.server.TestTenant;

/// Things happen to a tenant, and what its export says of them.
final class ToldStory {
  /// What the gateway of these stories reads off each statement.
  private static final SqlFacts READ =
      SqlFacts.reading("select", 2, List.of("customers", "tickets"));

  private static int boots = 0x1000;

  private ToldStory() {}

  /// One request from asking to its completion with a session of these statements, and one that is
  /// withdrawn.
  static Answer happen(TestServer server, TestTenant tenant, List<String> statements) {
    var request = tenant.approve(tenant.ask("helpdesk"));
    var gateway = new TestGateway(server, 0, "gw-1", "%016x".formatted(++boots));
    gateway.lease();
    var session = gateway.open(tenant, request);
    long rows = 0;
    for (int n = 0; n < statements.size(); n++) {
      var text = TestGateway.sql(statements.get(n));
      var statement =
          new SessionEvent.Operation(
              session, n, text.commitment(), Optional.empty(), "query", READ);
      TestGateway.indices(
          gateway.append(
              gateway.entry(tenant, statement, text),
              gateway.entry(tenant, TestGateway.outcome(session, n))));
      rows++;
    }
    tenant.step("engineer", request, ":complete", Json.object().put("comment", "Fixed").build());
    TestGateway.indices(gateway.append(gateway.entry(tenant, closed(session, rows))));
    tenant.step("engineer", tenant.ask("helpdesk"), ":withdraw", Json.object().build());
    return request;
  }

  private static SessionEvent.Closed closed(SessionId session, long rows) {
    var one = TestGateway.closed(session, true);
    return new SessionEvent.Closed(
        session, one.reason(), rows, rows, rows * 20, one.chain(), one.released());
  }

  /// The ids of all events of a tenant so far, in order.
  static List<String> ids(TestServer server, TenantId tenant) {
    return lines(server, tenant, "format=jsonl").stream()
        .map(line -> line.replaceFirst(".*\"id\":\"([^\"]*)\".*", "$1"))
        .toList();
  }

  /// The lines of a fetched export.
  static List<String> lines(TestServer server, TenantId tenant, String query) {
    var answer =
        server.get(tenant + "-auditor", "/v1/tenants/%s/export?%s".formatted(tenant, query));
    if (answer.status() != 200) {
      throw new AssertionError(answer.toString());
    }
    return new ArrayList<>(
        new String(answer.response().body(), StandardCharsets.UTF_8).lines().toList());
  }

  static ExportPosition position(String id) {
    return ExportPosition.parse(id.substring(id.indexOf('/') + 1));
  }
}
