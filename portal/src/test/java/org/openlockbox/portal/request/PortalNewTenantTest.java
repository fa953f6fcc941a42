package org.openlockbox.portal.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.portal.PortalFixture;
import org.openlockbox.portal.TestBrowser;
import org.openlockbox.portal.TestBrowser.Page;
import org.openlockbox.portal.keys.NewTenant;

/// An operator adds a tenant by a form, and its own people set it up.
final class PortalNewTenantTest {
  private static final PortalFixture PORTAL = new PortalFixture();
  private static final TestBrowser OLGA = PORTAL.browser().as("olga@vendor.example");
  private static final String FORM = "/operation/new-tenant";

  @AfterAll
  static void close() {
    PORTAL.close();
  }

  private static Page add(TestBrowser by, String name, String id, String admin) {
    return by.post(FORM, Map.of("name", name, "id", id, "admin", admin));
  }

  private static List<String> invited(String address) {
    return PORTAL.server.rows(
        "select text_part from outbox where kind = 'invitation' and recipient = '%s' order by id"
            .formatted(address));
  }

  @Test
  void anOperatorAddsATenantWhoseAdministratorIsInvited() {
    assertThat(OLGA.get("/operation/tenants").text()).contains("href=\"" + FORM + "\"");
    var hooli = new NewTenant(PORTAL.server, "hooli");
    assertThat(add(OLGA, "Hooli Ltd", "hooli", hooli.address("adm")).status()).isEqualTo(303);
    assertThat(OLGA.get("/operation/tenants").text())
        .contains(
            "The tenant is added, and the invitation is sent.",
            "Hooli Ltd<br><small class=\"mono\">hooli</small>",
            "Waits to be set up by its own people");
    assertThat(invited(hooli.address("adm"))).hasSize(1);
    var admin = hooli.joined("adm");
    assertThat(admin.get("/founding").text()).contains("Hooli Ltd");
    assertThat(admin.get("/inbox").text())
        .contains("<small>Hooli Ltd</small>", "role=\"button\" href=\"/founding\">Set it up<");
    var late = add(OLGA, "Hooli Ltd", "hooli", hooli.address("adm"));
    assertThat(late.status()).isEqualTo(422);
    assertThat(late.text()).contains("Somebody with this address is here already.");
  }

  private static Page again(NewTenant tenant, String name, String admin, String... replace) {
    var form = new TreeMap<>(Map.of("name", name, "id", tenant.id(), "again", "yes"));
    form.put("admin", tenant.address(admin));
    List.of(replace).forEach(yes -> form.put("replace", yes));
    return OLGA.post(FORM, form);
  }

  @Test
  void aWrongAdministratorWhoIsThereDoesNotBlockTheTenant() {
    var wrong = new NewTenant(PORTAL.server, "wrong");
    add(OLGA, "Wrong Ltd", "wrong", wrong.address("typo"));
    var typo = wrong.joined("typo");
    assertThat(wrong.colleague(typo, "pal", "approver").get("/founding").status()).isEqualTo(200);
    assertThat(typo.post("/invitations", Map.of("address", "x@wrong.example", "role", "auditor")))
        .extracting(Page::status)
        .isEqualTo(303);
    assertThat(OLGA.get(FORM + "?tenant=wrong").text())
        .contains("<h1>Invite another administrator of Wrong Ltd</h1>", "typo@wrong.example")
        .doesNotContain("<h1>Add a tenant</h1>");
    assertThat(again(wrong, "Wrong Ltd", "right", "yes").status()).isEqualTo(303);
    assertThat(OLGA.get("/operation/tenants").text()).contains("The invitation is sent.");
    assertThat(typo.get("/founding").status()).as("signed out").isEqualTo(303);
    var right = wrong.joined("right");
    assertThat(right.get("/founding").text())
        .contains("wrong-right")
        .doesNotContain("wrong-typo", "typo@", "wrong-pal", "pal@");
    assertThat(PORTAL.browser().get(wrong.link("x")).status()).as("taken back").isEqualTo(404);
  }

  @Test
  void whoIsThereStaysUnlessTheyAreReplaced() {
    var kept = new NewTenant(PORTAL.server, "kept");
    add(OLGA, "Kept Ltd", "kept", kept.address("one"));
    var one = kept.joined("one");
    var auditor = Map.of("address", kept.address("aud"), "role", "auditor");
    assertThat(one.post("/invitations", auditor).status()).isEqualTo(303);
    assertThat(again(kept, "Kept Ltd", "two").status()).isEqualTo(303);
    assertThat(kept.joined("two").get("/founding").text()).contains("kept-one", "kept-two");
    assertThat(PORTAL.browser().get(kept.link("aud")).status()).isEqualTo(200);
    var same = again(kept, "Kept Ltd", "two", "");
    assertThat(same.status()).isEqualTo(422);
    assertThat(same.text()).contains("<h1>Invite another administrator of Kept Ltd</h1>");
  }

  @Test
  void nobodyOfAFoundedTenantIsReplaced() {
    var acme = new NewTenant(PORTAL.server, "acme");
    var refused = again(acme, "acme", "mallory", "yes");
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.text()).contains("There is a tenant with this short name already.");
    assertThat(
            PORTAL.server.rows(
                "select count(*) from person where tenant_id = 'acme' and left_at is null"))
        .containsExactly("3");
    assertThat(PORTAL.server.rows("select 1 from waiting_tenant where id = 'acme'")).isEmpty();
  }

  @Test
  void whoWaitsCanBeInvitedAgain() {
    assertThat(add(OLGA, "Initrode", "initrode", "typo@initrode.example").status()).isEqualTo(303);
    assertThat(OLGA.get("/operation/tenants").text()).contains(FORM + "?tenant=initrode");
    assertThat(OLGA.get(FORM + "?tenant=initrode").text())
        .contains("value=\"Initrode\"", "value=\"initrode\"");
    assertThat(add(OLGA, "Initrode", "initrode", "right@initrode.example").status()).isEqualTo(303);
    assertThat(invited("right@initrode.example")).hasSize(1);
    var other = add(OLGA, "Initrode Ltd", "initrode", "right@initrode.example");
    assertThat(other.status()).isEqualTo(422);
    assertThat(other.text()).contains("id=\"name-fault\"", "under another name");
  }

  @Test
  void whatIsWrongStandsBesideItsFieldAndNothingTypedIsLost() {
    var empty = add(OLGA, " ", "Not an id", "nobody");
    assertThat(empty.status()).isEqualTo(422);
    assertThat(empty.text())
        .contains("id=\"name-fault\"", "id=\"id-fault\"", "id=\"admin-fault\"")
        .contains("value=\"Not an id\"", "value=\"nobody\"");
    var hidden = add(OLGA, "Acme\u202eLtd", "acme-two", "adm@acme.example");
    assertThat(hidden.text()).contains("id=\"name-fault\"");
    var taken = add(OLGA, "Acme", "acme", "adm@acme.example");
    assertThat(taken.status()).isEqualTo(422);
    assertThat(taken.text()).contains("There is a tenant with this short name already.");
    assertThat(invited("adm@acme.example")).isEmpty();
    assertThat(PORTAL.server.rows("select id from waiting_tenant where id = 'acme-two'")).isEmpty();
  }

  @Test
  void nobodyButAnOperatorAddsATenant() {
    for (var who : List.of("ann@acme.example", "eve@vendor.example", "rex@vendor.example")) {
      var browser = PORTAL.browser().as(who);
      assertThat(browser.get(FORM).status()).as(who).isEqualTo(403);
      assertThat(add(browser, "Mine", "mine", who).status()).as(who).isEqualTo(403);
    }
    assertThat(PORTAL.server.rows("select id from waiting_tenant where id = 'mine'")).isEmpty();
  }
}
