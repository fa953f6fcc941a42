package org.openlockbox.server;

import java.util.List;
import java.util.Map;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.keyring.ApproverKey;
import org.openlockbox.core.keyring.Genesis;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.SoftwareKey;
import org.openlockbox.core.signing.VerifyingKey;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.LogOrigin;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.TestServer.Answer;
import org.openlockbox.tlog.LogVerifier;

/// The founding of a tenant by two approvers, prepared with the server and signed by both.
public final class Founding {
  private final TestServer server;
  private final String name;
  private final int quorum;
  private final SoftwareKey first;
  private final SoftwareKey second;
  private final Fields prepared;

  public Founding(
      TestServer server, String name, int quorum, SoftwareKey first, SoftwareKey second) {
    this.server = server;
    this.name = name;
    this.quorum = quorum;
    this.first = first;
    this.second = second;
    var prepare = Json.object().put("tenant", name).put("name", name).build();
    this.prepared = server.post("operator", "/v1/tenants:prepare", prepare).json();
  }

  public LogOrigin origin() {
    return new LogOrigin(prepared.text("origin"));
  }

  public LogVerifier logKeys() {
    return LogVerifier.parse(prepared.texts("logKeys"));
  }

  private Envelope genesis() {
    var keys =
        List.of(
            new ApproverKey(new SubjectId(name + "-ann"), "Ann", first.key()),
            new ApproverKey(new SubjectId(name + "-bob"), "Bob", second.key()));
    var genesis =
        new Genesis(
            new TenantId(name),
            name,
            origin(),
            logKeys(),
            prepared.number("slot"),
            quorum,
            keys,
            VerifyingKey.parse(prepared.object("gatewayAuthority")));
    return Envelope.unsigned(Genesis.PAYLOAD_TYPE, genesis.toJson())
        .signedBy(first)
        .signedBy(second);
  }

  public Answer send(String idempotencyKey) {
    var body =
        Json.object()
            .put("id", name)
            .put("name", name)
            .putTexts(
                "notify", List.of("security@" + name + ".example", "ann@" + name + ".example"))
            .put("genesis", TestTenant.envelope(genesis()))
            .build();
    return server.post("operator", "/v1/tenants", body, Map.of("Idempotency-Key", idempotencyKey));
  }
}
