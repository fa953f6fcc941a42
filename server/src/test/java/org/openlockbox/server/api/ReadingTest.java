package org.openlockbox.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.keyring.ApproverKey;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.keyring.ProviderAccess;
import org.openlockbox.core.keyring.Settings;
import org.openlockbox.core.keyring.TextKind;
import org.openlockbox.core.keyring.WitnessPolicy;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.Scheme;
import org.openlockbox.core.signing.SoftwareKey;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.server.TestGateway;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestTenant;
import org.openlockbox.server.TestTiles;
import org.openlockbox.tlog.tile.EntryBundle;
import org.openlockbox.tlog.tile.TilePath;
import org.openlockbox.tlog.tree.Hash;
import org.openlockbox.tlog.tree.MerkleTree;

/// Lists, waiting, tokens, keyrings and the read interface of the log.
final class ReadingTest {
  private static final TestServer SERVER = new TestServer();
  private static final TestTenant ACME = new TestTenant(SERVER, "acme", 1);

  @AfterAll
  static void close() {
    SERVER.close();
  }

  @Test
  void pagesShowEachRequestOnceTheNewestFirst() {
    var made = new ArrayList<String>();
    for (int i = 0; i < 7; i++) {
      made.add(TestTenant.ref(ACME.ask("helpdesk")).id().value());
      SERVER.pass(Duration.ofMillis(i % 2));
    }
    var seen = new ArrayList<String>();
    var token = "";
    do {
      var page = SERVER.get("acme-auditor", ACME.requests() + "?pageSize=3" + token).json();
      assertThat(page.objects("requests")).hasSizeBetween(1, 3);
      page.objects("requests").forEach(one -> seen.add(one.text("id")));
      token = page.optionalText("nextPageToken").map("&pageToken="::concat).orElse("");
    } while (!token.isEmpty());
    assertThat(seen).doesNotHaveDuplicates().containsAll(made);
    assertThat(seen.getFirst()).isEqualTo(made.getLast());
  }

  @Test
  void aListCanBeNarrowedToAState() {
    var denied = ACME.ask("helpdesk");
    ACME.step("engineer", denied, ":withdraw", Json.object().build());
    var listed = SERVER.get("acme-auditor", ACME.requests() + "?state=withdrawn").json();
    assertThat(listed.objects("requests"))
        .isNotEmpty()
        .allSatisfy(one -> assertThat(one.text("state")).isEqualTo("withdrawn"));
  }

  @Test
  void whatIsNoQueryIsSaidToBeNone() {
    for (var query :
        List.of("?state=open", "?pageSize=x", "?pageToken=%21", "?pageToken=eA", "?pageToken=")) {
      var answer = SERVER.get("acme-auditor", ACME.requests() + query);
      assertThat(answer.status()).as(query + " " + answer).isEqualTo(400);
    }
    for (var query : List.of("?from=x", "?limit=x", "?from=99999999999999999999")) {
      assertThat(SERVER.get("acme-auditor", "/v1/tenants/acme/log" + query).status())
          .as(query)
          .isEqualTo(400);
    }
    var none = SERVER.call(0, "acme-auditor", "DELETE", "/v1/tenants/acme", "", Map.of());
    assertThat(none.status()).isEqualTo(405);
    assertThat(SERVER.get("acme-auditor", "/v1/nothing").code()).isEqualTo("not_found");
    var torn = SERVER.call(0, "engineer", "POST", ACME.requests(), "{\"a\":", Map.of());
    assertThat(torn.status()).isEqualTo(400);
    var huge = SERVER.call(0, "engineer", "POST", ACME.requests(), " ".repeat(2 << 20), Map.of());
    assertThat(huge.status()).isEqualTo(413);
  }

  @Test
  void whoeverWaitsForADecisionGetsItWhenItIsMade() throws Exception {
    var asked = ACME.ask("helpdesk");
    var path = ACME.requests() + "/" + TestTenant.ref(asked).id() + "?waitFor=decision";
    try (var crew = Executors.newVirtualThreadPerTaskExecutor()) {
      var waiting =
          crew.submit(
              () -> SERVER.call(0, "engineer", "GET", path, "", Map.of("Prefer", "wait=20")));
      ACME.approve(asked);
      assertThat(waiting.get().json().text("state")).isEqualTo("approved");
    }
    var pending = ACME.ask("helpdesk");
    var there = ACME.requests() + "/" + TestTenant.ref(pending).id() + "?waitFor=decision";
    var now = SERVER.call(0, "engineer", "GET", there, "", Map.of("Prefer", "wait=0"));
    assertThat(now.json().text("state")).isEqualTo("pending");
    assertThat(SERVER.get("engineer", there.replace("decision", "tea")).status()).isEqualTo(400);
  }

  @Test
  void aTokenWorksUntilItIsRevokedOrOver() {
    var wish =
        Json.object()
            .put("subject", "acme-new")
            .putTexts("roles", List.of("auditor"))
            .put("tenant", "acme")
            .put("validFor", Duration.ofDays(1))
            .build();
    var issued = SERVER.post("operator", "/v1/tokens", wish);
    assertThat(issued.status()).as(issued.toString()).isEqualTo(201);
    var token = issued.json().text("token");
    assertThat(token).matches("lbx_[A-Za-z0-9_-]{43}");
    var who = with(token, "/v1/whoami").json();
    assertThat(who.text("subject")).isEqualTo("acme-new");
    assertThat(who.text("tenant")).isEqualTo("acme");
    assertThat(SERVER.rows("select 1 from token where token::text like '%" + token + "%'"))
        .isEmpty();

    var revoke = "/v1/tokens/" + issued.json().text("id") + ":revoke";
    assertThat(SERVER.post("acme-approver", revoke, Json.object().build()).status()).isEqualTo(403);
    assertThat(SERVER.post("operator", revoke, Json.object().build()).status()).isEqualTo(200);
    assertThat(SERVER.post("operator", revoke, Json.object().build()).status()).isEqualTo(404);
    SERVER.pass(Duration.ofSeconds(1));
    assertThat(with(token, "/v1/whoami").status()).isEqualTo(401);

    var brief = SERVER.post("operator", "/v1/tokens", wish).json().text("token");
    SERVER.pass(Duration.ofDays(1));
    assertThat(with(brief, "/v1/whoami").status()).isEqualTo(401);
  }

  private static TestServer.Answer with(String token, String path) {
    return SERVER.call(0, "nobody", "GET", path, "", Map.of("Authorization", "Bearer " + token));
  }

  @Test
  void aTokenNeverJoinsTheTwoSides() {
    for (var roles : List.of(List.of("approver"), List.of("engineer", "approver"))) {
      var wish = Json.object().put("subject", "x").putTexts("roles", roles).build();
      assertThat(SERVER.post("operator", "/v1/tokens", wish).status()).isEqualTo(400);
    }
    var tenantsOperator =
        Json.object()
            .put("subject", "x")
            .putTexts("roles", List.of("operator"))
            .put("tenant", "acme")
            .build();
    assertThat(SERVER.post("operator", "/v1/tokens", tenantsOperator).status()).isEqualTo(400);
  }

  @Test
  void onlyAQuorumsSignaturesChangeTheKeyring() {
    var tenant = new TestTenant(SERVER, "initech", 2);
    var carol = SoftwareKey.generate(Scheme.ED25519, TestTenant.RANDOM);
    var added = new ApproverKey(new SubjectId("initech-carol"), "Carol", carol.key());
    var add = change(tenant, new KeyringChange.Edit.AddKey(added));
    refused(tenant, add.signedBy(tenant.key).signedBy(carol));
    refused(tenant, add.signedBy(tenant.key).signedBy(tenant.second));
    refused(tenant, add.signedBy(carol).signedBy(carol));
    accepted(tenant, add.signedBy(tenant.key).signedBy(tenant.second).signedBy(carol), 3);
    refused(tenant, add.signedBy(tenant.key).signedBy(tenant.second).signedBy(carol));

    var gone = tenant.second.key().keyId();
    var remove = change(tenant, new KeyringChange.Edit.RemoveKey(gone));
    refused(tenant, remove.signedBy(tenant.key));
    accepted(tenant, remove.signedBy(tenant.key).signedBy(carol), 2);
    assertThat(tenant.verifiedLog()).hasSize(3);
  }

  @Test
  void onlyAQuorumsSignaturesSetWhatTheTenantDemands() {
    var tenant = new TestTenant(SERVER, "hooli", 2);
    var kept = Map.of(TextKind.OPERATION, Duration.ofDays(90));
    var settings =
        new Settings(
            WitnessPolicy.NONE,
            Settings.MAX_UNWITNESSED,
            WitnessPolicy.NONE,
            kept,
            ProviderAccess.ENABLED);
    var path = "/v1/tenants/" + tenant.id + "/settings";
    var set = change(tenant, new KeyringChange.Edit.ReplaceSettings(settings)).signedBy(tenant.key);
    var alone = SERVER.post(tenant.approver(), path, TestTenant.envelope(set));
    assertThat(alone.status()).as(alone.toString()).isEqualTo(422);
    var both =
        SERVER.post(tenant.approver(), path, TestTenant.envelope(set.signedBy(tenant.second)));
    assertThat(both.status()).as(both.toString()).isEqualTo(200);
    assertThat(both.json().object("settings").object("retention").text("operation"))
        .isEqualTo("PT2160H");
    assertThat(tenant.verifiedLog()).hasSize(2);
  }

  private static Envelope change(TestTenant tenant, KeyringChange.Edit change) {
    var path = "/v1/tenants/" + tenant.id + "/keyring";
    Hash prev = SERVER.get(tenant.approver(), path).json().hash("prev");
    var signed = new KeyringChange(tenant.id, tenant.origin, prev, 2, change);
    return Envelope.unsigned(KeyringChange.PAYLOAD_TYPE, signed.toJson());
  }

  private static TestServer.Answer change(TestTenant tenant, Envelope envelope) {
    var path = "/v1/tenants/" + tenant.id + "/keys";
    return SERVER.post(tenant.approver(), path, TestTenant.envelope(envelope));
  }

  private static void refused(TestTenant tenant, Envelope envelope) {
    int size = tenant.verifiedLog().size();
    var answer = change(tenant, envelope);
    assertThat(answer.status()).as(answer.toString()).isIn(400, 422);
    assertThat(tenant.verifiedLog()).hasSize(size);
  }

  private static void accepted(TestTenant tenant, Envelope envelope, int keys) {
    var answer = change(tenant, envelope);
    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    assertThat(answer.json().objects("keys")).hasSize(keys);
  }

  @Test
  void tilesAndBundlesAreBytePrefixesOfTheirLaterSelves() {
    var tenant = new TestTenant(SERVER, "tiles", 1);
    var gateway = new TestGateway(SERVER, 0, "gw-1", "00000000000000dd");
    gateway.lease();
    var session = gateway.open(tenant, tenant.approve(tenant.ask("helpdesk")));
    var early = new TestTiles(tenant);
    int before = tenant.verifiedLog().size();
    var entries = new ArrayList<Json>();
    for (int n = 0; n < 300; n++) {
      entries.add(gateway.entry(tenant, TestGateway.outcome(session, n)));
    }
    var tile = early.fetch(new TilePath(0, 0, before));
    var bundle = early.fetch(new TilePath(TilePath.ENTRIES, 0, before));
    TestGateway.indices(gateway.append(entries));
    int size = tenant.verifiedLog().size();
    var full = early.fetch(new TilePath(0, 0, 256));
    assertThat(tile).isEqualTo(Arrays.copyOf(full, before * Hash.LENGTH));
    var whole = early.fetch(new TilePath(TilePath.ENTRIES, 0, 256));
    assertThat(bundle).isEqualTo(EntryBundle.prefix(whole, before));
    assertThat(early.fetch(new TilePath(1, 0, 1))).hasSize(Hash.LENGTH);

    var tree = early.tree(size);
    var checkpoint = tenant.checkpoint(size);
    assertThat(tree.root()).isEqualTo(checkpoint.root());
    var rest = early.fetch(new TilePath(TilePath.ENTRIES, 1, size - 256));
    var leaves = new ArrayList<>(EntryBundle.decode(whole));
    leaves.addAll(EntryBundle.decode(rest));
    assertThat(MerkleTree.rootOf(leaves.stream().map(MerkleTree::leafHash).toList()))
        .isEqualTo(checkpoint.root());
  }

  @Test
  void aTileThatTheCheckpointDoesNotReachIsNotThere() {
    int size = ACME.verifiedLog().size();
    for (var path :
        List.of(
            "tile/0/000.p/" + Math.min(255, size + 50),
            "tile/0/001",
            "tile/1/000",
            "tile/entries/7",
            "tile/0/0",
            "tile/-1/000",
            "tile/0/x000/000",
            "tile/0/000.p/0",
            "tile/0/000.p/256")) {
      assertThat(SERVER.get("acme-auditor", "/log/acme/" + path).status()).as(path).isEqualTo(404);
    }
  }

  @Test
  void theLogOfARequestHoldsItsTextsUntilTheyAreErased() {
    var asked = ACME.ask("helpdesk");
    var path = "/v1/tenants/acme/log?request=" + TestTenant.ref(asked).id();
    var entry = SERVER.get("acme-auditor", path).json().objects("entries").getFirst();
    assertThat(entry.text("text")).isEqualTo("Cannot log in");
    SERVER.execute("update log_batch set sealed = null");
    var erased = SERVER.get("acme-auditor", path).json().objects("entries").getFirst();
    assertThat(erased.optionalMultiline("text")).isEqualTo(Optional.empty());
    ACME.verifiedLog();
    assertThat(new HashSet<>(List.of(entry.bytes("entry")))).contains(erased.bytes("entry"));
  }

  @Test
  void anAnswerIsKeptForARetryForADay() {
    var key = Map.of("Idempotency-Key", "kept");
    SERVER.post("engineer", ACME.requests(), ACME.wish("helpdesk"), key);
    var kept = "select 1 from idempotency where key = 'kept'";
    assertThat(SERVER.rows(kept)).hasSize(1);
    SERVER.pass(Duration.ofHours(24).plusMillis(1));
    SERVER.startAnother();
    long until = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!SERVER.rows(kept).isEmpty()) {
      assertThat(System.nanoTime()).as("waiting to forget").isLessThan(until);
    }
  }
}
