package org.openlockbox.portal.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.regex.Pattern;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.signing.Scheme;
import org.openlockbox.core.testing.Passkey;
import org.openlockbox.portal.PortalFixture;
import org.openlockbox.portal.TestBrowser;
import org.openlockbox.portal.TestBrowser.Page;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestServer.Answer;
import org.openlockbox.server.TestTenant;

/// A tenant that begins in the portal: its administrator and colleagues, each in their browser.
public final class NewTenant {
  private static final Pattern LINK = Pattern.compile("http://127\\.0\\.0\\.1(/invitation/\\S+)");

  final TestServer server;
  final String id;

  public NewTenant(TestServer server, String id) {
    this.server = server;
    this.id = id;
  }

  public String id() {
    return id;
  }

  public String address(String name) {
    return name + "@" + id + ".example";
  }

  /// An operator creates it.
  Answer invite(String profile) {
    return invite(profile, address("adm"));
  }

  /// An operator creates it and invites whoever has this address.
  Answer invite(String profile, String admin) {
    return server.post(
        profile,
        "/v1/tenants:invite",
        Json.object().put("tenant", id).put("name", id + " Ltd").put("admin", admin).build());
  }

  /// The path of the newest link that was mailed to somebody of it.
  public String link(String name) {
    var text =
        server
            .rows(
                "select text_part from outbox where recipient = '%s' and kind = 'invitation' order by id desc limit 1"
                    .formatted(address(name)))
            .getFirst();
    var link = LINK.matcher(text);
    assertThat(link.find()).as(text).isTrue();
    return link.group(1);
  }

  public Page take(TestBrowser browser, String link) {
    var secret = link.substring("/invitation/".length());
    return browser.post("/invitation", Map.of("invitation", secret, "name", "Somebody Else"));
  }

  /// Somebody who was invited takes it and signs in.
  public TestBrowser joined(String name) {
    var browser = new TestBrowser(server);
    var taken = take(browser, link(name));
    assertThat(taken.status()).as(taken.toString()).isEqualTo(303);
    return browser.as(address(name));
  }

  /// Its administrator, invited and signed in.
  public TestBrowser begun() {
    var invited = invite("operator");
    assertThat(invited.status()).as(invited.toString()).isEqualTo(201);
    return joined("adm");
  }

  /// A colleague whom the administrator invites.
  public TestBrowser colleague(TestBrowser admin, String name, String role) {
    var sent = admin.post("/invitations", Map.of("address", address(name), "role", role));
    assertThat(sent.status()).as(sent.toString()).isEqualTo(303);
    return joined(name);
  }

  /// The page on which a passkey is made, reached from this page of the portal.
  public static Page making(TestBrowser browser, String from) {
    var handover = browser.get(from).field("handover");
    return browser.approve(
        "/sign/passkey", Map.of("handover", handover, "name", "Phone"), TestBrowser.PORTAL);
  }

  public static Page make(TestBrowser browser, Map<String, String> fields) {
    return browser.approve("/sign/passkey/send", fields, TestBrowser.APPROVE);
  }

  /// A passkey that this person made.
  public static Passkey made(TestBrowser browser, String from, boolean synced) {
    var passkey = Passkey.another(Scheme.ECDSA_P256, synced, TestTenant.RANDOM);
    var sent = make(browser, PortalFixture.made(making(browser, from), passkey));
    assertThat(sent.status()).as(sent.toString()).isEqualTo(303);
    return passkey;
  }

  public static Page draft(TestBrowser admin, Passkey key, int quorum) {
    return admin.post(
        "/founding", Map.of("key", key.key().keyId().hex(), "quorum", Integer.toString(quorum)));
  }

  /// The last handover on the founding page is the one to sign.
  public static Page signing(TestBrowser browser) {
    var page = browser.get("/founding");
    var part = page.text().substring(page.text().indexOf("/sign/founding"));
    var handover = part.replaceAll("(?s).*?name=\"handover\" value=\"([^\"]*)\".*", "$1");
    return browser.approve("/sign/founding", Map.of("handover", handover), TestBrowser.PORTAL);
  }

  public static Page sign(TestBrowser browser, Map<String, String> fields) {
    return browser.approve("/sign/founding/send", fields, TestBrowser.APPROVE);
  }
}
