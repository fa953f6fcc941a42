package org.openlockbox.portal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.server.Endpoint;
import org.openlockbox.server.TestGateway;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestTenant;
import org.openlockbox.server.identity.MailAddress;
import org.openlockbox.server.identity.People;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.notify.PushReceiver;

/// Every id that a tenant has, tried at every page and call by everybody else: the answer is the
/// very one that an id gets which nobody has, to the header and the byte, and as soon. What there
/// is to try is found in the code; a new form without a sample fails here.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class ForeignIdsTest {
  /// What the provider's reviewers and operators see of every request, and of tokens, by right.
  private static final Set<String> THEIRS_TO_SEE =
      Set.of(
          "GET /requests/{r}",
          "GET /operation/tenants/{t}",
          "GET /operation/gateways/{g}",
          "GET /operation/new-tenant",
          "POST /operation/new-tenant",
          "GET /v1/requests/{r}",
          "GET /v1/tenants/{t}/requests/{r}",
          "POST /v1/tokens/{id}:revoke",
          "POST /requests/{r}/review",
          "POST /v1/requests/{r}:review",
          "POST /v1/tenants/{t}/requests/{r}:review");

  /// A stream that does not end; what wants more than an id; a key that nobody proposed yet; and
  /// what answers alike whether it was there or not.
  private static final Set<String> WITHOUT_CONTROL =
      Set.of(
          "GET /requests/{r}/live/stream",
          "GET /gateway/v1/tenants/{t}/resources/{resource}/connects",
          "GET /gateway/v1/tenants/{t}/witnessed",
          "POST /keys/{k}/forget",
          "POST /notifications/push/{b}/remove",
          "POST /people/{who}/remove",
          "POST /people/{who}/roles",
          "POST /v1/tokens/{id}:revoke");

  private static final Pattern OF_THE_MOMENT =
      Pattern.compile("name=\"(token|once|handover|code)\" value=\"[^\"]*\"");

  /// Two answers are as old as the second in which each was made; `Max-Age` stays.
  private static final Pattern SECOND_OF_EXPIRY = Pattern.compile("Expires=[^;]*");

  private static final PortalFixture PORTAL = new PortalFixture();
  private static final TestServer SERVER = PORTAL.server;
  private static final TestTenant ACME = PORTAL.acme;
  private static final TestBrowser ANN = PORTAL.browser().as("ann@acme.example");
  private static final Map<String, String> ACMES = acmes();
  private static final Map<String, String> NOTHING = nothing();
  private static final String SIGNED =
      TestTenant.text(TestTenant.envelope(PORTAL.globex.yes(PORTAL.globex.ask("helpdesk"))));

  @AfterAll
  static void close() {
    PORTAL.close();
  }

  /// What came back.
  record Told(int status, Map<String, List<String>> headers, String body) {
    static Told of(int status, Map<String, List<String>> headers, String body) {
      var kept = new TreeMap<>(headers);
      kept.keySet().removeAll(Set.of("date", "content-length", "connection"));
      kept.computeIfPresent("set-cookie", (name, cookies) -> undated(cookies));
      return new Told(status, kept, OF_THE_MOMENT.matcher(body).replaceAll("$1"));
    }

    private static List<String> undated(List<String> cookies) {
      return cookies.stream()
          .map(each -> SECOND_OF_EXPIRY.matcher(each).replaceAll("Expires=·"))
          .toList();
    }

    /// Without the words that whoever tried has sent; a number only where it stands for an id.
    Told without(Map<String, String> ids) {
      var told = body;
      var longestFirst =
          ids.values().stream().sorted(Comparator.comparingInt(String::length).reversed());
      for (var id : longestFirst.toList()) {
        told =
            id.matches("\\d+")
                ? told.replaceAll("(?<=[/=])" + id + "(?![0-9a-z])", "·")
                : told.replace(id, "·");
      }
      return new Told(status, headers, told);
    }
  }

  /// Who tries: in a browser, or with a token. `stranger` to the tenant itself, or to what is in
  /// it.
  record Who(String name, Optional<TestBrowser> browser, boolean stranger, boolean sees) {
    Told send(Attempt one) {
      if (browser.isPresent()) {
        var page =
            one.endpoint().writes()
                ? browser.get().post(one.path(), one.fields())
                : browser.get().get(one.path());
        return Told.of(page.status(), page.response().headers().map(), page.text());
      }
      var body = one.endpoint().writes() ? body(one.endpoint()) : "";
      var tag = Map.of("If-Match", "\"1\"");
      var answer = SERVER.call(0, name, one.endpoint().method(), one.path(), body, tag);
      return Told.of(
          answer.status(),
          answer.response().headers().map(),
          new String(answer.response().body(), StandardCharsets.ISO_8859_1));
    }

    /// Whether what they are told about an id has to be what they are told about none.
    boolean mayNotKnow(Endpoint endpoint) {
      return Attempt.isOfPortal(endpoint) == browser.isPresent()
          && !(sees && THEIRS_TO_SEE.contains(endpoint.toString()));
    }

    /// What stands where nothing is: for those who know the tenant, within it.
    Map<String, String> nothing() {
      return stranger ? NOTHING : with(NOTHING, "t", "acme");
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /// What acme has: a request with a session, keys, a proposal, a webhook and what was told.
  private static Map<String, String> acmes() {
    var request = ACME.approved();
    var gateway = TestGateway.leased(SERVER);
    var connects = ACME.requests() + "/" + PortalFixture.id(request) + "/connects";
    var signed = TestTenant.envelope(TestGateway.connect(ACME, request, ACME.engineerKey));
    var connect = SERVER.post("engineer", connects, signed);
    assertThat(connect.status()).as(connect.toString()).isEqualTo(201);
    var session = gateway.open(ACME, request);
    var hook = Map.of("url", "https://127.0.0.1/acme", "topic", "keyring");
    assertThat(ANN.post("/notifications/webhooks", hook).status()).isEqualTo(200);
    assertThat(ANN.post("/notifications/test", Map.of()).status()).isEqualTo(303);
    subscribe();
    var proposal = ANN.post("/access", Map.of("access", "off")).header("Location");
    var size = ACME.verifiedLog().size();
    SERVER.server(0).buildEpoch();
    return Map.ofEntries(
        Map.entry("t", "acme"),
        Map.entry("r", PortalFixture.id(request)),
        Map.entry("s", session.value()),
        Map.entry("user", connect.json().text("user")),
        Map.entry("p", proposal.substring("/proposals/".length())),
        Map.entry("resource", "helpdesk"),
        Map.entry("w", row("select id from webhook where tenant_id = 'acme' and state = 'on'")),
        Map.entry("d", row("select id from outbox where tenant_id = 'acme'")),
        Map.entry("b", row("select id from push_subscription where tenant_id = 'acme'")),
        Map.entry(
            "visit",
            row(
                "select encode(secret, 'hex') as id from visit where person_id ="
                    + " (select p.id from person p where p.subject = 'acme-ann')")),
        Map.entry("g", "gw-1"),
        Map.entry("k", PORTAL.passkey.key().keyId().hex()),
        Map.entry("n", Integer.toString(size - 1)),
        Map.entry("id", row("select id from token where subject = 'acme-ann'")),
        Map.entry("person", "acme-bob"),
        Map.entry("who", "acme-bob"),
        Map.entry("mail", "bob@acme.example"),
        Map.entry("pid", row("select id from person where subject = 'acme-bob'")));
  }

  private static void subscribe() {
    try (var service = new PushReceiver()) {
      var browser =
          Map.of("endpoint", service.endpoint(), "key", service.key(), "secret", service.secret());
      assertThat(ANN.post("/notifications/push", browser).status()).isEqualTo(303);
    }
  }

  private static String row(String sql) {
    return SERVER.rows(sql + " order by id desc limit 1").getFirst();
  }

  /// The same that nobody has.
  private static Map<String, String> nothing() {
    var none = new TreeMap<String, String>();
    ACMES.forEach((name, id) -> none.put(name, id.replaceAll("(?<=[-_].{0,99})[0-9A-Za-z]", "0")));
    none.putAll(
        Map.of("t", "zcme", "person", "acme-zob", "who", "acme-zob", "mail", "zed@acme.example"));
    none.putAll(Map.of("d", "999999999", "n", "999999999", "pid", "999999999"));
    none.put("k", "0".repeat(64));
    none.put("visit", "0".repeat(64));
    return none;
  }

  private static Map<String, String> with(Map<String, String> ids, String name, String id) {
    var all = new TreeMap<>(ids);
    all.put(name, id);
    return all;
  }

  /// A signature of another tenant's key, where one is asked for.
  private static String body(Endpoint endpoint) {
    if (endpoint.path().endsWith(":review")) {
      return "{\"verdict\":\"approve\"}";
    }
    var signed =
        Pattern.compile(
            ".*(:(approve|deny|sign)|/(connects|keys|settings|policy|tickets|erasures))");
    return signed.matcher(endpoint.path()).matches() ? SIGNED : "{}";
  }

  static List<Who> strangers() {
    PORTAL.person(Optional.of(PORTAL.globex.id), "globex-aud", "aud@globex.example", Role.AUDITOR);
    PORTAL.person(Optional.empty(), "mal", "mal@vendor.example", Role.ENGINEER);
    person("globex-all", "all@globex.example", Role.APPROVER, Role.POLICY_ADMIN, Role.TENANT_ADMIN);
    SERVER.token("mallory", "mallory", Role.ENGINEER, Optional.empty());
    SERVER.token("globex-admin", "globex-adm", Role.TENANT_ADMIN, Optional.of(PORTAL.globex.id));
    return List.of(
        visitor("ann@globex.example", true, false),
        visitor("all@globex.example", true, false),
        visitor("aud@globex.example", true, false),
        visitor("mal@vendor.example", false, false),
        visitor("rex@vendor.example", false, true),
        visitor("olga@vendor.example", false, true),
        caller("globex-approver", true, false),
        caller("globex-auditor", true, false),
        caller("globex-admin", true, false),
        caller("mallory", false, false),
        caller("reviewer", false, true),
        caller("operator", false, true));
  }

  private static void person(String subject, String address, Role... roles) {
    var newPerson =
        new People.NewPerson(
            Optional.of(PORTAL.globex.id),
            new SubjectId(subject),
            new MailAddress(address),
            subject,
            Set.of(roles));
    SERVER.server(0).people().add(newPerson);
  }

  private static Who visitor(String address, boolean stranger, boolean sees) {
    return new Who(address, Optional.of(PORTAL.browser().as(address)), stranger, sees);
  }

  private static Who caller(String profile, boolean stranger, boolean sees) {
    return new Who(profile, Optional.empty(), stranger, sees);
  }

  @Order(1)
  @ParameterizedTest
  @MethodSource("strangers")
  void anothersIdIsAnsweredAsOneThatNobodyHas(Who who) {
    var before = everythingOfAcme();
    var wrong = new ArrayList<String>();
    for (var endpoint : Attempt.EVERY.stream().filter(who::mayNotKnow).toList()) {
      var real = Attempt.all(endpoint, ACMES).toList();
      var none = Attempt.all(endpoint, who.nothing()).toList();
      for (int n = 0; n < real.size(); n++) {
        if (real.get(n).equals(none.get(n))) {
          continue; // it names nothing
        }
        var told = who.send(real.get(n)).without(ACMES);
        var wanted = who.send(none.get(n)).without(who.nothing());
        if (!told.equals(wanted)) {
          wrong.add("%s%n  %s%n  %s".formatted(real.get(n), told, wanted));
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(everythingOfAcme()).isEqualTo(before);
  }

  /// A digest of each table's rows of acme; what waits to be sent is told over and over meanwhile.
  private static Map<String, String> everythingOfAcme() {
    var tables =
        SERVER.rows(
            """
            select table_name from information_schema.columns
             where table_schema = 'public' and column_name = 'tenant_id' and table_name <> 'outbox'
            """);
    assertThat(tables).hasSizeGreaterThan(20);
    var digests = new TreeMap<String, String>();
    for (var table : tables) {
      digests.put(
          table,
          SERVER
              .rows(
                  "select md5(string_agg(t::text, ' ' order by t::text)) from %s t where tenant_id = 'acme'"
                      .formatted(table))
              .getFirst());
    }
    return digests;
  }

  /// The fastest of some calls in turn, so that a busy machine decides nothing; of many more where
  /// the first ones differ.
  @Order(2)
  @Test
  void anothersIdIsAnsweredAsSoonAsOneThatNobodyHas() {
    var gus = visitor("ann@globex.example", true, false);
    var slow = new ArrayList<String>();
    for (var endpoint : Attempt.EVERY.stream().filter(Attempt::isOfPortal).toList()) {
      var real = Attempt.all(endpoint, ACMES).findFirst().orElseThrow();
      var none = Attempt.all(endpoint, NOTHING).findFirst().orElseThrow();
      if (endpoint.writes() || !endpoint.path().contains("{")) {
        continue;
      }
      long[] fastest = {Long.MAX_VALUE, Long.MAX_VALUE};
      for (int n = 0; n < 10 || (n < 200 && isLater(fastest)); n++) {
        fastest[0] = Math.min(fastest[0], time(gus, real));
        fastest[1] = Math.min(fastest[1], time(gus, none));
      }
      if (isLater(fastest)) {
        slow.add("%s: %d ns, %d ns".formatted(endpoint, fastest[0], fastest[1]));
      }
    }
    assertThat(slow).isEmpty();
  }

  private static boolean isLater(long[] fastest) {
    return fastest[0] > 3 * fastest[1] + 2_000_000;
  }

  private static long time(Who who, Attempt one) {
    long start = System.nanoTime();
    who.send(one);
    return System.nanoTime() - start;
  }

  /// The control: for those who may, each of these ids is another than one that nobody has.
  @Order(3)
  @Test
  void forWhomItIsEachOfTheseIdsIsThere() {
    var owners =
        List.of(
            new Who("ann", Optional.of(ANN), false, true),
            visitor("eve@vendor.example", false, true),
            visitor("rex@vendor.example", false, true),
            visitor("olga@vendor.example", false, true),
            caller("acme-approver", false, true),
            caller("engineer", false, true),
            caller("reviewer", false, true),
            caller("operator", false, true),
            caller("gw-1", false, true));
    var dead = new ArrayList<String>();
    Attempt.EVERY.stream()
        .filter(endpoint -> endpoint.path().contains("{"))
        .filter(endpoint -> !WITHOUT_CONTROL.contains(endpoint.toString()))
        .sorted(Comparator.comparingInt(ForeignIdsTest::harm))
        .forEach(
            endpoint -> {
              if (owners.stream().noneMatch(owner -> knows(owner, endpoint))) {
                dead.add(endpoint.toString());
              }
            });
    assertThat(dead).isEmpty();
  }

  /// What ends something comes last.
  private static int harm(Endpoint endpoint) {
    return endpoint.method().equals("DELETE") ? 2 : endpoint.writes() ? 1 : 0;
  }

  private static boolean knows(Who owner, Endpoint endpoint) {
    if (Attempt.isOfPortal(endpoint) != owner.browser.isPresent()) {
      return false;
    }
    var there = owner.send(Attempt.all(endpoint, ACMES).findFirst().orElseThrow());
    var none = owner.send(Attempt.all(endpoint, NOTHING).findFirst().orElseThrow());
    return there.status() != none.status();
  }
}
