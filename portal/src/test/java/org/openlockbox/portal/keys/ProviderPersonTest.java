package org.openlockbox.portal.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.keyring.ProviderAccess;
import org.openlockbox.core.keyring.Settings;
import org.openlockbox.core.keyring.TextKind;
import org.openlockbox.core.policy.Mode;
import org.openlockbox.core.policy.Policy;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.statement.Erasure;
import org.openlockbox.core.statement.Nonce;
import org.openlockbox.core.statement.Ticket;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.portal.PortalFixture;
import org.openlockbox.portal.TestBrowser;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestTenant;
import org.openlockbox.server.identity.MailAddress;
import org.openlockbox.server.identity.People;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.problem.Problem;

/// Nobody of the provider is one of a tenant's people, however they would come to be.
final class ProviderPersonTest {
  private static final PortalFixture PORTAL = new PortalFixture();
  private static final TestServer SERVER = PORTAL.server;

  @AfterAll
  static void close() {
    PORTAL.close();
  }

  private static List<String> people(String tenant) {
    return SERVER.rows(
        "select address from person where tenant_id = '%s' and left_at is null order by 1"
            .formatted(tenant));
  }

  private static People.NewPerson newPerson(
      Optional<TenantId> tenant, String subject, String address, Role role) {
    return new People.NewPerson(
        tenant, new SubjectId(subject), new MailAddress(address), subject, Set.of(role));
  }

  @Test
  void anOperatorInvitesNobodyOfTheirOwnToBeginATenant() {
    var olga = PORTAL.browser().as("olga@vendor.example");
    var form = Map.of("name", "Own Ltd", "id", "own", "admin", " Olga@Vendor.example ");
    var refused = olga.post("/operation/new-tenant", form);
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.text())
        .contains("id=\"admin-fault\"", "This address is of somebody of your own.");
    assertThat(SERVER.rows("select 1 from waiting_tenant where id = 'own'")).isEmpty();
    var called = new NewTenant(SERVER, "own").invite("operator", "EVE@vendor.example");
    assertThat(called.status()).isEqualTo(422);
    assertThat(called.code()).isEqualTo("provider_person");
    assertThat(SERVER.rows("select 1 from invitation where tenant_id = 'own'")).isEmpty();
  }

  @Test
  void anAdministratorInvitesNobodyOfTheProvider() {
    var colleagues = new NewTenant(SERVER, "colleagues");
    var admin = colleagues.begun();
    for (var address : List.of("eve@vendor.example", "Eve@VENDOR.example")) {
      var sent = admin.post("/invitations", Map.of("address", address, "role", "approver"));
      assertThat(sent.status()).as(address).isEqualTo(422);
      assertThat(sent.text()).contains("Nobody of the provider can be one of your people");
    }
    assertThat(
            SERVER.rows(
                "select 1 from invitation where tenant_id = 'colleagues' and address like 'eve@%'"))
        .isEmpty();
  }

  @Test
  void whoBecomesTheProvidersMeanwhileCannotAccept() {
    var meanwhile = new NewTenant(SERVER, "meanwhile");
    var admin = meanwhile.begun();
    var lou = Map.of("address", meanwhile.address("lou"), "role", "approver");
    assertThat(admin.post("/invitations", lou).status()).isEqualTo(303);
    var link = meanwhile.link("lou");
    PORTAL.person(Optional.empty(), "lou", meanwhile.address("lou"), Role.ENGINEER);
    var taken = meanwhile.take(PORTAL.browser(), link);
    assertThat(taken.status()).isEqualTo(422);
    assertThat(taken.text()).contains("This address is of somebody of the provider");
    assertThat(people("meanwhile")).containsExactly(meanwhile.address("adm"));
    SERVER.server(0).people().remove(Optional.empty(), new SubjectId("lou"));
    assertThat(meanwhile.take(PORTAL.browser(), link).status())
        .as("who left the provider can")
        .isEqualTo(303);
  }

  @Test
  void nobodyIsAddedToBothSides() {
    var people = SERVER.server(0).people();
    var acme = Optional.of(PORTAL.acme.id);
    var provider = Optional.<TenantId>empty();
    for (var both :
        List.of(
            newPerson(acme, "acme-eve", "eve@vendor.example", Role.AUDITOR),
            newPerson(provider, "ann", "ann@acme.example", Role.ENGINEER))) {
      assertThatThrownBy(() -> people.add(both)).isInstanceOf(Problem.class);
    }
    people.add(newPerson(Optional.of(PORTAL.globex.id), "bob", "bob@acme.example", Role.AUDITOR));
    assertThat(people("globex")).as("of two tenants").contains("bob@acme.example");
  }

  @Test
  void anApproverWhoIsTheProvidersDeniesAndApprovesNothing() {
    var globex = PORTAL.globex;
    var asked = globex.ask("helpdesk");
    var other = globex.ask("helpdesk");
    bothSides("ann@globex.example");
    assertThat(globex.approve(asked).code()).isEqualTo("provider_person");
    var no = globex.decision(TestTenant.ref(other), "globex-ann", Optional.empty());
    var denied =
        globex.step(
            globex.approver(), other, ":deny", TestTenant.envelope(no.signedBy(globex.key)));
    assertThat(denied.status()).isEqualTo(200);
    SERVER.execute("update person set left_at = now() where subject = 'both'");
    assertThat(globex.approve(asked).status()).isEqualTo(200);
  }

  @Test
  void whatTheySignGivesNothingInAnyOtherWay() {
    var initech = new TestTenant(SERVER, "initech", 1);
    var prev = "/v1/tenants/initech/keyring";
    PORTAL.person(Optional.of(initech.id), "initech-ann", "ann@initech.example", Role.APPROVER);
    bothSides("ann@initech.example");
    var ticket =
        new Ticket(
            initech.id,
            initech.origin,
            "SUP-1",
            new SubjectId("initech-ann"),
            SERVER.clock.get().plus(Duration.ofHours(1)));
    var taken = ticket.unsigned().signedBy(initech.key);
    assertThat(post(initech, "/tickets", taken).code()).isEqualTo("provider_person");
    for (var more :
        List.<KeyringChange.Edit>of(
            new KeyringChange.Edit.ReplacePolicy(Policy.of(Mode.NOTIFY_ONLY)),
            new KeyringChange.Edit.RemoveKey(initech.second.key().keyId()),
            new KeyringChange.Edit.ReplaceSettings(erasing()),
            new KeyringChange.Edit.ReplaceSettings(access(ProviderAccess.AUDIT_ONLY)))) {
      var last = SERVER.get(initech.approver(), prev).json().hash("prev");
      var signed = initech.signed(more, last);
      assertThat(post(initech, "/policy", signed).code())
          .as(more.toString())
          .isEqualTo("provider_person");
    }
    var off =
        initech.signed(
            new KeyringChange.Edit.ReplaceSettings(access(ProviderAccess.OFF)),
            SERVER.get(initech.approver(), prev).json().hash("prev"));
    assertThat(post(initech, "/settings", off).status()).as("stopping").isEqualTo(200);
  }

  @Test
  void theyEraseNothing() {
    var hooli = new TestTenant(SERVER, "hooli", 1);
    PORTAL.person(Optional.of(hooli.id), "hooli-ann", "ann@hooli.example", Role.APPROVER);
    bothSides("ann@hooli.example");
    hooli.ask("helpdesk");
    var everything =
        new Erasure(
            hooli.id,
            hooli.origin,
            new Erasure.ErasureScope.Everything(),
            "Not needed",
            SERVER.clock.get().plus(Duration.ofHours(1)),
            Nonce.random(TestTenant.RANDOM));
    var signed = everything.unsigned().signedBy(hooli.key);
    assertThat(post(hooli, "/erasures", signed).code()).isEqualTo("provider_person");
  }

  /// Off, and texts are kept for an hour.
  private static Settings erasing() {
    var kept = Map.of(TextKind.OPERATION, Duration.ofHours(1));
    return new Settings(
        Settings.NONE.witness(),
        Settings.NONE.maxUnwitnessed(),
        Settings.NONE.ownWitness(),
        kept,
        ProviderAccess.OFF);
  }

  @Test
  void theyHelpToTakeTheirOwnKeyAway() {
    var pied = new TestTenant(SERVER, "pied", 1);
    PORTAL.person(Optional.of(pied.id), "pied-ann", "ann@pied.example", Role.APPROVER);
    bothSides("ann@pied.example");
    pied.change(new KeyringChange.Edit.RemoveKey(pied.key.key().keyId()));
  }

  private static Settings access(ProviderAccess access) {
    return Settings.NONE.with(access);
  }

  private static TestServer.Answer post(TestTenant tenant, String path, Envelope signed) {
    return SERVER.post(
        tenant.approver(),
        "/v1/tenants/" + tenant.id + path,
        TestTenant.envelope(signed),
        Map.of());
  }

  @Test
  void theirPasskeySignsNoProposalThatGives() {
    var ann = PORTAL.browser().as("ann@acme.example");
    var off = ann.post("/access", Map.of("access", "off")).header("Location");
    var more = ann.post("/access", Map.of("access", "audit-only")).header("Location");
    bothSides("ann@acme.example");
    assertThat(sign(ann, more).status()).isEqualTo(422);
    assertThat(ann.get(more).text()).contains("Signatures of approvers: 0 of 1");
    assertThat(sign(ann, off).status()).isEqualTo(303);
    assertThat(ann.get(off).text()).contains("Signatures of approvers: 1 of 1");
  }

  private static TestBrowser.Page sign(TestBrowser browser, String proposal) {
    var handover = Map.of("handover", browser.get(proposal).field("handover"));
    var page = browser.approve("/sign/proposal", handover, TestBrowser.PORTAL);
    var fields = PortalFixture.signed(page, PORTAL.passkey);
    return browser.approve("/sign/proposal/send", fields, TestBrowser.APPROVE);
  }

  @Test
  void oneMailboxIsOnePersonHoweverItsAddressIsWritten() {
    var spelled = new NewTenant(SERVER, "spelled");
    for (var address :
        List.of("eve+spelled@vendor.example", "Eve+@vendor.example", "\u212Aim@vendor.example")) {
      PORTAL.server.execute("delete from person where subject = 'kim'");
      PORTAL.person(Optional.empty(), "kim", "kim@vendor.example", Role.ENGINEER);
      assertThat(spelled.invite("operator", address).code())
          .as(address)
          .isEqualTo("provider_person");
    }
    var admin = spelled.begun();
    var plus = Map.of("address", "eve+2@vendor.example", "role", "approver");
    assertThat(admin.post("/invitations", plus).status()).isEqualTo(422);
    var own = Map.of("address", "ann+2@spelled.example", "role", "approver");
    assertThat(admin.post("/invitations", own).status()).isEqualTo(303);
  }

  /// As two calls at the same moment could leave it.
  private static void bothSides(String address) {
    SERVER.execute("delete from person where subject = 'both'");
    SERVER.execute(
        "insert into person (subject, address, name, roles, created_at) values ('both', '%s', 'Both', '{engineer}', now())"
            .formatted(address));
  }
}
