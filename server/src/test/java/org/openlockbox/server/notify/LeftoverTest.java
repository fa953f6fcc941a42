package org.openlockbox.server.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.server.Inbox;
import org.openlockbox.server.Inbox.Arrived;
import org.openlockbox.server.Pause;
import org.openlockbox.server.Recorded;
import org.openlockbox.server.TestGateway;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestServer.Answer;
import org.openlockbox.server.TestTenant;
import org.openlockbox.server.identity.MailAddress;
import org.openlockbox.server.identity.People;
import org.openlockbox.server.identity.Role;

/// What people read, by real SMTP, of a session's role that cannot be removed: once, at once
/// whatever the hour, and again when it is gone.
final class LeftoverTest {
  private static final String OPERATOR = "olga@vendor.example";
  private static final String ALARM = "ATTENTION, access could not be removed: ";
  private static final Inbox INBOX = new Inbox();
  private static final TestServer SERVER =
      new TestServer(Optional.of(INBOX.smtp()), Optional.empty());
  private static final TestTenant ACME = new TestTenant(SERVER, "acme", 1);

  @BeforeAll
  static void atNight() {
    var operator =
        new People.NewPerson(
            Optional.empty(),
            new SubjectId("olga"),
            new MailAddress(OPERATOR),
            "Olga",
            Set.of(Role.OPERATOR));
    SERVER.server(0).people().add(operator);
    contacts(
        Json.object().put("address", "all@acme.example").put("audience", "approvers").build(),
        Json.object()
            .put("address", "bea@acme.example")
            .put("audience", "approvers")
            .put("zone", "Europe/Berlin")
            .put("quiet", Json.object().put("from", "20:00").put("until", "07:00").build())
            .build());
    SERVER.pass(Duration.ofHours(11));
  }

  private static void contacts(Json... contacts) {
    var path = "/v1/tenants/" + ACME.id + "/notifications";
    var match = Map.of("If-Match", SERVER.get(ACME.approver(), path).etag());
    var body = Json.object().put("links", true).put("contacts", List.of(contacts)).build();
    var changed = SERVER.call(0, ACME.approver(), "PUT", path, CanonicalJson.text(body), match);
    assertThat(changed.status()).as(changed.toString()).isEqualTo(200);
  }

  @AfterAll
  static void close() {
    ACME.verifiedLog();
    SERVER.close();
    INBOX.close();
  }

  private static Predicate<Arrived> mail(String to, Answer request, String subject) {
    return one ->
        one.to().equals(to)
            && one.subject().contains(subject)
            && one.subject().contains(id(request));
  }

  private static String id(Answer request) {
    return TestTenant.ref(request).id().value();
  }

  private static SessionEvent.RemovalFailed notRemoved(SessionId session, Answer request) {
    return new SessionEvent.RemovalFailed(
        session, TestTenant.ref(request).id(), "the role is in use");
  }

  @Test
  void itIsToldAtOnceThoughAccessGoesOnAndNotAgainWhenThatEnds() {
    var request = ACME.approved();
    var gateway = TestGateway.leased(SERVER);
    var first = gateway.open(ACME, request);
    var second = gateway.open(ACME, request);
    var failed = gateway.entry(ACME, notRemoved(first, request));
    TestGateway.indices(gateway.append(failed));
    var told = INBOX.await(1, mail("bea@acme.example", request, ALARM)).getFirst();
    assertThat(told.header("Importance")).isEqualTo("high");
    assertThat(told.text())
        .containsPattern("Not removed +> the role is in use")
        .contains("lockbox revoke " + id(request));
    INBOX.await(1, mail(OPERATOR, request, "ATTENTION, a role could not be removed:"));

    TestGateway.indices(gateway.append(failed)); // sent again: the answer had been lost
    TestGateway.indices(gateway.append(gateway.entry(ACME, notRemoved(second, request))));
    assertThat(ACME.revoke(ACME.show(request)).status()).isEqualTo(200);
    var ended = "Revoked, but not removed yet: ";
    assertThat(INBOX.await(1, mail("all@acme.example", request, ended)).getFirst().text())
        .containsPattern("Not removed +> the role is in use");

    TestGateway.indices(gateway.append(gateway.entry(ACME, TestGateway.closed(first, true))));
    TestGateway.indices(gateway.append(gateway.entry(ACME, TestGateway.closed(second, true))));
    var gone = INBOX.await(1, mail("all@acme.example", request, "Removed after all: "));
    assertThat(gone.getFirst().text()).doesNotContain("Not removed");
    INBOX.await(1, mail(OPERATOR, request, "Removed after all:"));
    assertThat(INBOX.all(mail("all@acme.example", request, "ATTENTION"))).hasSize(1);
    assertThat(INBOX.all(mail("bea@acme.example", request, ""))).hasSize(1);
    assertThat(INBOX.all(mail(OPERATOR, request, ""))).hasSize(2);
  }

  @Test
  void whatIsGoneWhileAccessGoesOnIsToldAsWell() {
    var request = ACME.approved();
    var gateway = TestGateway.leased(SERVER);
    var session = gateway.open(ACME, request);
    TestGateway.indices(gateway.append(gateway.entry(ACME, notRemoved(session, request))));
    TestGateway.indices(gateway.append(gateway.entry(ACME, TestGateway.closed(session, true))));
    INBOX.await(1, mail("all@acme.example", request, "Removed after all: "));
    INBOX.await(1, mail("all@acme.example", request, ALARM));
    var stopped = gateway.open(ACME, request);
    TestGateway.indices(gateway.append(gateway.entry(ACME, TestGateway.closed(stopped, false))));
    var again = INBOX.await(2, mail("all@acme.example", request, ALARM)).getLast();
    assertThat(again.text()).containsPattern("Not removed +> its role may still exist");
    assertThat(ACME.show(request).json().text("state")).isEqualTo("approved");
  }

  @Test
  void whatIsLeftOverAfterTheEndIsToldOnce() {
    var request = ACME.approved();
    var gateway = TestGateway.leased(SERVER);
    var session = gateway.open(ACME, request);
    assertThat(ACME.revoke(ACME.show(request)).status()).isEqualTo(200);
    INBOX.await(1, mail("all@acme.example", request, "Revoked: "));
    TestGateway.indices(gateway.append(gateway.entry(ACME, notRemoved(session, request))));
    INBOX.await(1, mail("bea@acme.example", request, ALARM));
    TestGateway.indices(gateway.append(gateway.entry(ACME, TestGateway.closed(session, true))));
    INBOX.await(1, mail("all@acme.example", request, "Removed after all: "));
    assertThat(INBOX.all(mail("all@acme.example", request, "ATTENTION"))).hasSize(1);
  }

  @Test
  void nothingThatAnybodyWroteLeavesWithTheOperatorsMail() {
    var request = ACME.approved();
    var gateway = TestGateway.leased(SERVER);
    var session = gateway.open(ACME, request);
    TestGateway.indices(gateway.append(gateway.entry(ACME, notRemoved(session, request))));
    var theirs = INBOX.await(1, mail(OPERATOR, request, "ATTENTION")).getFirst();
    assertThat(theirs.subject()).contains(ACME.id.value(), "helpdesk");
    assertThat(theirs.text())
        .contains("the role is in use")
        .doesNotContain("SUP-1", "Cannot log in");
    var shown = SERVER.get(ACME.approver(), deliveries(request)).json().objects("deliveries");
    assertThat(shown).noneMatch(delivery -> delivery.text("to").equals(OPERATOR));
    assertThat(shown).anyMatch(delivery -> delivery.text("kind").equals("grant.removalFailed"));
  }

  @Test
  void anErasureThatTookALetterAboutItBeforeThatHadGoneOutTellsItAnew() {
    var request = toldOfIt();
    SERVER.execute(
        """
        update outbox set sent_at = null, claimed_until = '%s'
         where request_id = '%s' and recipient = 'bea@acme.example' and kind = 'grant.removalFailed'
        """
            .formatted(SERVER.clock.get().plusSeconds(60), id(request)));
    erase(request);
    var anew = INBOX.await(2, mail("bea@acme.example", request, ALARM)).getLast();
    assertThat(anew.text())
        .containsPattern("Not removed +> the role is in use")
        .doesNotContain("Cannot log in");
  }

  /// Who sleeps has not been told of the approval yet.
  @Test
  void anErasureThatTookAnotherLetterDoesNotTellItAgain() {
    var request = toldOfIt();
    assertThat(states(request, "request.approved")).contains("waiting");
    erase(request);
    assertThat(states(request, "request.approved")).isNotEmpty();
    assertThat(states(request, "grant.removalFailed")).isEmpty();
  }

  /// A request of which everybody has been told that a role is left over.
  private static Answer toldOfIt() {
    var request = ACME.approved();
    var gateway = TestGateway.leased(SERVER);
    var session = gateway.open(ACME, request);
    TestGateway.indices(gateway.append(gateway.entry(ACME, notRemoved(session, request))));
    INBOX.await(1, mail("bea@acme.example", request, ALARM));
    Pause.until(
        "all to be marked",
        () -> states(request, "grant.removalFailed").stream().allMatch("sent"::equals));
    return request;
  }

  private static void erase(Answer request) {
    var acme = new Recorded(ACME, request, List.of());
    var erased = acme.erase(acme.erasure(acme.requestEntry()));
    assertThat(erased.status()).as(erased.toString()).isEqualTo(201);
  }

  /// How the mails of this kind stand.
  private static List<String> states(Answer request, String kind) {
    return SERVER.get(ACME.approver(), deliveries(request)).json().objects("deliveries").stream()
        .filter(delivery -> delivery.text("kind").equals(kind))
        .map(delivery -> delivery.text("state"))
        .toList();
  }

  private static String deliveries(Answer request) {
    return "/v1/tenants/%s/deliveries?request=%s".formatted(ACME.id, id(request));
  }
}
