package org.openlockbox.portal.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.portal.PortalFixture;
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

  private static People.Newcomer newcomer(
      Optional<TenantId> tenant, String subject, String address, Role role) {
    return new People.Newcomer(
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
            newcomer(acme, "acme-eve", "eve@vendor.example", Role.AUDITOR),
            newcomer(provider, "ann", "ann@acme.example", Role.ENGINEER))) {
      assertThatThrownBy(() -> people.add(both)).isInstanceOf(Problem.class);
    }
    people.add(newcomer(Optional.of(PORTAL.globex.id), "bob", "bob@acme.example", Role.AUDITOR));
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

  /// As two calls at the same moment could leave it.
  private static void bothSides(String address) {
    SERVER.execute(
        "insert into person (subject, address, name, roles, created_at) values ('both', '%s', 'Both', '{engineer}', now())"
            .formatted(address));
  }
}
