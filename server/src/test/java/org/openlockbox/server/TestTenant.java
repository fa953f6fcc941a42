package org.openlockbox.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.openlockbox.core.access.Allowance;
import org.openlockbox.core.access.Assurance;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.Window;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.JsonObjectBuilder;
import org.openlockbox.core.keyring.Genesis;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.log.LogEntry;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.PrivateSigner;
import org.openlockbox.core.signing.Scheme;
import org.openlockbox.core.signing.SoftwareKey;
import org.openlockbox.core.statement.Decision;
import org.openlockbox.core.statement.Nonce;
import org.openlockbox.core.statement.RequestRef;
import org.openlockbox.core.statement.Revocation;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.LogOrigin;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.TestServer.Answer;
import org.openlockbox.server.identity.Role;
import org.openlockbox.tlog.Checkpoint;
import org.openlockbox.tlog.LogVerifier;
import org.openlockbox.tlog.SignedNote;
import org.openlockbox.tlog.tree.Hash;
import org.openlockbox.tlog.tree.MerkleTree;

/// A tenant founded over HTTP by its own approver's key, and what its people and an engineer do.
public final class TestTenant {
  public static final SecureRandom RANDOM = new SecureRandom();

  public final TestServer server;
  public final TenantId id;
  public final LogOrigin origin;
  public final LogVerifier logKeys;
  public final SoftwareKey key = SoftwareKey.generate(Scheme.ED25519, RANDOM);
  public final SoftwareKey second = SoftwareKey.generate(Scheme.ED25519, RANDOM);
  public final SoftwareKey engineerKey = SoftwareKey.generate(Scheme.ED25519, RANDOM);

  public TestTenant(TestServer server, String name, int quorum) {
    this.server = server;
    this.id = new TenantId(name);
    var founding = new Founding(server, name, quorum, key, second);
    origin = founding.origin();
    logKeys = founding.logKeys();
    var founded = founding.send("found-" + name);
    assertThat(founded.status()).as(founded.toString()).isEqualTo(201);
    server.token(name + "-approver", name + "-ann", Role.APPROVER, Optional.of(id));
    server.token(name + "-auditor", name + "-aud", Role.AUDITOR, Optional.of(id));
  }

  /// What the first entry of its log says.
  public Genesis genesis() {
    if (verifiedLog().getFirst().body() instanceof KeyringEvent.Founded founded) {
      return Genesis.parse(founded.envelope().payloadJson());
    }
    throw new AssertionError("entry 0 is no genesis");
  }

  public Hash pin() {
    return server.get(approver(), "/v1/tenants/" + id).json().hash("pin");
  }

  public String approver() {
    return id + "-approver";
  }

  public Json wish(String resource) {
    return wishing(resource).build();
  }

  /// The same, for what more it is to say.
  public JsonObjectBuilder wishing(String resource) {
    return wishing(resource, engineerKey);
  }

  /// The same, where the engineer connects with this key.
  public JsonObjectBuilder wishing(String resource, SoftwareKey engineer) {
    return Json.object()
        .put("resource", resource)
        .put("level", "masked")
        .put("purpose", "customer_ticket")
        .put("reason", "Cannot log in")
        .put("ticket", "SUP-1")
        .put("duration", Duration.ofMinutes(30))
        .put("engineerKey", engineer.key().toJson());
  }

  public String requests() {
    return "/v1/tenants/%s/requests".formatted(id);
  }

  public Answer ask(String resource) {
    var answer = server.post("engineer", requests(), wish(resource));
    assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
    return answer;
  }

  /// From now on this address is told of what contacts choose to hear of: nothing, here.
  public void contact(String address) {
    var path = "/v1/tenants/" + id + "/notifications";
    var contact =
        Json.object()
            .put("address", address)
            .put("audience", "backup")
            .putTexts("topics", List.of())
            .build();
    var body = Json.object().put("links", true).put("contacts", List.of(contact)).build();
    var before = server.get(approver(), path);
    var changed =
        server.call(
            0,
            approver(),
            "PUT",
            path,
            CanonicalJson.text(body),
            Map.of("If-Match", before.etag()));
    assertThat(changed.status()).as(changed.toString()).isEqualTo(200);
  }

  public static RequestRef ref(Answer request) {
    var json = request.json();
    return new RequestRef(
        new RequestId(json.text("id")),
        json.number("logIndex"),
        json.hash("requestSha256"),
        json.value("assurance", Assurance::parse));
  }

  public Allowance allowance(Level level, Duration duration) {
    return new Allowance(level, window(duration), duration, Limits.UNWRITTEN.asked());
  }

  public Allowance allowance(Limits limits) {
    var asked = Duration.ofMinutes(30);
    return new Allowance(Level.MASKED, window(asked), asked, limits.asked());
  }

  public Window window(Duration fromNow) {
    return new Window(server.clock.get(), server.clock.get().plus(fromNow));
  }

  public Envelope decision(RequestRef ref, String approver, Optional<Allowance> allowance) {
    var nonce = Nonce.random(RANDOM);
    return new Decision(id, origin, ref, new SubjectId(approver), allowance, "", nonce).unsigned();
  }

  public Envelope yes(Answer request) {
    return yes(request, allowance(Level.MASKED, Duration.ofMinutes(30)));
  }

  private Envelope yes(Answer request, Allowance allowed) {
    return decision(ref(request), id + "-ann", Optional.of(allowed)).signedBy(key);
  }

  public Answer step(String profile, Answer request, String verb, Json body) {
    return server.post(
        profile,
        requests() + "/" + ref(request).id() + verb,
        body,
        Map.of("If-Match", request.etag()));
  }

  public static Json envelope(Envelope envelope) {
    return Json.object().put("envelope", envelope.toJson()).build();
  }

  /// A request for the helpdesk that is approved.
  public Answer approved() {
    var answer = approve(ask("helpdesk"));
    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    return answer;
  }

  /// The approver, and each new key, sign a change of the keyring.
  public TestServer.Answer change(KeyringChange.Edit change, PrivateSigner... added) {
    var path = "/v1/tenants/" + id;
    var envelope = signed(change, server.get(approver(), path + "/keyring").json().hash("prev"));
    for (var one : added) {
      envelope = envelope.signedBy(one);
    }
    var to =
        switch (change) {
          case KeyringChange.Edit.ReplaceSettings _ -> "/settings";
          case KeyringChange.Edit.ReplacePolicy _ -> "/policy";
          case KeyringChange.Edit.AddKey _,
              KeyringChange.Edit.RemoveKey _,
              KeyringChange.Edit.ObjectToAuthority _ ->
              "/keys";
        };
    var done = server.post(approver(), path + to, envelope(envelope));
    assertThat(done.status()).as(done.toString()).isEqualTo(200);
    return done;
  }

  public Envelope signed(KeyringChange.Edit change, Hash prev) {
    var payload = new KeyringChange(id, origin, prev, 1, change).toJson();
    return Envelope.unsigned(KeyringChange.PAYLOAD_TYPE, payload).signedBy(key);
  }

  /// The request as its engineer sees it now.
  public Answer show(Answer request) {
    return server.get("engineer", requests() + "/" + ref(request).id());
  }

  public Answer approve(Answer request) {
    return step(approver(), request, ":approve", envelope(yes(request)));
  }

  public Answer approve(Answer request, Allowance allowed) {
    return step(approver(), request, ":approve", envelope(yes(request, allowed)));
  }

  public Answer revoke(Answer request) {
    var nonce = Nonce.random(RANDOM);
    var revocation =
        new Revocation(id, origin, ref(request), new SubjectId(id + "-ann"), "", nonce)
            .unsigned()
            .signedBy(key);
    return step(approver(), request, ":revoke", envelope(revocation));
  }

  /// Reads the whole log over HTTP and recomputes it: contiguous, and exactly what the checkpoint
  /// says once that covers everything.
  public List<LogEntry> verifiedLog() {
    var entries = new ArrayList<LogEntry>();
    var leaves = new ArrayList<Hash>();
    long size;
    do {
      var page =
          server.get(
              id + "-auditor",
              "/v1/tenants/%s/log?limit=1000&from=%d".formatted(id, entries.size()));
      size = page.json().number("size");
      for (var shown : page.json().objects("entries")) {
        Bytes bytes = shown.bytes("entry");
        var entry = LogEntry.parse(bytes);
        assertThat(entry.seq()).isEqualTo(entries.size());
        assertThat(entry.origin()).isEqualTo(origin);
        entries.add(entry);
        leaves.add(MerkleTree.leafHash(bytes.toArray()));
      }
    } while (entries.size() < size);
    var checkpoint = checkpoint(size);
    if (checkpoint.size() > size) {
      return verifiedLog();
    }
    assertThat(checkpoint.size()).isEqualTo(size);
    assertThat(checkpoint.root()).isEqualTo(MerkleTree.rootOf(leaves));
    return entries;
  }

  /// The published checkpoint, once it covers this size.
  public Checkpoint checkpoint(long size) {
    Pause.until("a checkpoint of " + size, () -> checkpoint().size() >= size);
    return checkpoint();
  }

  private Checkpoint checkpoint() {
    var answer = server.get(id + "-auditor", "/log/%s/checkpoint".formatted(id));
    var note = SignedNote.parse(answer.response().body());
    return Checkpoint.open(note, logKeys).orElseThrow();
  }

  public static String text(Json json) {
    return CanonicalJson.text(json);
  }
}
