package org.openlockbox.portal.signin;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.portal.PortalFixture;
import org.openlockbox.portal.TestBrowser;
import org.openlockbox.portal.TestBrowser.Page;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestTenant;
import org.openlockbox.server.identity.MailAddress;
import org.openlockbox.server.identity.People;
import org.openlockbox.server.identity.Role;

/// Two tenants and a provider whose people sign in at issuers that lie when they are told to.
/// Acme's and the provider's issuers give roles, globex's does not.
final class IssuerFixture implements AutoCloseable {
  private final AtomicReference<Instant> clock = new AtomicReference<>(TestServer.START);
  final HostileIssuer acmeIssuer = new HostileIssuer(clock::get);
  final HostileIssuer globexIssuer = new HostileIssuer(clock::get);
  final HostileIssuer vendorIssuer = new HostileIssuer(clock::get);
  static final Optional<TenantId> ACME_ID = Optional.of(new TenantId("acme"));
  final TestServer server =
      TestServer.extended(
          PortalFixture.portal(),
          List.of(
              acmeIssuer.issuer(
                  "acme",
                  ACME_ID,
                  "acme.example",
                  Map.of("lockbox-approvers", Role.APPROVER, "lockbox-auditors", Role.AUDITOR)),
              globexIssuer.issuer(
                  "globex", Optional.of(new TenantId("globex")), "globex.example", Map.of()),
              vendorIssuer.issuer(
                  "vendor",
                  Optional.empty(),
                  "vendor.example",
                  Map.of("engineers", Role.ENGINEER))));
  final TestTenant acme = new TestTenant(server, "acme", 1);
  final TestTenant globex = new TestTenant(server, "globex", 1);
  private final AtomicInteger numbers = new AtomicInteger();

  Page atVendor(Map<String, Object> person) {
    var browser = browser();
    var there = start(browser, address(person));
    return back(browser, "vendor", vendorIssuer.signIn(there, person));
  }

  void person(TestTenant tenant, String subject, String address) {
    server
        .server(0)
        .people()
        .add(
            new People.NewPerson(
                Optional.of(tenant.id),
                new SubjectId(subject),
                new MailAddress(address),
                subject,
                Set.of(Role.AUDITOR)));
  }

  @Override
  public void close() {
    server.close();
    acmeIssuer.close();
    globexIssuer.close();
    vendorIssuer.close();
  }

  Instant now() {
    return clock.get();
  }

  /// Acme's issuer says the truth again.
  void restore() {
    acmeIssuer.tokens = acmeIssuer::token;
    acmeIssuer.status = Optional.empty();
    acmeIssuer.givesRefreshTokens = true;
    acmeIssuer.namesItself = true;
    acmeIssuer.person = Map.of();
    clock.set(server.clock.get());
  }

  void pass(Duration time) {
    server.pass(time);
    clock.set(server.clock.get());
  }

  /// Somebody new at acme's issuer.
  Map<String, Object> somebody(String... groups) {
    var name = "p" + numbers.incrementAndGet();
    return Map.of(
        "sub", "sub-" + name,
        "email", name + "@acme.example",
        "email_verified", true,
        "name", "Pat " + name,
        "groups", List.of(groups));
  }

  static Map<String, Object> with(Map<String, Object> person, String claim, Object value) {
    var changed = new HashMap<>(person);
    changed.put(claim, value);
    return changed;
  }

  TestBrowser browser() {
    return new TestBrowser(server);
  }

  /// Types an address; where the browser is sent.
  URI start(TestBrowser browser, String address) {
    var page = browser.post("/sign-in", Map.of("address", address, "next", "/inbox"));
    assertThat(page.status()).as(page.toString()).isEqualTo(200);
    return URI.create(page.header("Refresh").replaceFirst("^0;url=", ""));
  }

  static String address(Map<String, Object> person) {
    return String.valueOf(person.get("email"));
  }

  Page back(TestBrowser browser, String issuer, Map<String, String> brought) {
    return browser.get(
        "/sign-in/back/%s?%s"
            .formatted(
                issuer,
                brought.entrySet().stream()
                    .map(one -> one.getKey() + "=" + encoded(one.getValue()))
                    .collect(Collectors.joining("&"))));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  Page signIn(TestBrowser browser, Map<String, Object> person) {
    var there = start(browser, address(person));
    return back(browser, "acme", acmeIssuer.signIn(there, person));
  }

  TestBrowser signedIn(Map<String, Object> person) {
    var browser = browser();
    var page = signIn(browser, person);
    assertThat(page.status()).as(page.toString()).isEqualTo(303);
    acmeIssuer.person = person;
    return browser;
  }

  boolean isIn(TestBrowser browser) {
    return browser.get("/inbox").status() == 200;
  }

  String roles(Map<String, Object> person) {
    return server
        .rows("select roles from person where address = '%s'".formatted(person.get("email")))
        .getFirst();
  }
}
