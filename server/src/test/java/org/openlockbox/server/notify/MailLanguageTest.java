package org.openlockbox.server.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.policy.Mode;
import org.openlockbox.core.policy.Policy;
import org.openlockbox.core.signing.Scheme;
import org.openlockbox.core.signing.SoftwareKey;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.server.AuthoritySigned;
import org.openlockbox.server.Pause;
import org.openlockbox.server.TestGateway;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestServer.Answer;
import org.openlockbox.server.TestTenant;
import org.openlockbox.server.access.RequestRates;
import org.openlockbox.server.identity.MailAddress;
import org.openlockbox.server.identity.People;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.notify.message.NoticeKind;
import org.openlockbox.server.notify.message.Topic;

/// Every kind of mail that the server sends, to somebody who reads English and to somebody who
/// reads German: each gets it in their own language, subject, text and HTML.
final class MailLanguageTest {
  private static final String ANN = "ann@acme.example";
  private static final String BEA = "bea@acme.example";

  /// Words that only a mail in English has.
  private static final List<String> ENGLISH =
      List.of(" the ", " your ", "Decide by", "How long", "Level ", "Open in Lockbox", "Approved");

  /// What somebody does in the portal; the portal's tests read these mails in both languages.
  private static final Set<NoticeKind> OF_PAGES =
      Set.of(
          NoticeKind.SIGN_IN,
          NoticeKind.PEOPLE_CHANGED,
          NoticeKind.REQUEST_QUESTION,
          NoticeKind.REQUEST_ANSWER);

  /// What a restore and a refused history bring about.
  private static final Set<NoticeKind> OF_DISASTERS =
      Set.of(NoticeKind.LOG_RECOVERED, NoticeKind.LOG_REFUSED);

  private final TestServer server =
      new TestServer(Optional.empty(), new RequestRates(1000, 1000, Duration.ofHours(1), 3));
  private final TestTenant acme = new TestTenant(server, "acme", 1);

  private void person(String subject, String address, String language, Role role) {
    var name = subject.equals("acme-ann") ? "Ann Ames" : "Bea Berg";
    server
        .server(0)
        .people()
        .add(
            new People.NewPerson(
                Optional.of(acme.id),
                new SubjectId(subject),
                new MailAddress(address),
                name,
                Set.of(role)));
    server.execute(
        "update person set language = '%s' where subject = '%s'".formatted(language, subject));
  }

  private static Json contact(String address, String audience) {
    return contact(address, audience, EnumSet.allOf(Topic.class));
  }

  private static Json contact(String address, String audience, Set<Topic> topics) {
    return Json.object()
        .put("address", address)
        .put("audience", audience)
        .putTexts("topics", topics.stream().map(Topic::word).toList())
        .build();
  }

  /// Who gets the closing record gets no mail of a usual end.
  private void endingsInsteadOfRecords() {
    var topics = EnumSet.complementOf(EnumSet.of(Topic.RECORDS));
    contacts(contact(ANN, "approvers", topics), contact(BEA, "approvers", topics));
  }

  private void contacts(Json... contacts) {
    var path = "/v1/tenants/" + acme.id + "/notifications";
    var match = Map.of("If-Match", server.get(acme.approver(), path).etag());
    var body = Json.object().put("links", true).put("contacts", List.of(contacts)).build();
    var changed = server.call(0, acme.approver(), "PUT", path, CanonicalJson.text(body), match);
    assertThat(changed.status()).as(changed.toString()).isEqualTo(200);
  }

  private void ok(Answer answer) {
    assertThat(answer.status()).as(answer.toString()).isIn(200, 201);
  }

  private List<String> mails(String to, NoticeKind kind, String part) {
    return server.rows(
        "select %s from outbox where channel = 'mail' and recipient = '%s' and kind = '%s' order by id"
            .formatted(part, to, kind.word()));
  }

  private void until(NoticeKind kind) {
    Pause.until(kind.word(), () -> !mails(BEA, kind, "subject").isEmpty());
  }

  @Test
  void everyMailIsInTheLanguageOfItsReader() {
    try (server) {
      person("acme-ann", ANN, "en", Role.APPROVER);
      person("acme-bea", BEA, "de", Role.APPROVER);
      contacts(contact(ANN, "approvers"), contact(BEA, "approvers"));
      ok(server.post(acme.approver(), "/v1/tenants/acme/notifications:test", empty()));
      decided();
      sessions();
      keys();
      unanswered();
      founded();
      later();
      acme.verifiedLog();
      read();
    }
  }

  private static Json empty() {
    return Json.object().build();
  }

  private void decided() {
    ok(acme.revoke(acme.approve(acme.ask("helpdesk"))));
    var denied = acme.ask("helpdesk");
    var no = acme.decision(TestTenant.ref(denied), "acme-ann", Optional.empty());
    ok(acme.step(acme.approver(), denied, ":deny", TestTenant.envelope(no.signedBy(acme.key))));
    ok(acme.step("engineer", acme.ask("helpdesk"), ":withdraw", empty()));
    until(NoticeKind.CLOSING_RECORD);
  }

  private void sessions() {
    server.pass(Duration.ofHours(7));
    endingsInsteadOfRecords();
    var request = acme.approved();
    var gateway = TestGateway.leased(server);
    var session = gateway.open(acme, request);
    var left = new SessionEvent.RemovalFailed(session, TestTenant.ref(request).id(), "role in use");
    TestGateway.indices(gateway.append(gateway.entry(acme, left)));
    TestGateway.indices(gateway.append(gateway.entry(acme, TestGateway.closed(session, true))));
    ok(acme.step("engineer", acme.show(request), ":complete", empty()));
    acme.approved();
    server.pass(Duration.ofMinutes(40));
    until(NoticeKind.GRANT_EXPIRED);
    contacts(contact(ANN, "approvers"), contact(BEA, "approvers"));
  }

  private void keys() {
    acme.change(new KeyringChange.Edit.ReplacePolicy(Policy.of(Mode.ASK)));
    var lost = SoftwareKey.generate(Scheme.ED25519, TestTenant.RANDOM);
    ok(AuthoritySigned.bring(server, AuthoritySigned.revocation("gw-9", lost, server.authority)));
    until(NoticeKind.GATEWAY_REVOKED);
    var next = SoftwareKey.generate(Scheme.ED25519, TestTenant.RANDOM);
    var at = server.clock.get().plus(Duration.ofDays(4));
    ok(AuthoritySigned.bring(server, AuthoritySigned.change(server, next, at)));
    until(NoticeKind.GATEWAY_AUTHORITY);
  }

  /// Reminders, what lapses, and many requests in one mail.
  private void unanswered() {
    contacts(contact(ANN, "backup"), contact(BEA, "backup"));
    server.pass(Duration.ofHours(7));
    for (int n = 0; n < 5; n++) {
      acme.ask("helpdesk");
    }
    server.pass(Duration.ofMinutes(20));
    until(NoticeKind.REQUESTS_GROUPED);
    server.pass(Duration.ofHours(7));
    until(NoticeKind.REQUEST_ESCALATED);
    contacts(contact(ANN, "approvers"), contact(BEA, "approvers"));
    server.pass(Duration.ofHours(3));
    until(NoticeKind.REQUEST_REMINDER);
    server.pass(Duration.ofHours(3));
    until(NoticeKind.REQUEST_LAPSED);
  }

  /// A tenant that two have to sign for, and one that waits for its people.
  private void founded() {
    for (var address : List.of(ANN, BEA)) {
      var invited =
          Json.object().put("tenant", "hooli").put("name", "Hooli").put("admin", address).build();
      ok(server.post("operator", "/v1/tenants:invite", invited));
    }
    var both = new TestTenant(server, "umbrella", 2);
    var path = "/v1/tenants/umbrella/notifications";
    var match = Map.of("If-Match", server.get(both.approver(), path).etag());
    var wanted =
        Json.object()
            .put("links", true)
            .put("contacts", List.of(contact(ANN, "approvers"), contact(BEA, "approvers")))
            .build();
    ok(server.call(0, both.approver(), "PUT", path, CanonicalJson.text(wanted), match));
    ok(both.approve(both.ask("helpdesk")));
  }

  /// What a day and a month bring; the rounds begin with a server.
  private void later() {
    server.pass(Duration.ofDays(40));
    acme.ask("helpdesk");
    server.startAnother();
    until(NoticeKind.MONTHLY_REPORT);
    until(NoticeKind.DAILY_DIGEST);
  }

  private void read() {
    var walked = new TreeSet<NoticeKind>();
    for (var kind : NoticeKind.values()) {
      var english = mails(ANN, kind, "subject");
      var german = mails(BEA, kind, "subject");
      if (OF_PAGES.contains(kind) || OF_DISASTERS.contains(kind)) {
        continue;
      }
      assertThat(english).as(kind.word()).isNotEmpty().hasSameSizeAs(german);
      assertThat(german).as(kind.word()).doesNotContainAnyElementsOf(english);
      for (var part : List.of("text_part", "html_part")) {
        assertThat(mails(BEA, kind, part))
            .as("%s %s", kind.word(), part)
            .allSatisfy(text -> assertThat(text).doesNotContain(ENGLISH));
      }
      assertThat(mails(ANN, kind, "html_part"))
          .allSatisfy(html -> assertThat(html).contains("<html lang=\"en\">"));
      assertThat(mails(BEA, kind, "html_part"))
          .allSatisfy(html -> assertThat(html).contains("<html lang=\"de\">"));
      walked.add(kind);
    }
    assertThat(walked).hasSize(NoticeKind.values().length - 6);
    assertThat(names())
        .containsEntry("Approved by", "Ann Ames (acme-ann)")
        .containsEntry("Sessions at once", "at most 4");
  }

  /// The lines of Ann's newest mail about an approval.
  private Map<String, String> names() {
    var text = mails(ANN, NoticeKind.REQUEST_APPROVED, "text_part").getLast();
    return text.lines()
        .map(line -> line.split(" {2,}", 2))
        .filter(line -> line.length == 2 && !line[0].isEmpty())
        .collect(
            Collectors.toMap(line -> line[0], line -> line[1], (first, _) -> first, TreeMap::new));
  }
}
