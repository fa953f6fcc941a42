package org.openlockbox.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.RequestState;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.history.ConnectCheck;
import org.openlockbox.core.history.History;
import org.openlockbox.core.history.HistoryCheck;
import org.openlockbox.core.log.LoggedEntry;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.Scheme;
import org.openlockbox.core.signing.SoftwareKey;
import org.openlockbox.server.TestGateway;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestServer.Answer;
import org.openlockbox.server.TestTenant;
import org.openlockbox.tlog.Checkpoint;
import org.openlockbox.tlog.SignedNote;
import org.openlockbox.tlog.tree.ConsistencyProof;
import org.openlockbox.tlog.tree.Hash;

/// The gateways' door over real HTTP; what it shows is checked as a gateway checks it.
public final class GatewayDoorTest {
  private static final TestServer SERVER = new TestServer();
  private static final TestTenant ACME = new TestTenant(SERVER, "acme", 1);
  private static final TestTenant GLOBEX = new TestTenant(SERVER, "globex", 1);

  @AfterEach
  void everyLogVerifies() {
    ACME.verifiedLog();
    GLOBEX.verifiedLog();
  }

  @AfterAll
  static void close() {
    SERVER.close();
  }

  private static String historyPath(TestTenant tenant, Answer request) {
    return "/gateway/v1/tenants/%s/requests/%s/history"
        .formatted(tenant.id, TestTenant.ref(request).id());
  }

  public static HistoryCheck history(TestServer server, TestTenant tenant, Answer request) {
    var shown = server.get("gw-1", historyPath(tenant, request)).json();
    var entries =
        shown.objects("entries").stream()
            .map(one -> new LoggedEntry(one.bytes("entry"), hashes(one.texts("proof"))))
            .toList();
    var pin = Hash.ofHex(server.get("operator", "/v1/tenants/" + tenant.id).json().text("pin"));
    var id = TestTenant.ref(request).id();
    return History.check(Optional.of(pin), tenant.id, id, entries, shown.multiline("checkpoint"));
  }

  private static List<Hash> hashes(List<String> base64) {
    return base64.stream().map(Hash::ofBase64).toList();
  }

  /// Every contact is told, whatever it chose to hear of, and once an hour at most.
  @Test
  void aHistoryThatAGatewayRefusedIsToldToItsTenant() {
    ACME.contact("security@acme.example");
    var alarm =
        Json.object()
            .put("gateway", "gw-1")
            .put("tenant", "acme")
            .put("request", "R-7QK2M4N8PD")
            .put("problem", "the log leaves out what gateways have seen of it")
            .build();
    for (int i = 0; i < 3; i++) {
      assertThat(SERVER.post("gw-1", "/gateway/v1/alarms", alarm).status()).isEqualTo(200);
    }
    var told = "select recipient || ' ' || text_part from outbox where kind = 'log.refused'";
    assertThat(SERVER.rows(told))
        .singleElement(InstanceOfAssertFactories.STRING)
        .contains("security@acme.example", "gw-1", "R-7QK2M4N8PD", "leaves out");
    assertThat(SERVER.post("engineer", "/gateway/v1/alarms", alarm).status()).isEqualTo(403);
  }

  @Test
  void aLeaseNamesEndedGrantsWhileTheirSessionsAreOpen() {
    var gateway = TestGateway.leased(SERVER);
    var request = ACME.approved();
    var session = gateway.open(ACME, request);
    var quiet = gateway.lease(TestGateway.watch(ACME, ACME.verifiedLog().size())).json();
    assertThat(quiet.number("leaseMs")).isEqualTo(1000);
    assertThat(quiet.number("now")).isEqualTo(SERVER.clock.get().toEpochMilli());
    assertThat(quiet.objects("tenants").getFirst().texts("ended")).isEmpty();

    ACME.revoke(ACME.show(request));
    var id = TestTenant.ref(request).id().value();
    for (int i = 0; i < 2; i++) {
      var told = gateway.lease().json().objects("tenants").getFirst();
      assertThat(told.text("tenant")).isEqualTo("acme");
      assertThat(told.texts("ended")).containsExactly(id);
      assertThat(told.texts("stopSessions")).containsExactly(session.value());
    }
    TestGateway.indices(gateway.append(gateway.entry(ACME, TestGateway.closed(session, true))));
    assertThat(gateway.lease().json().objects("tenants")).isEmpty();
  }

  /// Its sessions may have a soft end; those of a request that was revoked or completed have none.
  @Test
  void aLeaseStopsNoSessionOfAGrantThatOnlyExpired() {
    var gateway = TestGateway.leased(SERVER);
    var brief = ACME.allowance(Level.MASKED, Duration.ofMinutes(10));
    var request = ACME.approve(ACME.ask("helpdesk"), brief);
    var session = gateway.open(ACME, request);
    for (int minute = 0; minute < 10; minute++) {
      SERVER.pass(Duration.ofMinutes(1));
      assertThat(gateway.lease().status()).isEqualTo(200);
    }
    var told = gateway.lease().json().objects("tenants").getFirst();
    assertThat(told.texts("ended")).containsExactly(TestTenant.ref(request).id().value());
    assertThat(told.texts("stopSessions")).isEmpty();
    TestGateway.indices(gateway.append(gateway.entry(ACME, TestGateway.closed(session, true))));
  }

  @Test
  void theNewsGrowWithEachEndOfAccessAndWithNothingElse() {
    var gateway = TestGateway.leased(SERVER);
    long before = gateway.lease().json().number("news");
    var request = ACME.approved();
    gateway.open(ACME, request);
    assertThat(gateway.lease().json().number("news")).isEqualTo(before);
    ACME.revoke(ACME.show(request));
    assertThat(gateway.lease().json().number("news")).isEqualTo(before + 1);
  }

  @Test
  void aLeaseNamesWhatEndedInAWatchedLogSinceItWasLastSeen() {
    var gateway = TestGateway.leased(SERVER);
    var request = ACME.approved();
    long seen = ACME.verifiedLog().size();
    ACME.revoke(ACME.show(request));
    var told = gateway.lease(TestGateway.watch(ACME, seen)).json().objects("tenants").getFirst();
    assertThat(told.number("size")).isGreaterThan(seen);
    assertThat(told.texts("ended")).containsExactly(TestTenant.ref(request).id().value());
  }

  @Test
  void whatIsShownOfARequestProvesItsGrantAndContinuesTheLogSeenBefore() {
    var asked = ACME.ask("helpdesk");
    assertThat(history(SERVER, ACME, asked))
        .isInstanceOfSatisfying(
            HistoryCheck.Valid.class, checked -> assertThat(checked.grant()).isEmpty());
    var before = ACME.checkpoint(0);
    var request = ACME.approve(asked);
    var checked = (HistoryCheck.Valid) history(SERVER, ACME, request);
    var grant = checked.grant().orElseThrow();
    assertThat(grant.isInForceAt(SERVER.clock.get())).isTrue();

    var shown = SERVER.get("gw-1", historyPath(ACME, request) + "?from=" + before.size()).json();
    var note = SignedNote.parse(shown.multiline("checkpoint"));
    var after = Checkpoint.open(note, ACME.logKeys).orElseThrow();
    var proof =
        new ConsistencyProof(before.size(), after.size(), hashes(shown.texts("consistency")));
    assertThat(proof.proves(before.root(), after.root())).isTrue();

    ACME.revoke(request);
    var ended = (HistoryCheck.Valid) history(SERVER, ACME, request);
    assertThat(ended.request().state()).isEqualTo(RequestState.REVOKED);
  }

  @Test
  void aLogThatWasOnceLargerIsNoContinuation() {
    var request = ACME.ask("helpdesk");
    var path = historyPath(ACME, request);
    assertThat(SERVER.get("gw-1", path + "?from=100000").code()).isEqualTo("log_shrunk");
    assertThat(SERVER.get("gw-1", path + "?from=-1").status()).isEqualTo(400);
    assertThat(SERVER.get("gw-1", path + "?from=x").status()).isEqualTo(400);
    assertThat(SERVER.get("gw-1", path + "?from=0").status()).isEqualTo(200);
  }

  @Test
  void aConnectStatementIsFetchedByItsUserNameUntilItIsOver() {
    var request = ACME.approved();
    var signed = TestGateway.connect(ACME, request, ACME.engineerKey);
    var answer = SERVER.post("engineer", connects(request), TestTenant.envelope(signed)).json();
    var user = answer.text("user");
    var fetched = SERVER.get("gw-1", "/gateway/v1/connects/" + user).json();
    assertThat(fetched.text("tenant")).isEqualTo("acme");
    assertThat(fetched.text("request")).isEqualTo(TestTenant.ref(request).id().value());
    var envelope = Envelope.parse(fetched.object("envelope"));
    var grant = ((HistoryCheck.Valid) history(SERVER, ACME, request)).grant().orElseThrow();
    assertThat(ConnectCheck.verify(grant, envelope, SERVER.clock.get()))
        .isInstanceOf(ConnectCheck.Valid.class);

    String path = "/gateway/v1/tenants/acme/resources/";
    assertThat(SERVER.get("gw-1", path + "helpdesk/connects").json().objects("connects"))
        .anySatisfy(each -> assertThat(each.json("envelope")).isEqualTo(signed.toJson()));
    assertThat(SERVER.get("gw-1", path + "billing/connects").json().objects("connects")).isEmpty();
    assertThat(SERVER.get("gw-1", path + "Help/connects").status()).isEqualTo(404);
    assertThat(SERVER.get("gw-1", "/gateway/v1/connects/" + user + "0").status()).isEqualTo(404);
    SERVER.pass(Duration.ofMinutes(10));
    assertThat(SERVER.get("gw-1", "/gateway/v1/connects/" + user).status()).isEqualTo(404);
    assertThat(SERVER.get("gw-1", path + "helpdesk/connects").json().objects("connects"))
        .noneSatisfy(each -> assertThat(each.json("envelope")).isEqualTo(signed.toJson()));
  }

  /// One engineer who connects often hides no other from the gateway.
  @Test
  void theListOfAResourceHasTheNewestStatementOfEachRequest() {
    var quiet = ACME.approved();
    var first = TestGateway.connect(ACME, quiet, ACME.engineerKey);
    SERVER.post("engineer", connects(quiet), TestTenant.envelope(first));
    var busy = ACME.approved();
    for (int i = 0; i < 3; i++) {
      SERVER.pass(Duration.ofSeconds(1));
      var signed = TestGateway.connect(ACME, busy, ACME.engineerKey);
      SERVER.post("engineer", connects(busy), TestTenant.envelope(signed));
    }
    SERVER.pass(Duration.ofSeconds(1));
    var newest = TestGateway.connect(ACME, busy, ACME.engineerKey);
    SERVER.post("engineer", connects(busy), TestTenant.envelope(newest));
    String path = "/gateway/v1/tenants/acme/resources/helpdesk/connects";
    var listed = SERVER.get("gw-1", path).json().objects("connects");
    var requests = listed.stream().map(each -> each.text("request")).toList();
    assertThat(requests).doesNotHaveDuplicates();
    assertThat(requests.subList(0, 2))
        .containsExactly(TestTenant.ref(busy).id().value(), TestTenant.ref(quiet).id().value());
    assertThat(listed.getFirst().json("envelope")).isEqualTo(newest.toJson());
  }

  private static String connects(Answer request) {
    return ACME.requests() + "/" + TestTenant.ref(request).id() + "/connects";
  }

  @Test
  void onlyTheKeyThatTheRequestNamesConnects() {
    var request = ACME.approved();
    var other = SoftwareKey.generate(Scheme.ED25519, TestTenant.RANDOM);
    var signed = TestGateway.connect(ACME, request, other);
    var answer = SERVER.post("engineer", connects(request), TestTenant.envelope(signed));
    assertThat(answer.code()).isEqualTo("connect_statement");
  }

  @Test
  void aRequestNobodyApprovedCannotBeConnectedTo() {
    var request = ACME.ask("helpdesk");
    var signed = TestGateway.connect(ACME, request, ACME.engineerKey);
    var answer = SERVER.post("engineer", connects(request), TestTenant.envelope(signed));
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.code()).isEqualTo("waiting");
  }

  @Test
  void anAppendWhoseAnswerWasLostGetsTheSameIndices() {
    var gateway = TestGateway.leased(SERVER);
    var session = gateway.open(ACME, ACME.approved());
    var text = TestGateway.sql("select 1");
    var entries =
        List.of(
            gateway.entry(ACME, TestGateway.statement(session, 0, text), text),
            gateway.entry(ACME, TestGateway.outcome(session, 0)));
    var first = TestGateway.indices(gateway.append(entries));
    int size = ACME.verifiedLog().size();
    assertThat(TestGateway.indices(gateway.append(entries))).isEqualTo(first);
    assertThat(ACME.verifiedLog()).hasSize(size);

    var more = new ArrayList<>(entries);
    more.add(gateway.entry(ACME, TestGateway.closed(session, true)));
    var all = TestGateway.indices(gateway.append(more));
    assertThat(all.subList(0, 2)).isEqualTo(first);
    assertThat(ACME.verifiedLog()).hasSize(size + 1);
  }

  /// A gateway sends up to 4 MiB of texts at once, and one more text of 1 MiB.
  @Test
  void aBatchOfTheLongestStatementsIsTaken() {
    var gateway = TestGateway.leased(SERVER);
    var request = ACME.approved();
    var session = gateway.open(ACME, request);
    var entries = new ArrayList<Json>();
    for (int i = 0; i < 5; i++) {
      var text = TestGateway.sql(i + "x".repeat((1 << 20) - 1));
      entries.add(gateway.entry(ACME, TestGateway.statement(session, i, text), text));
    }
    assertThat(TestGateway.indices(gateway.append(entries))).hasSize(5);
    var path = "/v1/tenants/acme/log?limit=1000&request=" + TestTenant.ref(request).id();
    var shown = SERVER.get("acme-auditor", path).json().objects("entries").getLast();
    assertThat(shown.text("type")).isEqualTo("operation");
    assertThat(shown.text("text")).as("its beginning").hasSize(64 << 10).startsWith("4xxx");
    assertThat(shown.number("textBytes")).isEqualTo(1 << 20);
  }

  @Test
  void anAppendThatWasNotAppliedIsAppliedWhenSentAgain() {
    var gateway = TestGateway.leased(SERVER);
    var request = ACME.approved();
    var session = SessionId.random(TestTenant.RANDOM);
    var entry = gateway.entry(ACME, TestGateway.opened(ACME, request, session));
    SERVER.execute("alter table session add constraint no_session check (false) not valid");
    int size = ACME.verifiedLog().size();
    try {
      assertThat(gateway.append(entry).status()).isGreaterThanOrEqualTo(500);
    } finally {
      SERVER.execute("alter table session drop constraint no_session");
    }
    assertThat(ACME.verifiedLog()).hasSize(size);
    assertThat(TestGateway.indices(gateway.append(entry))).containsExactly((long) size);
  }

  @Test
  void oneBatchFillsTheLogsOfManyTenantsOrNone() {
    var gateway = TestGateway.leased(SERVER);
    var here = gateway.open(ACME, ACME.approved());
    var there = gateway.open(GLOBEX, GLOBEX.approved());
    long acme = outcomes(ACME);
    long globex = outcomes(GLOBEX);
    var ours = gateway.entry(ACME, 1, TestGateway.outcome(here, 0));
    var gap = gateway.entry(GLOBEX, 2, TestGateway.outcome(there, 0));
    assertThat(gateway.append(ours, gap).code()).isEqualTo("gap");
    assertThat(outcomes(ACME)).isEqualTo(acme);
    assertThat(outcomes(GLOBEX)).isEqualTo(globex);

    var next = gateway.entry(GLOBEX, 1, TestGateway.outcome(there, 0));
    var indices = TestGateway.indices(gateway.append(ours, next));
    assertThat(ACME.verifiedLog().get(indices.get(0).intValue()).body())
        .isInstanceOf(SessionEvent.Outcome.class);
    assertThat(GLOBEX.verifiedLog().get(indices.get(1).intValue()).body())
        .isInstanceOf(SessionEvent.Outcome.class);
  }

  /// Sessions of gateways that are gone may be written down as lost meanwhile.
  private static long outcomes(TestTenant tenant) {
    return tenant.verifiedLog().stream()
        .filter(entry -> entry.body() instanceof SessionEvent.Outcome)
        .count();
  }

  @Test
  void anotherEntryUnderAUsedCounterIsRefused() {
    var gateway = TestGateway.leased(SERVER);
    var session = gateway.open(ACME, ACME.approved());
    TestGateway.indices(gateway.append(gateway.entry(ACME, TestGateway.outcome(session, 0))));
    var other = gateway.entry(ACME, 1, TestGateway.outcome(session, 7));
    assertThat(gateway.append(other).code()).isEqualTo("counter_reused");
  }

  @Test
  void anEntryThatTheGatewayMayNotWriteIsRefused() {
    var gateway = TestGateway.leased(SERVER);
    var request = ACME.approved();
    var session = SessionId.random(TestTenant.RANDOM);
    var opened = TestGateway.opened(ACME, request, session);
    var stranger = new TestGateway(SERVER, 0, "gw-2", gateway.boot);
    var forged = stranger.entry(ACME, opened);
    assertThat(gateway.append(forged).code()).isEqualTo("stamp");
    assertThat(stranger.post("/gateway/v1/append", body("gw-1", forged)).status()).isEqualTo(403);
    var unsigned = new TreeMap<>(((Json.Object) gateway.entry(ACME, opened)).members());
    unsigned.put(
        "gw", Json.object().put("id", "gw-1").put("boot", gateway.boot).put("seq", 0).build());
    assertThat(gateway.append(new Json.Object(unsigned)).code()).isEqualTo("signature");
    var lost = gateway.entry(ACME, 0, new SessionEvent.Lost(session, "gone"));
    assertThat(gateway.append(lost).status()).isEqualTo(400);
  }

  private static Json body(String gateway, Json entry) {
    return Json.object()
        .put("gateway", gateway)
        .put("boot", "0000000000000001")
        .put("entries", List.of(entry))
        .build();
  }

  @Test
  void aNewBootTakesOverAndTheOldOnesSessionsAreLost() {
    var old = TestGateway.leased(SERVER);
    var request = ACME.approved();
    var session = old.open(ACME, request);
    TestGateway.indices(old.append(old.entry(ACME, TestGateway.outcome(session, 0))));
    TestGateway.leased(SERVER);
    assertThat(old.lease().code()).isEqualTo("superseded");
    assertThat(ACME.verifiedLog().getLast().body())
        .isEqualTo(new SessionEvent.Lost(session, "gateway gw-1 is gone"));
    assertThat(ACME.show(request).json().number("openSessions")).isZero();
    assertThat(SERVER.get("acme-auditor", "/v1/sessions").json().objects("sessions"))
        .filteredOn(listed -> listed.text("id").equals(session.value()))
        .singleElement()
        .satisfies(listed -> assertThat(listed.number("rows")).isEqualTo(1));

    var late =
        old.entry(ACME, TestGateway.opened(ACME, request, SessionId.random(TestTenant.RANDOM)));
    assertThat(old.append(late).code()).isEqualTo("superseded");
    var close = old.entry(ACME, 2, TestGateway.closed(session, true));
    assertThat(TestGateway.indices(old.append(close))).hasSize(1);
  }

  @Test
  void terminatingASessionReachesItsGatewayAndNobodyElses() {
    var gateway = TestGateway.leased(SERVER);
    var session = gateway.open(ACME, ACME.approved());
    var path = "/v1/tenants/acme/sessions/%s:terminate".formatted(session);
    var nothing = Json.object().build();
    assertThat(SERVER.post("globex-approver", path, nothing).status()).isEqualTo(404);
    assertThat(SERVER.post("acme-auditor", path, nothing).status()).isEqualTo(403);
    assertThat(SERVER.post("operator", path, nothing).status()).isEqualTo(403);
    assertThat(SERVER.post("acme-approver", path, nothing).status()).isEqualTo(200);
    var told = gateway.lease().json().objects("tenants").getFirst();
    assertThat(told.texts("stopSessions")).containsExactly(session.value());
    TestGateway.indices(gateway.append(gateway.entry(ACME, TestGateway.closed(session, true))));
    assertThat(SERVER.post("acme-approver", path, nothing).code()).isEqualTo("session_over");
    assertThat(gateway.lease().json().objects("tenants")).isEmpty();
  }

  @Test
  void nobodyButAGatewayComesThroughTheDoor() {
    var request = ACME.approved();
    for (var profile :
        List.of("engineer", "reviewer", "operator", "acme-approver", "acme-auditor")) {
      assertThat(SERVER.get(profile, historyPath(ACME, request)).status()).isEqualTo(403);
      assertThat(
              SERVER
                  .post(profile, "/gateway/v1/lease", Json.object().put("gateway", "gw-1").build())
                  .status())
          .isEqualTo(403);
    }
    assertThat(SERVER.get("nobody", historyPath(ACME, request)).status()).isEqualTo(401);
  }
}
