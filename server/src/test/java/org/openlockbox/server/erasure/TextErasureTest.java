package org.openlockbox.server.erasure;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.bundle.BundleCheck;
import org.openlockbox.core.log.EntryType;
import org.openlockbox.core.statement.Erasure.ErasureScope;
import org.openlockbox.server.Recorded;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestTenant;

/// Texts that approvers had erased: gone from every table, on record, with every proof as before.
class TextErasureTest {
  @Test
  void oneStatementIsGoneAndItsNeighboursAreNot() {
    try (var server = new TestServer()) {
      var acme = Recorded.of(new TestTenant(server, "acme", 1));
      long middle = acme.statements().get(1);
      assertThat(acme.shown(middle).text("text")).isEqualTo(Recorded.SQL + " -- 1");
      var erased = acme.erase(acme.erasure(middle));
      assertThat(erased.status()).as(erased.toString()).isEqualTo(201);
      assertThat(acme.shown(middle).has("text")).isFalse();
      var told = acme.shown(middle).objects("erased").getFirst();
      assertThat(told.text("kind")).isEqualTo("operation");
      assertThat(told.text("by")).isEqualTo("acme-ann");
      assertThat(told.number("index")).isEqualTo(erased.json().number("index"));
      assertThat(acme.shown(middle - 1).text("text")).isEqualTo(Recorded.SQL + " -- 0");
      assertThat(acme.shown(middle + 1).text("text")).isEqualTo(Recorded.SQL + " -- 2");
      assertThat(acme.story())
          .anySatisfy(line -> assertThat(line).contains("query 1: operation erased on"))
          .anySatisfy(line -> assertThat(line).contains("query 2: \u201c" + Recorded.SQL));
      assertThat(acme.tenant().verifiedLog().getLast().type()).isEqualTo(EntryType.ERASED);

      var again = acme.erase(acme.erasure(middle));
      assertThat(again.status()).isEqualTo(409);
      assertThat(again.code()).isEqualTo("already_erased");
      assertThat(again.json().text("detail"))
          .contains("by acme-ann", "entry " + told.number("index"));
    }
  }

  @Test
  void nameAndReasonAreGoneFromEveryTable() {
    try (var server = new TestServer()) {
      var tenant = new TestTenant(server, "acme", 1);
      server.token("engineer", "eve", "Zoe Zebrastripe");
      var wish =
          TestTenant.text(tenant.wish("helpdesk")).replace("Cannot log in", "About Quixotic Smith");
      var asked =
          server.call(
              0, "engineer", "POST", tenant.requests(), wish, Map.of("Idempotency-Key", "once"));
      assertThat(asked.status()).as(asked.toString()).isEqualTo(201);
      var acme = new Recorded(tenant, asked, List.of());
      assertThat(places(server)).contains("access_request", "idempotency", "outbox");

      var erased = acme.erase(acme.erasure(acme.requestEntry()));
      assertThat(erased.status()).as(erased.toString()).isEqualTo(201);
      // The token says who may sign in: the provider's own record.
      assertThat(places(server)).containsExactly("token");
      var view = tenant.show(asked);
      assertThat(view.json().has("reason")).isFalse();
      assertThat(view.json().objects("erased"))
          .extracting(e -> e.text("kind"))
          .containsExactly("name", "reason");
      var retried =
          server.call(
              0, "engineer", "POST", tenant.requests(), wish, Map.of("Idempotency-Key", "once"));
      assertThat(retried.status()).isEqualTo(201);
      assertThat(retried.json().text("id")).isEqualTo(asked.json().text("id"));
      // The letter that had not gone out says what is left to say.
      assertThat(server.rows("select subject from outbox"))
          .hasSize(2)
          .allSatisfy(subject -> assertThat(subject).doesNotContain("eve"));
      assertThat(tenant.approve(tenant.show(asked)).status()).isEqualTo(200);
      assertThat(acme.story())
          .anySatisfy(line -> assertThat(line).contains("; name erased on"))
          .anySatisfy(line -> assertThat(line).contains("reason erased on"));
    }
  }

  /// The tables that hold the name or the reason, in any column.
  private static List<String> places(TestServer server) {
    var hex = new StringBuilder();
    for (var word : List.of("Zebrastripe", "Quixotic")) {
      hex.append(hex.isEmpty() ? "" : "|").append(word).append('|');
      hex.append(HexFormat.of().formatHex(word.getBytes(StandardCharsets.UTF_8)));
    }
    var tables =
        server.rows(
            "select table_name from information_schema.tables where table_schema = 'public' order by 1");
    return tables.stream()
        .filter(
            table ->
                !server
                    .rows(
                        "select 1 from \"%s\" as t where t::text ~ '%s' limit 1"
                            .formatted(table, hex))
                    .isEmpty())
        .toList();
  }

  @Test
  void everythingIsErasedByAQuorumAndTheTenantGoesOn() {
    try (var server = new TestServer()) {
      var tenant = new TestTenant(server, "acme", 2);
      var globex = Recorded.of(new TestTenant(server, "globex", 1));
      var asked = tenant.ask("helpdesk");
      var acme = new Recorded(tenant, asked, List.of());
      var one = acme.erase(acme.erasure(new ErasureScope.Everything(), tenant.key));
      assertThat(one.status()).isEqualTo(422);
      assertThat(one.json().text("detail")).contains("quorum");
      var both = acme.erase(acme.erasure(new ErasureScope.Everything(), tenant.key, tenant.second));
      assertThat(both.status()).as(both.toString()).isEqualTo(201);
      assertThat(
              server.rows(
                  "select wrapped is null from tenant_key where tenant_id = 'acme' order by no"))
          .containsExactly("t", "f");
      assertThat(acme.shown(acme.requestEntry()).has("text")).isFalse();
      assertThat(server.rows("select reason from access_request where tenant_id = 'acme'"))
          .containsExactly("null");
      var again =
          acme.erase(acme.erasure(new ErasureScope.Everything(), tenant.key, tenant.second));
      assertThat(again.code()).isEqualTo("already_erased");
      // New texts are kept under a new key, and another tenant has noticed nothing.
      var next = new Recorded(tenant, tenant.ask("helpdesk"), List.of());
      assertThat(next.shown(next.requestEntry()).text("text")).isEqualTo("Cannot log in");
      assertThat(globex.shown(globex.statements().getFirst()).text("text"))
          .startsWith(Recorded.SQL);
      assertThat(acme.story())
          .anySatisfy(
              line -> assertThat(line).contains("reason erased on", "by acme-ann, acme-bob"));
      tenant.verifiedLog();
    }
  }

  @Test
  void anotherServerThatRemembersADestroyedKeySealsNothingWithIt() {
    try (var server = new TestServer()) {
      server.startAnother();
      var acme = Recorded.of(new TestTenant(server, "acme", 1));
      var path = acme.tenant().requests();
      var wish = TestTenant.text(acme.tenant().wish("helpdesk"));
      // Both servers have the key in memory.
      assertThat(server.call(1, "engineer", "POST", path, wish, Map.of()).status()).isEqualTo(201);
      assertThat(
              acme.erase(acme.erasure(new ErasureScope.Everything(), acme.tenant().key)).status())
          .isEqualTo(201);
      var seen =
          server.call(
              1,
              "acme-auditor",
              "GET",
              "/v1/tenants/acme/log?limit=1&from=" + acme.statements().getFirst(),
              "",
              Map.of());
      assertThat(seen.json().objects("entries").getFirst().has("text")).isFalse();
      var next = server.call(1, "engineer", "POST", path, wish, Map.of());
      assertThat(acme.shown(next.json().number("logIndex")).text("text"))
          .isEqualTo("Cannot log in");
    }
  }

  @Test
  void nobodyErasesWhatIsNotTheirs() {
    try (var server = new TestServer()) {
      var acme = Recorded.of(new TestTenant(server, "acme", 1));
      var globex = Recorded.of(new TestTenant(server, "globex", 1));
      long ours = acme.statements().getFirst();
      // Globex's approver with acme's log in the address, in the statement, and under its own key.
      assertThat(
              server
                  .post(
                      "globex-approver",
                      "/v1/tenants/acme/erasures",
                      TestTenant.envelope(globex.erasure(ours)))
                  .status())
          .isEqualTo(404);
      assertThat(globex.erase(acme.erasure(ours)).code()).isEqualTo("erasure");
      assertThat(acme.erase(globex.erasure(ours)).code()).isEqualTo("erasure");
      var chosen = new ErasureScope.ChosenEntries(List.of(ours));
      for (var key : List.of(globex.tenant().key, acme.tenant().engineerKey)) {
        assertThat(acme.erase(acme.erasure(chosen, key)).code()).isEqualTo("erasure");
      }
      var body = TestTenant.envelope(acme.erasure(ours));
      for (var who : List.of("engineer", "operator", "acme-auditor")) {
        assertThat(server.post(who, "/v1/tenants/acme/erasures", body).status()).isEqualTo(403);
      }
      assertThat(acme.erase(acme.erasure(0)).code()).isEqualTo("nothing_to_erase");
      assertThat(acme.erase(acme.erasure(100_000)).code()).isEqualTo("erasure");
      var late = acme.erasure(ours);
      server.pass(Duration.ofMinutes(10));
      assertThat(acme.erase(late).code()).isEqualTo("erasure");
      assertThat(acme.shown(ours).text("text")).startsWith(Recorded.SQL);
      assertThat(acme.tenant().verifiedLog()).noneMatch(entry -> entry.type() == EntryType.ERASED);
    }
  }

  @Test
  void aCrashLeavesAllOrNothingAndALostAnswerIsTheSameAgain() {
    try (var server = new TestServer()) {
      var acme = Recorded.of(new TestTenant(server, "acme", 1));
      long first = acme.statements().getFirst();
      var erasure = acme.erasure(first);
      // Not applied: the commit fails, so text and log are as before.
      server.execute(
          """
          create function crash() returns trigger language plpgsql as $$
          begin raise exception 'crashed'; end $$;
          create constraint trigger crash after insert on log_mention
            deferrable initially deferred for each row execute function crash()
          """);
      int size = acme.tenant().verifiedLog().size();
      assertThat(acme.erase(erasure).status()).isGreaterThanOrEqualTo(500);
      assertThat(acme.shown(first).text("text")).startsWith(Recorded.SQL);
      assertThat(acme.tenant().verifiedLog()).hasSize(size);
      server.execute("drop trigger crash on log_mention");
      // Applied, but the answer lost: the same call gets the same answer, and the statement counts
      // once.
      var key = Map.of("Idempotency-Key", "erase-1");
      var done = acme.erase(erasure, key);
      assertThat(done.status()).as(done.toString()).isEqualTo(201);
      var repeated = acme.erase(erasure, key);
      assertThat(repeated.json().number("index")).isEqualTo(done.json().number("index"));
      assertThat(acme.erase(erasure).code()).isEqualTo("already_erased");
      assertThat(acme.tenant().verifiedLog()).hasSize(size + 1);
    }
  }

  @Test
  void aTextPutBackByHandIsReportedByTheVerifier() {
    try (var server = new TestServer()) {
      var acme = Recorded.of(new TestTenant(server, "acme", 1));
      server.execute("create table kept as select tenant_id, first_seq, sealed from log_batch");
      assertThat(acme.erase(acme.erasure(acme.statements().getFirst())).status()).isEqualTo(201);
      server.execute(
          "update log_batch t set sealed = k.sealed from kept k where k.tenant_id = t.tenant_id and k.first_seq = t.first_seq");
      assertThat(acme.bundle())
          .isInstanceOfSatisfying(
              BundleCheck.Invalid.class,
              broken -> assertThat(broken.what()).contains("still shown"));
    }
  }
}
