package org.openlockbox.portal;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.keyring.ApproverKey;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.PasskeyRegistration;
import org.openlockbox.core.signing.Signature;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.core.testing.Passkey;
import org.openlockbox.portal.TestBrowser.Page;
import org.openlockbox.portal.edge.ApproveOrigin;
import org.openlockbox.portal.edge.Origins;
import org.openlockbox.server.Endpoint;
import org.openlockbox.server.TestDirectory;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestServer.Answer;
import org.openlockbox.server.TestTenant;
import org.openlockbox.server.identity.MailAddress;
import org.openlockbox.server.identity.People;
import org.openlockbox.server.identity.Role;

/// Two tenants whose people use the portal, and acme's approver with a passkey.
public final class PortalFixture implements AutoCloseable {
  public final TestServer server = TestServer.extended(portal(), List.of());
  public final TestTenant acme = new TestTenant(server, "acme", 1);
  public final TestTenant globex = new TestTenant(server, "globex", 1);
  public final Passkey passkey = Passkey.es256(TestTenant.RANDOM);

  /// The portal with an approve origin.
  public static Portal portal() {
    var approve = new ApproveOrigin(URI.create("https://approve.acme.example"));
    return new Portal(new Origins(TestServer.URL, Optional.of(approve)));
  }

  /// Every page and form, as the code has them.
  static List<Endpoint> pages() {
    return Endpoint.pages("org.openlockbox.portal");
  }

  public PortalFixture() {
    enrol(passkey, "acme-ann");
    person(Optional.of(acme.id), "acme-ann", "ann@acme.example", Role.APPROVER);
    person(Optional.of(acme.id), "acme-bob", "bob@acme.example", Role.APPROVER);
    person(Optional.of(acme.id), "acme-aud", "aud@acme.example", Role.AUDITOR);
    person(Optional.of(globex.id), "globex-ann", "ann@globex.example", Role.APPROVER);
    person(Optional.empty(), "eve", "eve@vendor.example", Role.ENGINEER);
    TestDirectory.write(
        server, "eve", Map.of("country", "DE", "employer", "Vendor", "kind", "human"));
    person(Optional.empty(), "rex", "rex@vendor.example", Role.REVIEWER);
    person(Optional.empty(), "olga", "olga@vendor.example", Role.OPERATOR);
  }

  void enrol(Passkey key, String approver) {
    acme.change(
        new KeyringChange.Edit.AddKey(
            new ApproverKey(new SubjectId(approver), "Ann's phone", key.key())),
        key);
  }

  public void person(Optional<TenantId> tenant, String subject, String address, Role role) {
    server
        .server(0)
        .people()
        .add(
            new People.NewPerson(
                tenant, new SubjectId(subject), new MailAddress(address), subject, Set.of(role)));
  }

  public TestBrowser browser() {
    return new TestBrowser(server);
  }

  public static String id(Answer request) {
    return TestTenant.ref(request).id().value();
  }

  /// So many more rows like that of this request, with another id each, and no entries in the log.
  public void copies(String id, int from, int times, String also) {
    server.execute(
        """
        do $$
        declare
          kept text := (select string_agg(quote_ident(column_name), ', ')
                          from information_schema.columns
                         where table_schema = current_schema() and table_name = 'access_request'
                           and is_generated = 'NEVER');
        begin
          execute 'insert into access_request (' || kept || ') select ' || kept || $copies$ from (
            select (jsonb_populate_record(r, jsonb_build_object(
                     'id', 'R-' || lpad((%d + n)::text, 10, '0'), 'log_index', 100000 + %d + n%s))).*
              from access_request r, generate_series(1, %d) n where r.id = '%s') copies$copies$;
        end $$
        """
            .formatted(from, from, also, times, id));
  }

  public static String page(Answer request) {
    return "/requests/" + id(request);
  }

  /// What acme's approver signs when the page asks for it.
  public static Map<String, String> signed(Page page, Passkey passkey) {
    var fields = signed(page, (Signature.WebAuthn) passkey.sign(pae(page)));
    fields.put("credential", passkey.credentialId().base64Url());
    return fields;
  }

  public static Map<String, String> signed(Page page, Signature.WebAuthn signature) {
    var fields = new TreeMap<String, String>();
    fields.put("draft", page.field("draft"));
    fields.put("credential", Bytes.ofUtf8("credential").base64Url());
    fields.put("authenticatorData", signature.authenticatorData().base64Url());
    fields.put("clientDataJSON", signature.clientDataJson().base64Url());
    fields.put("signature", signature.sig().base64Url());
    return fields;
  }

  /// What the browser of somebody who makes this passkey sends when the page asks for it.
  public static Map<String, String> made(Page page, Passkey passkey) {
    return made(page, passkey.register(pae(page)));
  }

  public static Map<String, String> made(
      Page page, PasskeyRegistration.AttestationResponse answer) {
    var fields = new TreeMap<String, String>();
    fields.put("draft", page.field("draft"));
    fields.put("clientDataJSON", answer.clientDataJson().base64Url());
    fields.put("authenticatorData", answer.authenticatorData().base64Url());
    return fields;
  }

  /// What the page's script computes from the page.
  public static Bytes pae(Page page) {
    var shown = page.text();
    var payload = shown.replaceAll("(?s).*<code id=\"payload\">(.*?)</code>.*", "$1");
    var type = shown.replaceAll("(?s).*data-type=\"([^\"]*)\".*", "$1");
    return Envelope.pae(
        type,
        Bytes.ofUtf8(payload.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")));
  }

  @Override
  public void close() {
    server.close();
  }
}
