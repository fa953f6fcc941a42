package org.openlockbox.server.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.bundle.BundleCheck;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.keyring.KeyringChange.Edit;
import org.openlockbox.core.keyring.ProviderAccess;
import org.openlockbox.core.keyring.Settings;
import org.openlockbox.core.keyring.WitnessPolicy;
import org.openlockbox.core.log.EntryType;
import org.openlockbox.core.log.LogEntry;
import org.openlockbox.core.policy.Policy;
import org.openlockbox.core.signing.SoftwareKey;
import org.openlockbox.core.statement.Ticket;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.policy.CelConditions;
import org.openlockbox.server.TestDirectory;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestServer.Answer;
import org.openlockbox.server.TestTenant;
import org.openlockbox.server.identity.MailAddress;
import org.openlockbox.server.identity.People;
import org.openlockbox.server.identity.Role;

/// What a tenant has signed beforehand decides on the server, in the transaction of the request.
final class TenantPolicyTest {
  private static final TestServer SERVER = new TestServer();
  private static final TestTenant GLOBEX = new TestTenant(SERVER, "globex", 1);
  private static int tenants;

  private final TestTenant acme = new TestTenant(SERVER, "acme" + ++tenants, 1);

  @BeforeEach
  void thePinIsKnownAndEveIsAPerson() {
    TestDirectory.write(SERVER, "eve", Map.of("kind", "human"));
    assertThat(acme.pin()).isNotNull();
  }

  @AfterEach
  void theLogVerifies() {
    acme.verifiedLog();
  }

  @AfterAll
  static void close() {
    SERVER.close();
  }

  private static Policy policy(String json) {
    return Policy.parse(Json.read(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
  }

  private void apply(String json) {
    acme.change(new Edit.ReplacePolicy(policy(json)));
  }

  private void access(ProviderAccess access) {
    acme.change(
        new Edit.ReplaceSettings(
            new Settings(
                WitnessPolicy.NONE,
                Settings.MAX_UNWITNESSED,
                WitnessPolicy.NONE,
                Map.of(),
                access)));
  }

  private Answer sign(SoftwareKey key, String ticket) {
    var until = SERVER.clock.get().plus(Duration.ofHours(8));
    var payload = new Ticket(acme.id, acme.origin, ticket, new SubjectId(acme.id + "-ann"), until);
    return SERVER.post(
        acme.approver(),
        "/v1/tenants/%s/tickets".formatted(acme.id),
        TestTenant.envelope(payload.unsigned().signedBy(key)));
  }

  private String state(Answer request) {
    return acme.show(request).json().text("state");
  }

  @Test
  void aRequestThatThePolicyApprovesIsInForceAtOnceAndProven() {
    apply(
        "{'rules': [{'id': 'short', 'says': 'Masked data for an hour.', 'match': {'level':"
            + " {'atMost': 'masked'}}, 'approve': {'duration': 'PT10M'}}]}");
    var asked = acme.ask("helpdesk");
    assertThat(asked.json().text("state")).isEqualTo("approved");
    assertThat(asked.json().object("policy").text("rule")).isEqualTo("short");
    assertThat(asked.json().object("grant").instant("notAfter"))
        .isEqualTo(SERVER.clock.get().plus(Duration.ofMinutes(10)));
    var types = acme.verifiedLog().stream().map(LogEntry::type).toList();
    assertThat(types)
        .containsExactly(EntryType.GENESIS, EntryType.POLICY, EntryType.REQUEST, EntryType.AUTO);
    assertThat(verified(asked)).isInstanceOf(BundleCheck.Valid.class);
  }

  private byte[] evidence(Answer asked) {
    var path = acme.requests() + "/" + TestTenant.ref(asked).id() + "/evidence";
    return SERVER.get(acme.approver(), path).response().body();
  }

  private BundleCheck verified(Answer asked) {
    return BundleCheck.verify(evidence(asked), Optional.of(acme.pin()), new CelConditions());
  }

  @Test
  void aRequestThatThePolicyDeniesIsDeniedAtOnce() {
    apply("{'mode': 'never'}");
    var asked = acme.ask("helpdesk");
    assertThat(asked.json().text("state")).isEqualTo("denied");
    assertThat(asked.json().text("comment")).isEqualTo("Nobody gets access to our data.");
    assertThat(verified(asked)).isInstanceOf(BundleCheck.Valid.class);
  }

  @Test
  void aConditionIsEvaluatedByTheServerAndByWhoeverVerifies() {
    apply(
        "{'rules': [{'id': 'few', 'says': 'People.', 'when': '!agent && rows > 0', 'approve':"
            + " {}}]}");
    var asked = acme.ask("helpdesk");
    assertThat(asked.json().text("state")).isEqualTo("approved");
    assertThat(verified(asked)).isInstanceOf(BundleCheck.Valid.class);
    var zip = evidence(asked);
    assertThat(BundleCheck.verify(zip, Optional.of(acme.pin())))
        .isInstanceOf(BundleCheck.Invalid.class);
  }

  @Test
  void aTicketThatTheTenantSignedLetsTheRequestThrough() {
    apply("{'mode': 'auto-for-my-tickets'}");
    assertThat(acme.ask("helpdesk").json().text("state")).isEqualTo("pending");
    assertThat(sign(acme.engineerKey, "SUP-1").status()).isEqualTo(422);
    assertThat(sign(acme.key, "SUP-1").status()).isEqualTo(201);
    var asked = acme.ask("helpdesk");
    assertThat(asked.json().text("state")).isEqualTo("approved");
    assertThat(verified(asked)).isInstanceOf(BundleCheck.Valid.class);
  }

  @Test
  void theReviewComesBeforeThePolicyApproves() {
    apply("{'mode': 'notify-only'}");
    var asked = acme.ask("billing");
    assertThat(asked.json().text("state")).isEqualTo("pending");
    var body = Json.object().put("verdict", "approve").build();
    assertThat(acme.step("reviewer", asked, ":review", body).json().text("state"))
        .isEqualTo("approved");
    assertThat(verified(asked)).isInstanceOf(BundleCheck.Valid.class);
  }

  @Test
  void offEndsWhatIsInForceAndDeniesWhatWaits() {
    var inForce = acme.approved();
    var waiting = acme.ask("helpdesk");
    access(ProviderAccess.OFF);
    assertThat(state(inForce)).isEqualTo("revoked");
    assertThat(state(waiting)).isEqualTo("denied");
    assertThat(acme.ask("helpdesk").json().text("state")).isEqualTo("denied");
    access(ProviderAccess.ENABLED);
    assertThat(state(inForce)).isEqualTo("revoked");
    assertThat(acme.ask("helpdesk").json().text("state")).isEqualTo("pending");
    assertThat(verified(inForce)).isInstanceOf(BundleCheck.Valid.class);
  }

  @Test
  void auditOnlyApprovesEverythingAndRecordsIt() {
    access(ProviderAccess.AUDIT_ONLY);
    var asked = acme.ask("helpdesk");
    assertThat(asked.json().text("state")).isEqualTo("approved");
    assertThat(asked.json().object("policy").text("rule")).isEqualTo("audit-only");
  }

  @Test
  void thePolicySaysHowManyAreAskedAndHowSoon() {
    apply(
        "{'groups': {'other': ['zoe']}, 'rules': [{'id': 'other', 'says': '?', 'match': {'level':"
            + " {'atLeast': 'read'}}, 'ask': {'approvers': 'other'}}, {'id': 'two', 'says': '?',"
            + " 'ask': {'quorum': 2, 'respondWithin': 'PT1H'}}]}");
    var asked = acme.ask("helpdesk");
    assertThat(asked.json().number("quorum")).isEqualTo(2);
    assertThat(asked.json().instant("decideBy"))
        .isEqualTo(SERVER.clock.get().plus(Duration.ofHours(1)));
    var read =
        SERVER.post(
            "engineer",
            acme.requests(),
            Json.object()
                .put("resource", "helpdesk")
                .put("level", "read")
                .put("purpose", "emergency")
                .put("reason", "Down")
                .put("duration", Duration.ofMinutes(30))
                .put("engineerKey", acme.engineerKey.key().toJson())
                .build());
    var refused = acme.approve(read, acme.allowance(Level.READ, Duration.ofMinutes(30)));
    assertThat(refused.code()).isEqualTo("not_asked");
  }

  @Test
  void theGroupThatARuleAsksIsToldByMailAndNobodyTwice() {
    person("zoe");
    person("ann");
    person("max");
    apply(
        "{'groups': {'security': ['zoe', 'ann']}, 'rules': [{'id': 'sec', 'says': 'Security.',"
            + " 'ask': {'approvers': 'security'}}]}");
    var asked = TestTenant.ref(acme.ask("helpdesk")).id();
    assertThat(
            SERVER.rows(
                "select recipient from outbox where request_id = '%s' and kind = 'request.created' order by 1"
                    .formatted(asked)))
        .containsExactly(address("ann"), address("security"), address("zoe"));
  }

  private String address(String name) {
    return name + "@" + acme.id + ".example";
  }

  private void person(String name) {
    SERVER
        .server(0)
        .people()
        .add(
            new People.NewPerson(
                Optional.of(acme.id),
                new SubjectId(name),
                new MailAddress(address(name)),
                name,
                Set.of(Role.APPROVER)));
  }

  @Test
  void anEngineerIsToldWhatThePolicyWouldSay() {
    apply("{'rules': [{'id': 'none', 'says': 'Ask us on the phone.', 'deny': {}}]}");
    var predicted =
        SERVER.post("engineer", acme.requests() + ":predict", acme.wish("helpdesk")).json();
    assertThat(predicted.text("effect")).isEqualTo("deny");
    assertThat(predicted.text("says")).isEqualTo("Ask us on the phone.");
    assertThat(acme.verifiedLog()).hasSize(2);
  }

  @Test
  void aDraftIsLookedAtAgainstThePast() {
    acme.ask("helpdesk");
    acme.ask("helpdesk");
    var draft =
        draft(
            """
            rules:
              - id: tickets
                says: Tickets need nobody.
                match: {purposes: [customer_ticket]}
                when: level == 'masked'
                approve: {}
            """);
    assertThat(draft.text("sentence"))
        .isEqualTo("2 of 2 requests of the last 90 days would have changed.");
    assertThat(draft.objects("changed").getFirst().object("after").text("rule"))
        .isEqualTo("tickets");
    assertThat(draft.objects("table")).hasSize(20);
    assertThat(draft.objects("findings").getFirst().text("what")).contains("write access");
    assertThat(acme.verifiedLog()).hasSize(3);
    var wrong = draft("rules:\n  - id: x\n    says: x\n    when: levle == 'x'\n    deny: {}\n");
    assertThat(wrong.objects("problems").getFirst().number("line")).isEqualTo(4);
  }

  /// A look takes no longer the more requests there are.
  @Test
  void aDraftIsLookedAtAgainstTheNewestRequestsAlone() {
    var id = TestTenant.ref(acme.ask("helpdesk")).id();
    SERVER.execute(
        """
        do $$ begin
          execute (
            select format('insert into access_request (%%1$s) select %%2$s from access_request r, generate_series(1, 600) n'
                            || ' where r.id = ''%1$s''',
                          string_agg(column_name, ', '),
                          string_agg(case column_name
                            when 'id' then '''R-'' || lpad(n::text, 10, ''0'')'
                            when 'log_index' then '1000 + n'
                            else 'r.' || column_name end, ', '))
              from information_schema.columns
             where table_name = 'access_request' and is_generated = 'NEVER');
        end $$
        """
            .formatted(id));
    var draft = draft("{rules: [{id: none, says: No., deny: {}}]}");
    assertThat(draft.text("sentence"))
        .isEqualTo(
            "500 of the newest 500 requests would have changed; older ones were not looked at.");
    assertThat(draft.objects("changed")).hasSize(500);
  }

  private Fields draft(String yaml) {
    return SERVER
        .post(
            acme.approver(),
            "/v1/tenants/%s/policy:draft".formatted(acme.id),
            Json.object().put("text", yaml).build())
        .json();
  }

  @Test
  void aPolicyWhoseConditionIsWrongIsRefused() {
    var change =
        new Edit.ReplacePolicy(
            policy("{'rules': [{'id': 'x', 'says': 'x', 'when': 'levle == 1', 'deny': {}}]}"));
    var prev = SERVER.get(acme.approver(), "/v1/tenants/" + acme.id + "/keyring").json();
    var refused =
        SERVER.post(
            acme.approver(),
            "/v1/tenants/%s/policy".formatted(acme.id),
            TestTenant.envelope(acme.signed(change, prev.hash("prev"))));
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.toString()).contains("levle");
  }

  @Test
  void nobodyOfAnotherTenantSeesOrDraftsOrSigns() {
    var path = "/v1/tenants/" + acme.id;
    var nothing = Json.object().put("text", "mode: ask").build();
    for (var stranger : new String[] {GLOBEX.approver(), "engineer", "operator", "reviewer"}) {
      assertThat(SERVER.get(stranger, path + "/policy").status()).isEqualTo(404);
      assertThat(SERVER.post(stranger, path + "/policy:draft", nothing).status()).isIn(403, 404);
      assertThat(SERVER.post(stranger, path + "/tickets", nothing).status()).isIn(403, 404);
      assertThat(SERVER.post(stranger, path + "/policy", nothing).status()).isIn(403, 404);
    }
  }
}
