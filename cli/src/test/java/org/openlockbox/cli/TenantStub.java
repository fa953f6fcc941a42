package org.openlockbox.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.JsonObjectBuilder;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.log.LogEntry;
import org.openlockbox.core.log.LoggedEntry;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.operation.FactsJson;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.core.subject.Engineer;
import org.openlockbox.core.testing.TenantFixture;
import org.openlockbox.tlog.tree.Hash;

/// The server's words about one tenant's log, true unless a test changes them.
final class TenantStub {
  private final TenantFixture tenant;
  private final TenantFixture.RequestEntry asked;

  TenantStub(TenantFixture tenant, TenantFixture.RequestEntry asked, StubServer server) {
    this.tenant = tenant;
    this.asked = asked;
    String id = asked.submission().id().value();
    server.on("GET /v1/requests/" + id, 200, request("pending").text());
    server.on("GET /v1/tenants/acme/keyring", body -> keyring());
    server.on("POST " + path() + ":approve", body -> decide(body, false));
    server.on("GET /v1/tenants/acme/log", body -> lastEntry());
  }

  String path() {
    return "/v1/tenants/acme/requests/" + asked.submission().id();
  }

  /// The request's JSON with some members changed.
  Words request(String state) {
    var submission = asked.submission();
    return new Words(
        Json.object()
            .put("id", submission.id().value())
            .put("state", state)
            .put("tenant", "acme")
            .put("resource", "helpdesk")
            .put("level", submission.terms().level().word())
            .put("assurance", submission.assurance().word())
            .put("purpose", submission.purpose().word())
            .put("ticket", submission.ticket())
            .put("reason", "Cannot log in")
            .put("reasonSalt", salt(requested().reason()))
            .put("nameSalt", salt(requested().name()))
            .put("duration", submission.terms().duration())
            .put("decideBy", submission.decideBy())
            .put("expireTime", submission.decideBy())
            .put("quorum", submission.quorum())
            .put("rowBudget", submission.terms().limits().rowBudget().rows())
            .put(
                "sql",
                Json.object()
                    .putTexts("tables", submission.terms().limits().tables().names())
                    .build())
            .put("logIndex", asked.ref().index())
            .put("requestSha256", asked.ref().sha256())
            .put("entry", tenant.log().entry(asked.ref().index()))
            .put("engineer", json(submission.engineer()))
            .build());
  }

  private static Json json(Engineer engineer) {
    return Json.object()
        .put("id", engineer.id().value())
        .put("name", "Eve Adams")
        .putIfPresent("country", engineer.country())
        .putIfPresent("employer", engineer.employer())
        .putIfPresent("kind", engineer.kind().map(Engineer.EngineerKind::word))
        .put("sources", FactsJson.sources(engineer.facts()))
        .put("keyId", engineer.key().keyId().hex())
        .build();
  }

  private RequestEvent.Requested requested() {
    var body = LogEntry.parse(tenant.log().entry(asked.ref().index())).body();
    return (RequestEvent.Requested) body;
  }

  private Bytes salt(Commitment commitment) {
    return Objects.requireNonNull(tenant.texts().get(commitment)).salt();
  }

  /// A JSON object whose members a test can change.
  record Words(Json.Object json) {
    Words saying(String name, String value) {
      JsonObjectBuilder changed = Json.object();
      json.members()
          .forEach(
              (member, old) -> changed.put(member, member.equals(name) ? Json.text(value) : old));
      return new Words(changed.build());
    }

    Words withholding(String name) {
      JsonObjectBuilder changed = Json.object();
      json.members()
          .forEach(
              (member, old) -> {
                if (!member.equals(name)) {
                  changed.put(member, old);
                }
              });
      return new Words(changed.build());
    }

    String text() {
      return CanonicalJson.text(json);
    }
  }

  private String keyring() {
    List<Json.Object> entries = new ArrayList<>();
    for (long seq = 0; seq < tenant.log().size(); seq++) {
      Bytes entry = tenant.log().entry(seq);
      if (LogEntry.parse(entry).body() instanceof KeyringEvent) {
        entries.add(Json.object().put("seq", seq).put("entry", entry).build());
      }
    }
    return CanonicalJson.text(Json.object().put("entries", entries).build());
  }

  /// Logs the envelope that was sent and answers with its proof, or with a false one.
  String decide(String body, boolean falseProof) {
    Json json = Json.read(Bytes.ofUtf8(body).toArray());
    Envelope envelope = Envelope.parse(Fields.of(json, "body").object("envelope"));
    LogEntry entry = tenant.decide(envelope);
    LoggedEntry proven = tenant.log().proven(entry.seq());
    List<String> hashes = new ArrayList<>(proven.proof().stream().map(Hash::base64).toList());
    if (falseProof) {
      hashes.set(0, Hash.sha256(new byte[0]).base64());
    }
    Json.Object proof =
        Json.object()
            .put("index", entry.seq())
            .put("size", tenant.log().size())
            .putTexts("hashes", hashes)
            .put("checkpoint", tenant.log().checkpoint())
            .build();
    JsonObjectBuilder answer = Json.object().put("proof", proof);
    request("approved").json().members().forEach(answer::put);
    return CanonicalJson.text(answer.build());
  }

  private String lastEntry() {
    long last = tenant.log().size() - 1;
    List<Json.Object> entries =
        List.of(Json.object().put("seq", last).put("entry", tenant.log().entry(last)).build());
    return CanonicalJson.text(Json.object().put("entries", entries).put("size", last + 1).build());
  }
}
