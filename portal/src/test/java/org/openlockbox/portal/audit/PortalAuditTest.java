package org.openlockbox.portal.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.bundle.BundleCheck;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.operation.OutcomeStatus;
import org.openlockbox.core.operation.SqlFacts;
import org.openlockbox.portal.PortalFixture;
import org.openlockbox.portal.TestBrowser;
import org.openlockbox.server.Pause;
import org.openlockbox.server.TestGateway;
import org.openlockbox.server.TestServer.Answer;
import org.openlockbox.server.TestTenant;
import org.openlockbox.server.identity.Role;
import org.openlockbox.tlog.Checkpoint;
import org.openlockbox.tlog.SignedNote;
import org.openlockbox.tlog.tree.Hash;
import org.openlockbox.tlog.tree.InclusionProof;
import org.openlockbox.tlog.tree.MerkleTree;

/// Looking up access afterwards: who finds what, page by page, and checks it.
final class PortalAuditTest {
  private static final Pattern ID = Pattern.compile("/requests/(R-[0-9A-Z]{10})\"");
  private static final PortalFixture PORTAL = new PortalFixture();
  private static final TestBrowser AUD = PORTAL.browser().as("aud@acme.example");
  private static final TestBrowser ANN = PORTAL.browser().as("ann@acme.example");
  private static final TestBrowser GUS = PORTAL.browser().as("ann@globex.example");
  private static final TestBrowser EVE = PORTAL.browser().as("eve@vendor.example");
  private static final TestBrowser OLGA = PORTAL.browser().as("olga@vendor.example");
  private static final TestBrowser REX = PORTAL.browser().as("rex@vendor.example");

  @AfterAll
  static void close() {
    PORTAL.close();
  }

  @Test
  void aNumberInTheWrongFieldLeadsToTheSearchThatLooksForIt() {
    assertThat(AUD.get("/audit?text=4711x").text())
        .contains("No request matches.", "<a href=\"/audit?value=4711x\">Only ids, names");
    assertThat(AUD.get("/audit?value=4711x").text()).doesNotContain("Only ids, names");
  }

  /// A request with a session: two statements, the second refused.
  private record Done(Answer request, SessionId session, TestGateway gateway) {
    static Done of(String sql) {
      var acme = PORTAL.acme;
      var gateway = TestGateway.leased(acme.server);
      var request = acme.approved();
      var session = gateway.open(acme, request);
      var good = TestGateway.sql(sql);
      var bad = TestGateway.sql("drop table customers");
      TestGateway.indices(
          gateway.append(
              gateway.entry(
                  acme,
                  new SessionEvent.Operation(
                      session,
                      0,
                      good.commitment(),
                      Optional.empty(),
                      "query",
                      SqlFacts.reading("select", 2, List.of("customers"))),
                  good),
              gateway.entry(
                  acme,
                  new SessionEvent.Outcome(
                      session, 0, OutcomeStatus.SQL_DONE, 3, 60, 0, Optional.empty())),
              gateway.entry(
                  acme,
                  new SessionEvent.Operation(
                      session,
                      1,
                      bad.commitment(),
                      Optional.empty(),
                      "query",
                      SqlFacts.of("ddl"),
                      Optional.of("level")),
                  bad)));
      acme.checkpoint(
          acme.server.get(acme.approver(), "/v1/tenants/acme/log").json().number("size"));
      return new Done(request, session, gateway);
    }

    /// One statement more, which ended like this.
    void goesOn(long n, String text, String state) {
      var acme = PORTAL.acme;
      var sql = TestGateway.sql(text);
      TestGateway.indices(
          gateway.append(
              gateway.entry(acme, TestGateway.statement(session, n, sql), sql), outcome(n, state)));
    }

    /// What the client was told of the statement that was refused.
    void tellsOfItsRefusal() {
      TestGateway.indices(gateway.append(outcome(1, "42501")));
    }

    private Json outcome(long n, String state) {
      var status = new OutcomeStatus(state);
      return gateway.entry(
          PORTAL.acme, new SessionEvent.Outcome(session, n, status, 0, 0, 0, Optional.empty()));
    }

    void ends() {
      assertThat(PORTAL.acme.revoke(request).status()).isEqualTo(200);
      PORTAL.server.execute(
          "update session set state = 'closed', ended_at = opened_at where id = '%s'"
              .formatted(session));
    }

    String id() {
      return PortalFixture.id(request);
    }
  }

  private static List<String> found(TestBrowser.Page page) {
    assertThat(page.status()).as(page.toString()).isEqualTo(200);
    return ID.matcher(page.text()).results().map(one -> one.group(1)).distinct().toList();
  }

  @Test
  void anAuditorFindsRequestsByWhatStandsOpenAndPageByPage() {
    var mine = PortalFixture.id(PORTAL.acme.ask("billing"));
    var other = PortalFixture.id(PORTAL.acme.ask("helpdesk"));
    assertThat(found(AUD.get("/audit"))).contains(mine, other);
    assertThat(found(AUD.get("/audit?resource=billing"))).contains(mine).doesNotContain(other);
    assertThat(found(AUD.get("/audit?text=" + mine.toLowerCase(Locale.ROOT))))
        .containsExactly(mine);
    assertThat(found(AUD.get("/audit?text=sup-1&person=eve&level=masked&purpose=customer_ticket")))
        .contains(mine, other);
    assertThat(found(AUD.get("/audit?person=nobody"))).isEmpty();
    assertThat(found(AUD.get("/audit?level=write"))).isEmpty();
    assertThat(found(AUD.get("/audit?from=2026-11-24&until=2026-11-24"))).contains(mine);
    assertThat(found(AUD.get("/audit?until=2026-11-23"))).isEmpty();
    assertThat(found(GUS.get("/audit"))).isEmpty();
    assertThat(AUD.get("/audit?before=-1").status()).isEqualTo(400);
    for (var wrong : List.of("level=all", "from=x", "purpose=fun", "resource=*")) {
      assertThat(AUD.get("/audit?" + wrong).status()).as(wrong).isEqualTo(422);
      assertThat(AUD.get("/audit/export?" + wrong).status()).as(wrong).isEqualTo(400);
    }
    assertThat(found(AUD.get("/audit?person=*"))).isEmpty();
  }

  @Test
  void pagesFollowOneAnotherWithoutAGap() {
    for (int n = 0; n < 55; n++) {
      PORTAL.globex.ask("helpdesk");
    }
    var all = new ArrayList<String>();
    var page = GUS.get("/audit");
    all.addAll(found(page));
    assertThat(all).hasSize(50);
    var next = Pattern.compile("href=\"(/audit\\?before=\\d+)\"").matcher(page.text());
    assertThat(next.find()).isTrue();
    all.addAll(found(GUS.get(next.group(1))));
    assertThat(all).hasSize(55).doesNotHaveDuplicates();
    assertThat(found(GUS.get("/audit/print"))).isEqualTo(all);
  }

  @Test
  void whatAPageProvesIsInTheLogOfItsOwnTenantOnly() {
    var request = PORTAL.acme.ask("helpdesk");
    long index = TestTenant.ref(request).index();
    PORTAL.acme.checkpoint(index + 1);
    var proof = json(AUD.get("/audit/entries/%d/proof".formatted(index)));
    Bytes entry = proof.bytes("entry");
    var inclusion = proof.object("proof");
    var checkpoint =
        Checkpoint.open(SignedNote.parse(inclusion.multiline("checkpoint")), PORTAL.acme.logKeys)
            .orElseThrow();
    var hashes = inclusion.texts("hashes").stream().map(Hash::ofBase64).toList();
    assertThat(
            new InclusionProof(index, checkpoint.size(), hashes)
                .proves(MerkleTree.leafHash(entry.toArray()), checkpoint.root()))
        .isTrue();
    assertThat(AUD.get("/audit/entries/" + index).text()).contains(PortalFixture.id(request));
    assertThat(GUS.get("/audit/entries/" + index).text()).doesNotContain("acme");
    for (var path :
        List.of("/audit/entries/999999", "/audit/entries/x", "/audit/entries/-1/proof")) {
      assertThat(AUD.get(path).status()).as(path).isEqualTo(404);
    }
    for (var who : List.of(EVE, OLGA, REX)) {
      assertThat(who.get("/audit/entries/1/proof").status()).isEqualTo(404);
      assertThat(who.get("/audit").status()).isEqualTo(404);
      assertThat(who.get("/audit/export").status()).isEqualTo(404);
    }
  }

  private static Fields json(TestBrowser.Page page) {
    assertThat(page.status()).as(page.toString()).isEqualTo(200);
    return Fields.of(Json.read(page.text().getBytes(StandardCharsets.UTF_8), 1 << 20), "proof");
  }

  @Test
  void theRecordSaysWhatWasDoneAndWhatWasBlockedButNoData() {
    var done = Done.of("select email from customers where id = 7");
    for (var who : List.of(AUD, ANN, EVE)) {
      var page = who.get("/requests/%s/record".formatted(done.id()));
      assertThat(page.status()).as(page.toString()).isEqualTo(200);
      assertThat(page.read())
          .contains("select email from customers where id = 7", "drop table customers");
      assertThat(page.text())
          .contains("<span class=\"sql-keyword\">select</span> email", "sql-number\">7</span>")
          .contains("Reads customers", "3 rows")
          .contains("Refused, not allowed at this level", "1 blocked, 0 failed", "<svg");
    }
    assertThat(EVE.get("/requests/%s/record".formatted(done.id())).text())
        .doesNotContain("data-check");
    for (var who : List.of(GUS, OLGA, REX)) {
      for (var part : List.of("record", "evidence", "export")) {
        assertThat(who.get("/requests/%s/%s".formatted(done.id(), part)).status()).isEqualTo(404);
      }
    }
  }

  @Test
  void whatNobodyKnowsTheOutcomeOfSaysSoOnceTheSessionHasEnded() {
    var done = Done.of("select 1");
    var record = "/requests/%s/record".formatted(done.id());
    assertThat(AUD.get(record).text()).doesNotContain("Outcome unknown");
    TestGateway.indices(
        done.gateway()
            .append(done.gateway().entry(PORTAL.acme, TestGateway.closed(done.session(), true))));
    assertThat(AUD.get(record).text()).containsOnlyOnce("Outcome unknown");
  }

  @Test
  void aResultThatBrokeOffHasItsRows() {
    var done = Done.of("select email from customers");
    TestGateway.indices(
        done.gateway()
            .append(
                done.gateway()
                    .entry(
                        PORTAL.acme,
                        new SessionEvent.Outcome(
                            done.session(),
                            1,
                            new OutcomeStatus("57P01"),
                            4711,
                            9000,
                            0,
                            Optional.empty()))));
    assertThat(AUD.get("/requests/%s/record".formatted(done.id())).text())
        .contains("4,711 rows, then the session was ended (57P01)");
  }

  @Test
  void statementsWithMarkupAreText() {
    var done = Done.of("select '<script>alert(1)</script>'");
    var page = AUD.get("/requests/%s/record".formatted(done.id()));
    assertThat(page.text()).contains("&lt;script&gt;alert(1)").doesNotContain("<script>alert");
  }

  @Test
  void whatWasFoundIsTakenAlongAsAFile() {
    var done = Done.of("=cmd|' /C calc'!A0");
    var found = "?text=" + done.id();
    var lines = AUD.get("/audit/export" + found).text().lines().toList();
    assertThat(lines).hasSizeGreaterThan(5).allMatch(line -> line.contains(done.id()));
    var csv = AUD.get("/audit/export%s&format=csv".formatted(found));
    assertThat(csv.header("Content-Type")).startsWith("text/csv");
    assertThat(csv.header("Content-Disposition")).contains("acme.csv");
    assertThat(csv.text()).contains("'=cmd").doesNotContain(",=cmd", ",\"=cmd");
    var own = EVE.get("/requests/%s/export?format=csv".formatted(done.id()));
    assertThat(own.text()).isEqualTo(csv.text());
    assertThat(AUD.get("/audit/export?format=exe").status()).isEqualTo(400);
  }

  @Test
  void theEvidenceOfThePortalVerifiesOffline() {
    var done = Done.of("select 1");
    PORTAL.acme.checkpoint(PORTAL.acme.verifiedLog().size());
    var zip = AUD.bytes("/requests/%s/evidence".formatted(done.id()));
    assertThat(BundleCheck.verify(zip, Optional.of(PORTAL.acme.pin())))
        .isInstanceOf(BundleCheck.Valid.class);
  }

  @Test
  void tablesAreFoundOnceAccessHasEnded() {
    var done = Done.of("select 1");
    done.ends();
    Pause.until(
        "the closing record", () -> found(AUD.get("/audit?table=Customers")).contains(done.id()));
    var page = AUD.get("/audit?table=customers");
    assertThat(page.text()).contains("1 blocked or failed", "acme-ann");
    assertThat(found(AUD.get("/audit?person=acme-ann"))).contains(done.id());
    assertThat(found(AUD.get("/audit?table=tickets"))).isEmpty();
  }

  @Test
  void aPersonIsFoundByNameAndATableWhateverTheCaseOfItsLetters() {
    var mine = PortalFixture.id(PORTAL.acme.ask("helpdesk"));
    PORTAL.server.execute("update person set name = 'Eve Evergreen' where subject = 'eve'");
    assertThat(AUD.get("/audit").text())
        .contains("list=\"people\"", "<option value=\"Eve Evergreen\">eve</option>")
        .contains("<option value=\"acme-ann\">acme-ann</option>")
        .as("somebody of the provider who has asked nothing here")
        .doesNotContain("<option value=\"olga\">");
    for (var typed : List.of("Evergreen", "eve", "EVE")) {
      assertThat(found(AUD.get("/audit?person=" + typed))).as(typed).contains(mine);
    }
    assertThat(found(AUD.get("/audit?person=Nobody"))).isEmpty();
  }

  @Test
  void aSearchThatCannotBeReadCostsNoPage() {
    var wrong = AUD.get("/audit?from=yesterday&person=Erin");
    assertThat(wrong.status()).isEqualTo(422);
    assertThat(wrong.text())
        .contains("Enter a date, such as 2026-11-30", "value=\"yesterday\"", "value=\"Erin\"")
        .contains("href=\"/keys\"", "Audit log");
    assertThat(AUD.get("/audit?person=Erin").status()).isEqualTo(200);
  }

  @Test
  void whatIsLookedForStandsOverTheResultAndEachGoesAlone() {
    PORTAL.acme.ask("helpdesk");
    var page = AUD.get("/audit?person=eve&level=masked").text();
    assertThat(page)
        .contains("Person: eve", "Level: Masked")
        .contains("href=\"/audit?level=masked\"", "href=\"/audit?person=eve\"")
        .containsPattern("\\d+ requests?</span>");
  }

  @Test
  void aMistypedColumnIsAFailureAndWhatIsNotAllowedIsBlocked() {
    var done = Done.of("select 1");
    done.goesOn(2, "select emial from customers", "42703");
    done.goesOn(3, "select * from pg_shadow", "42501");
    var page = AUD.get("/requests/%s/record".formatted(done.id())).text();
    assertThat(page)
        .contains("2 blocked, 1 failed")
        .containsPattern(
            "\"outcome tone-care\"><svg .*</svg>Failed</span> no such column \\(42703\\)")
        .containsPattern(
            "\"outcome blocked tone-bad\"><svg .*</svg>Blocked</span> not allowed at this level"
                + " \\(42501\\)")
        .doesNotContain("SQLSTATE");
  }

  @Test
  void theListCountsWhatTheRecordCounts() {
    var done = Done.of("select 1");
    done.goesOn(2, "select emial from customers", "42703");
    done.goesOn(3, "select * from pg_shadow", "42501");
    done.tellsOfItsRefusal();
    done.ends();
    var list = "/audit?text=" + done.id();
    Pause.until("its counts", () -> AUD.get(list).text().contains("class=\"outcome tone-bad\""));
    assertThat(AUD.get(list).text()).contains("3 blocked or failed");
    assertThat(AUD.get("/requests/%s/record".formatted(done.id())).text())
        .contains("2 blocked, 1 failed", "<dt>Blocked or failed</dt><dd>3</dd>");
  }

  @Test
  void aLostSessionCountsAsTheLogHasIt() {
    var acme = PORTAL.acme;
    var done = Done.of("select 1");
    var gateway = done.gateway();
    var other = gateway.open(acme, done.request());
    var sql = TestGateway.sql("select 2");
    TestGateway.indices(
        gateway.append(
            gateway.entry(acme, TestGateway.statement(other, 0, sql), sql),
            gateway.entry(acme, TestGateway.outcome(other, 0)),
            gateway.entry(acme, TestGateway.outcome(done.session(), 1))));
    TestGateway.leased(acme.server);
    assertThat(
            PORTAL.server.rows(
                "select concat_ws(' ', state, statements, rows, bytes) from session where request_id = '%s' order by opened_at, log_index"
                    .formatted(done.id())))
        .containsExactly("lost 2 4 80", "lost 1 1 20");
    assertThat(AUD.get("/requests/%s/record".formatted(done.id())).text())
        .contains("2 operations, 4 rows", "1 operation, 1 row")
        .contains("<dt>Sessions</dt><dd>2</dd>", "<dt>Operations</dt><dd>3</dd>")
        .contains("<dt>Rows</dt><dd>5</dd>", "counted once access has ended");
    assertThat(AUD.get("/audit?text=" + done.id()).text())
        .contains("2 sessions, 3 operations, 5 rows");
  }

  @Test
  void anErasedNameIsNotFoundAnyMore() {
    PORTAL.server.token("nameless", "nell", "Nell Nameless");
    var asked =
        PORTAL.server.post("nameless", PORTAL.acme.requests(), PORTAL.acme.wish("helpdesk"));
    assertThat(asked.status()).as(asked.toString()).isEqualTo(201);
    assertThat(found(AUD.get("/audit?text=nell+name"))).containsExactly(PortalFixture.id(asked));
    PORTAL.server.execute(
        "update access_request set engineer_name = null where id = '%s'"
            .formatted(PortalFixture.id(asked)));
    assertThat(found(AUD.get("/audit?text=nell+name"))).isEmpty();
  }

  @Test
  void whoeverMayReadTheLogByTheApiMayLookItUp() {
    PORTAL.person(Optional.of(PORTAL.acme.id), "acme-pol", "pol@acme.example", Role.POLICY_ADMIN);
    var pol = PORTAL.browser().as("pol@acme.example");
    for (var page : List.of("/audit", "/figures", "/reach")) {
      assertThat(pol.get(page).status()).as(page).isEqualTo(200);
      assertThat(pol.get("/inbox").text()).contains("href=\"%s\"".formatted(page));
    }
  }
}
