package org.openlockbox.portal.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.portal.PortalFixture;
import org.openlockbox.portal.TestBrowser;
import org.openlockbox.portal.TestBrowser.Page;
import org.openlockbox.server.identity.Person;
import org.openlockbox.server.identity.Role;

/// A tenant's administrators look after its people in the portal, and nobody else does.
final class PortalPeopleTest {
  private static final PortalFixture PORTAL = new PortalFixture();
  private static final TestBrowser ADM = admin(PORTAL.acme.id, "acme-adm");

  @AfterAll
  static void close() {
    PORTAL.close();
  }

  private static TestBrowser admin(TenantId tenant, String subject) {
    return signedIn(tenant, subject, Role.TENANT_ADMIN);
  }

  private static TestBrowser signedIn(TenantId tenant, String subject, Role role) {
    var address = "%s@%s.example".formatted(subject, tenant);
    PORTAL.person(Optional.of(tenant), subject, address, role);
    return PORTAL.browser().as(address);
  }

  private static Map<String, Role> roles(TenantId tenant) {
    return PORTAL.server.server(0).people().of(Optional.of(tenant)).stream()
        .collect(
            Collectors.toMap(
                one -> one.subject().value(),
                one -> one.roles().stream().findFirst().orElseThrow()));
  }

  private static Page give(TestBrowser by, String to, String role) {
    return by.post("/people/" + to + "/roles", Map.of("role", role));
  }

  private static Page remove(TestBrowser by, String who) {
    return by.post("/people/" + who + "/remove", Map.of());
  }

  @Test
  void anAdministratorGivesRolesWhichHoldFromTheNextPage() {
    var zoe = signedIn(PORTAL.acme.id, "acme-zoe", Role.AUDITOR);
    assertThat(zoe.get("/keys").has("handover")).isFalse();
    assertThat(ADM.get("/people").text())
        .contains("acme-zoe@acme.example", "Change or remove…", ">2 keys<")
        .as("an auditor needs no key")
        .doesNotContain(">0 keys<");
    assertThat(give(ADM, "acme-zoe", "approver").status()).isEqualTo(303);
    assertThat(ADM.get("/people").text()).as("cannot sign yet").contains(">0 keys<");
    assertThat(zoe.get("/keys").has("handover")).isTrue();
    assertThat(ADM.post("/people/acme-zoe/roles", Map.of()).text())
        .contains("Choose at least one role.");
    for (var role : List.of("operator", "gateway", "nobody", "")) {
      assertThat(give(ADM, "acme-zoe", role).status()).as(role).isEqualTo(422);
    }
    assertThat(roles(PORTAL.acme.id)).containsEntry("acme-zoe", Role.APPROVER);
  }

  @Test
  void whoeverHearsOfKeysHearsOfIt() {
    var ann = PORTAL.browser().as("ann@acme.example");
    var contact = "/notifications/contact";
    var fields =
        Map.of(
            "tag", ann.get(contact).field("tag").replace("&#34;", "\""),
            "address", "told@acme.example",
            "audience", "admins",
            "topic", "keyring",
            "zone", "UTC",
            "do", "save");
    var saved = ann.post(contact, fields);
    assertThat(saved.status()).as(saved.toString()).isEqualTo(303);
    signedIn(PORTAL.acme.id, "acme-max", Role.AUDITOR);
    assertThat(give(ADM, "acme-max", "policy-admin").status()).isEqualTo(303);
    assertThat(remove(ADM, "acme-max").status()).isEqualTo(303);
    assertThat(
            PORTAL.server.rows(
                "select text_part from outbox where kind = 'people.changed' and recipient ="
                    + " 'told@acme.example' and text_part like '%acme-max%' order by id"))
        .satisfiesExactly(
            text -> assertThat(text).contains("acme-adm", "Policy administrator"),
            text -> assertThat(text).contains("acme-adm", "removed"));
  }

  @Test
  void whoIsRemovedIsSignedOutAtOnceAndTheirKeyIsNamedUntilItIsRemoved() {
    var bob = PORTAL.browser().as("bob@acme.example");
    assertThat(bob.get("/people").text()).doesNotContain("Change or remove…", "Invite a colleague");
    var key = PORTAL.acme.second.key().keyId().hex();
    assertThat(ADM.get("/people").text()).doesNotContain("/keys/" + key);
    assertThat(remove(ADM, "acme-bob").status()).isEqualTo(303);
    assertThat(bob.get("/inbox").status()).isEqualTo(303);
    assertThat(bob.post("/people/acme-aud/remove", Map.of()).status()).isEqualTo(401);
    assertThat(ADM.get("/people").text())
        .contains("These keys still count", "/keys/" + key)
        .doesNotContain("bob@acme.example");
    assertThat(remove(ADM, "acme-bob").status()).as("once").isEqualTo(404);
    assertThat(give(ADM, "acme-bob", "approver").status()).isEqualTo(404);
  }

  @Test
  void nobodyButAnAdministratorChangesAnything() {
    for (var address : List.of("ann@acme.example", "aud@acme.example", "olga@vendor.example")) {
      var who = PORTAL.browser().as(address);
      int expected = address.startsWith("olga") ? 404 : 403;
      assertThat(remove(who, "acme-aud").status()).as(address).isEqualTo(expected);
      assertThat(give(who, "acme-aud", "tenant-admin").status()).as(address).isEqualTo(expected);
    }
    assertThat(roles(PORTAL.acme.id)).containsEntry("acme-aud", Role.AUDITOR);
  }

  @Test
  void anotherTenantsPeopleAreNobody() {
    var other = admin(PORTAL.globex.id, "globex-adm");
    assertThat(other.get("/people").text())
        .contains("globex-ann")
        .doesNotContain("acme-ann", "@acme.example");
    for (var who : List.of("acme-ann", "eve", "acme-nobody", "..", "%00")) {
      var absent = remove(other, "globex-nobody");
      var foreign = remove(other, who);
      assertThat(foreign.status()).as(who).isIn(400, 404);
      if (who.startsWith("acme")) {
        assertThat(plain(foreign)).isEqualTo(plain(absent));
        assertThat(give(other, who, "auditor").status()).isEqualTo(404);
      }
    }
    assertThat(roles(PORTAL.acme.id)).containsEntry("acme-ann", Role.APPROVER);
  }

  private static String plain(Page page) {
    return page.text().replaceAll("value=\"[^\"]*\"", "");
  }

  @Test
  void theLastAdministratorStays() {
    var tenant = new NewTenant(PORTAL.server, "last");
    var admin = tenant.begun();
    for (var refused : List.of(remove(admin, "last-adm"), give(admin, "last-adm", "auditor"))) {
      assertThat(refused.status()).isEqualTo(422);
      assertThat(refused.text()).contains("Nobody else is an administrator.");
    }
    assertThat(admin.get("/people").status()).isEqualTo(200);
    tenant.colleague(admin, "second", "tenant-admin");
    assertThat(remove(admin, "last-adm").status()).isEqualTo(303);
    assertThat(admin.get("/people").status()).as("signed out").isEqualTo(303);
  }

  @Test
  void ofTwoWhoRemoveEachOtherOneStays() throws Exception {
    var tenant = new NewTenant(PORTAL.server, "duel");
    var first = tenant.begun();
    var second = tenant.colleague(first, "second", "tenant-admin");
    var barrier = new CyclicBarrier(2);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var duel = new ArrayList<Callable<Page>>();
      duel.add(() -> atOnce(barrier, first, "duel-second"));
      duel.add(() -> atOnce(barrier, second, "duel-adm"));
      for (var shot : threads.invokeAll(duel)) {
        assertThat(shot.get().status()).isIn(303, 401, 422);
      }
    }
    assertThat(PORTAL.server.server(0).people().of(Optional.of(new TenantId("duel"))))
        .extracting(Person::subject)
        .hasSize(1)
        .isSubsetOf(new SubjectId("duel-adm"), new SubjectId("duel-second"));
  }

  private static Page atOnce(CyclicBarrier barrier, TestBrowser by, String whom) throws Exception {
    var token = by.get("/people").field("token");
    barrier.await();
    return by.send(
        "/people/" + whom + "/remove",
        Map.of("token", token),
        Map.of("Origin", TestBrowser.PORTAL, "Sec-Fetch-Site", "same-origin"));
  }
}
