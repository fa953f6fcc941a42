package org.openlockbox.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.keyring.ApproverKey;
import org.openlockbox.core.keyring.Genesis;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.VerifyingKey;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.LogOrigin;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.demo.DemoRoles.DemoCustomer;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.process.NodeFailure.Code;
import org.openlockbox.tlog.LogVerifier;

/// Founds the demo's customers the way any operator does: over the REST API, with a genesis that
/// every founding approver signs.
final class DemoTenants {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final URI server;
  private final String operatorToken;
  private final DemoFiles files;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

  DemoTenants(URI server, String operatorToken, DemoFiles files) {
    this.server = server;
    this.operatorToken = operatorToken;
    this.files = files;
  }

  /// Founds a customer and answers the pin of its log.
  String found(DemoCustomer customer) throws IOException {
    Fields terms =
        post(
            "/v1/tenants:prepare",
            Json.object().put("tenant", customer.id()).put("name", customer.name()).build());
    var envelope = genesis(customer, terms);
    Fields made =
        post(
            "/v1/tenants",
            Json.object()
                .put("id", customer.id())
                .put("name", customer.name())
                .put("notify", customer.addresses().stream().<Json>map(Json.Text::new).toList())
                .put("genesis", Json.object().put("envelope", envelope.toJson()).build())
                .build());
    return made.text("pin");
  }

  private Envelope genesis(DemoCustomer customer, Fields terms) throws IOException {
    var keys = new ArrayList<ApproverKey>();
    for (String founder : customer.founders()) {
      keys.add(
          new ApproverKey(
              new SubjectId(founder),
              DemoRoles.nameOf(founder),
              files.key(founder + ".key").key()));
    }
    var genesis =
        new Genesis(
            new TenantId(customer.id()),
            customer.name(),
            new LogOrigin(terms.text("origin")),
            LogVerifier.parse(terms.texts("logKeys")),
            terms.number("slot"),
            1,
            keys,
            VerifyingKey.parse(terms.object("gatewayAuthority")));
    var envelope = Envelope.unsigned(Genesis.PAYLOAD_TYPE, genesis.toJson());
    for (String founder : customer.founders()) {
      envelope = envelope.signedBy(files.key(founder + ".key"));
    }
    return envelope;
  }

  private Fields post(String path, Json body) throws IOException {
    var request =
        HttpRequest.newBuilder(server.resolve(path))
            .timeout(PATIENCE)
            .header("Authorization", "Bearer " + operatorToken)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(CanonicalJson.bytes(body)))
            .build();
    try {
      var answer = http.send(request, BodyHandlers.ofByteArray());
      if (answer.statusCode() / 100 != 2) {
        throw new NodeFailure(
            Code.FAILURE,
            "the server refused "
                + path
                + ": "
                + new String(answer.body(), StandardCharsets.UTF_8));
      }
      return Fields.of(Json.read(answer.body()), path);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NodeFailure(Code.FAILURE, "interrupted while founding a tenant", e);
    }
  }
}
