package org.openlockbox.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.TextStyle;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Allowance;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.limits.Amount;
import org.openlockbox.core.limits.ByteBudget;
import org.openlockbox.core.limits.Concurrency;
import org.openlockbox.core.limits.Hours;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.limits.RowBudget;
import org.openlockbox.core.limits.Shift;
import org.openlockbox.core.log.EntryType;
import org.openlockbox.core.log.LogEntry;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.operation.Protocol;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.server.TestGateway;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestServer.Answer;
import org.openlockbox.server.TestTenant;

/// What gateways may open, claim and leave behind, over real HTTP.
final class OpeningTest {
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

  @Test
  void aSessionIsOpenedOnlyWhileItsRequestIsInForceByTheLogsOwnClock() {
    var gateway = TestGateway.leased(SERVER);
    assertThat(refusal(gateway, ACME, ACME.ask("helpdesk"))).isEqualTo("not_in_force");
    var revoked = ACME.approved();
    ACME.revoke(revoked);
    assertThat(refusal(gateway, ACME, revoked)).isEqualTo("not_in_force");
    var elsewhere = GLOBEX.approved();
    assertThat(refusal(gateway, ACME, elsewhere)).isEqualTo("request");
    gateway.open(ACME, ACME.approved()); // refusals used up no counter
  }

  private static String refusal(TestGateway gateway, TestTenant tenant, Answer request) {
    var opened = TestGateway.opened(tenant, request, SessionId.random(TestTenant.RANDOM));
    return gateway.append(gateway.entry(tenant, 0, opened)).code();
  }

  private static String refusal(TestGateway gateway, long counter, Answer request) {
    var opened = TestGateway.opened(ACME, request, SessionId.random(TestTenant.RANDOM));
    return gateway.append(gateway.entry(ACME, counter, opened)).code();
  }

  @Test
  void aSessionOfAnExpiredGrantIsNotOpened() {
    var initech = new TestTenant(SERVER, "initech", 1);
    var brief =
        new Allowance(
            Level.MASKED,
            initech.window(Duration.ofMinutes(1)),
            Duration.ofMinutes(1),
            Limits.UNWRITTEN.asked());
    var request = initech.approve(initech.ask("helpdesk"), brief);
    var late = TestGateway.opened(initech, request, SessionId.random(TestTenant.RANDOM));
    SERVER.pass(Duration.ofMinutes(1));
    var gateway = TestGateway.leased(SERVER);
    var answer = gateway.append(gateway.entry(initech, late));
    assertThat(answer.code()).as(answer.toString()).isEqualTo("not_in_force");
    assertThat(answer.json().text("detail")).isEqualTo("the request is not in force");
  }

  @Test
  void aSessionIsNotOpenedWithMoreThanWasGranted() {
    var gateway = TestGateway.leased(SERVER);
    var request = ACME.approved();
    var fair = TestGateway.opened(ACME, request, SessionId.random(TestTenant.RANDOM));
    var foreign =
        TestGateway.opened(ACME, ACME.approved(), SessionId.random(TestTenant.RANDOM)).connect();
    for (var greedy :
        List.of(
            with(fair, fair.engineer(), fair.resource(), Level.READ, fair.connect(), 0),
            with(fair, fair.engineer(), fair.resource(), fair.level(), fair.connect(), 21),
            with(fair, new SubjectId("mallory"), fair.resource(), fair.level(), fair.connect(), 0),
            with(fair, fair.engineer(), new ResourceId("ledger"), fair.level(), fair.connect(), 0),
            with(fair, fair.engineer(), fair.resource(), fair.level(), foreign, 0))) {
      var answer = gateway.append(gateway.entry(ACME, 0, greedy));
      assertThat(answer.code()).as(answer.toString()).isEqualTo("not_in_force");
    }
    assertThat(gateway.append(gateway.entry(ACME, 0, fair)).status()).isEqualTo(200);
  }

  private static SessionEvent.Opened with(
      SessionEvent.Opened opened,
      SubjectId engineer,
      ResourceId resource,
      Level level,
      Envelope connect,
      int minutesMore) {
    return new SessionEvent.Opened(
        opened.of(),
        opened.about(),
        engineer,
        resource,
        Protocol.POSTGRESQL,
        level,
        connect,
        opened.certificate(),
        opened.catalogue(),
        opened.clientAddress(),
        opened.clientApplication(),
        opened.expires().plus(Duration.ofMinutes(minutesMore)));
  }

  @Test
  void aFailedRemovalNamesTheRequestOfItsSession() {
    var gateway = TestGateway.leased(SERVER);
    var session = gateway.open(ACME, ACME.approved());
    var other = TestTenant.ref(ACME.approved()).id();
    var failed = new SessionEvent.RemovalFailed(session, other, "why");
    assertThat(gateway.append(gateway.entry(ACME, 1, failed)).code()).isEqualTo("request");
  }

  @Test
  void aSessionIsOpenedOnlyUnderALease() {
    var gateway = TestGateway.unleased(SERVER);
    var entry =
        gateway.entry(
            ACME, TestGateway.opened(ACME, ACME.approved(), SessionId.random(TestTenant.RANDOM)));
    assertThat(gateway.append(entry).code()).isEqualTo("superseded");
  }

  @Test
  void aRoleThatCouldNotBeRemovedShowsUntilItIs() {
    var gateway = TestGateway.leased(SERVER);
    var request = ACME.approved();
    var session = gateway.open(ACME, request);
    var about = TestTenant.ref(request).id();
    var failed = new SessionEvent.RemovalFailed(session, about, "the role is in use");
    TestGateway.indices(gateway.append(gateway.entry(ACME, failed)));
    assertThat(ACME.show(request).json().text("state")).isEqualTo("approved");
    assertThat(ACME.show(request).json().text("leftover")).isEqualTo("the role is in use");
    var revoked = ACME.revoke(ACME.show(request));
    assertThat(revoked.json().text("state")).isEqualTo("removalFailed");
    assertThat(revoked.json().text("leftover")).isEqualTo("the role is in use");
    var close = gateway.entry(ACME, TestGateway.closed(session, true));
    TestGateway.indices(gateway.append(close));
    assertThat(ACME.show(request).json().text("state")).isEqualTo("revoked");
    assertThat(ACME.show(request).json().has("leftover")).isFalse();
    var types = ACME.verifiedLog().stream().map(LogEntry::type).toList();
    assertThat(types).contains(EntryType.REMOVAL_FAILED, EntryType.SESSION_CLOSE);
  }

  @Test
  void aFailedRemovalOfNoRequestIsRefused() {
    var gateway = TestGateway.leased(SERVER);
    var nobody =
        new SessionEvent.RemovalFailed(
            SessionId.random(TestTenant.RANDOM), RequestId.random(TestTenant.RANDOM), "why");
    assertThat(gateway.append(gateway.entry(ACME, nobody)).status()).isEqualTo(422);
  }

  @Test
  void allBootsOfAllGatewaysTogetherClaimNoMoreRowsThanTheBudget() {
    var request =
        ACME.approve(
            ACME.ask("helpdesk"),
            ACME.allowance(Limits.UNWRITTEN.withRowBudget(new RowBudget(100))));
    var first = TestGateway.leased(SERVER);
    var second = TestGateway.unleased(SERVER, "gw-2");
    assertThat(claimed(first, request, 30)).isEqualTo(30);
    assertThat(claimed(first, request, 30)).isEqualTo(30);
    assertThat(claimed(second, request, 60)).isEqualTo(60);
    assertThat(claimed(first, request, 90)).isEqualTo(40);
    assertThat(claimed(second, request, 61)).isEqualTo(60);
    assertThat(claimed(first, request, 25)).isEqualTo(25);
    assertThat(claimed(TestGateway.leased(SERVER), request, 90))
        .isEqualTo(15); // the same gateway, started again
    assertThat(claimed(second, request, 100)).isEqualTo(60);
  }

  @Test
  void bytesAreClaimedBesideRows() {
    var limits = Limits.UNWRITTEN.withByteBudget(new ByteBudget(1000));
    var request = ACME.approve(ACME.ask("helpdesk"), ACME.allowance(limits));
    var first = TestGateway.leased(SERVER);
    var second = TestGateway.unleased(SERVER, "gw-2");
    assertThat(claim(first, request, 5, 700)).isEqualTo(new Amount(5, 700));
    assertThat(claim(second, request, 1_000_000, 700)).isEqualTo(new Amount(1_000_000, 300));
    assertThat(claim(first, request, 5, 100)).isEqualTo(new Amount(5, 100));
    assertThat(claim(second, request, 5, 1000)).isEqualTo(new Amount(5, 900));
  }

  @Test
  void noMoreSessionsAreOpenAtOnceThanWereGranted() {
    var gateway = TestGateway.leased(SERVER);
    var limits = Limits.UNWRITTEN.withSessions(new Concurrency(2));
    var request = ACME.approve(ACME.ask("helpdesk"), ACME.allowance(limits));
    var first = gateway.open(ACME, request);
    gateway.open(ACME, request);
    assertThat(refusal(gateway, 2, request)).isEqualTo("not_in_force");
    gateway.append(gateway.entry(ACME, TestGateway.closed(first, true)));
    gateway.open(ACME, request);
    assertThat(refusal(gateway, 4, request)).isEqualTo("not_in_force");
  }

  /// The number is in the request, so it is seen and signed; a gateway that lets more in cannot log
  /// them.
  @Test
  void whoeverNamesNoNumberOfSessionsAsksForFour() {
    var gateway = TestGateway.leased(SERVER);
    var asked = ACME.ask("helpdesk");
    assertThat(asked.json().has("sessions")).as("it names a number").isTrue();
    assertThat(asked.json().number("sessions")).isEqualTo(4);
    var request = ACME.approve(asked);
    assertThat(request.json().object("grant").number("sessions")).isEqualTo(4);
    for (int n = 0; n < 4; n++) {
      gateway.open(ACME, request);
    }
    assertThat(refusal(gateway, 4, request)).isEqualTo("not_in_force");

    var more = ACME.wishing("helpdesk").put("sessions", 100).build();
    var named = SERVER.post("engineer", ACME.requests(), more);
    assertThat(named.json().number("sessions")).isEqualTo(100);
  }

  @Test
  void anApproverCannotAllowMoreSessionsThanWereAskedForBySilence() {
    var asked = ACME.ask("helpdesk");
    var five = ACME.allowance(Limits.UNWRITTEN.withSessions(new Concurrency(5)));
    var refused = ACME.approve(asked, five);
    assertThat(refused.status()).as(refused.toString()).isEqualTo(422);
    assertThat(refused.code()).isEqualTo("sessions_wider");
  }

  @Test
  void aSessionIsNotOpenedOutsideTheGrantedHours() {
    var now = SERVER.clock.get().atZone(ZoneOffset.UTC);
    var day = now.getDayOfWeek().plus(2).getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
    var hours = Shift.parse(day.toLowerCase(Locale.ROOT) + " 08:00-09:00 UTC");
    var limits = Limits.UNWRITTEN.withHours(Hours.of(hours));
    var request = ACME.approve(ACME.ask("helpdesk"), ACME.allowance(limits));
    assertThat(refusal(TestGateway.leased(SERVER), ACME, request)).isEqualTo("not_in_force");
  }

  @Test
  void rowsAreOnlyClaimedOfAGrantOfThatTenantByTheGatewayItself() {
    var gateway = TestGateway.leased(SERVER);
    assertThat(rows(gateway, ACME, ACME.ask("helpdesk"), 1).status()).isEqualTo(404);
    var request = ACME.approved();
    assertThat(rows(gateway, GLOBEX, request, 1).status()).isEqualTo(404);
    assertThat(rows(gateway, ACME, request, -1).status()).isEqualTo(400);
    assertThat(claimed(gateway, request, 1_000_000)).isEqualTo(1_000_000); // no budget was set
    var body = wish(gateway, ACME, request, 1);
    assertThat(SERVER.post("gw-2", "/gateway/v1/claims", body).status()).isEqualTo(403);
    assertThat(SERVER.post("operator", "/gateway/v1/claims", body).status()).isEqualTo(403);
  }

  private static Amount claim(TestGateway gateway, Answer request, long rows, long bytes) {
    var wish = new TreeMap<>(wish(gateway, ACME, request, rows).members());
    wish.put("bytes", new Json.Number(bytes));
    var claimed = gateway.post("/gateway/v1/claims", new Json.Object(wish)).json();
    return new Amount(claimed.number("rows"), claimed.number("bytes"));
  }

  private static long claimed(TestGateway gateway, Answer request, long rows) {
    return rows(gateway, ACME, request, rows).json().number("rows");
  }

  private static Answer rows(TestGateway gateway, TestTenant tenant, Answer request, long rows) {
    return gateway.post("/gateway/v1/claims", wish(gateway, tenant, request, rows));
  }

  private static Json.Object wish(
      TestGateway gateway, TestTenant tenant, Answer request, long rows) {
    return Json.object()
        .put("gateway", gateway.id)
        .put("boot", gateway.boot)
        .put("tenant", tenant.id.value())
        .put("request", TestTenant.ref(request).id().value())
        .put("rows", rows)
        .put("bytes", 0)
        .build();
  }
}
