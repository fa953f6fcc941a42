package org.openlockbox.portal.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.portal.PortalFixture.page;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Allowance;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.limits.RowBudget;
import org.openlockbox.core.limits.Tables;
import org.openlockbox.core.signing.KeyFile;
import org.openlockbox.portal.PortalFixture;
import org.openlockbox.portal.TestBrowser;
import org.openlockbox.portal.TestBrowser.Page;
import org.openlockbox.server.TestDirectory;
import org.openlockbox.server.TestTenant;
import org.openlockbox.server.identity.Role;

/// What an engineer does in the portal: ask, see beforehand what the customer will see, withdraw,
/// and say when it is done.
final class PortalNewRequestTest {
  private static final PortalFixture PORTAL = new PortalFixture();
  private static final TestTenant ACME = PORTAL.acme;
  private static final TestBrowser EVE = PORTAL.browser().as("eve@vendor.example");

  @BeforeAll
  static void eveWorksInPortugal() {
    TestDirectory.write(
        PORTAL.server, "eve", Map.of("country", "PT", "employer", "Vendor", "kind", "human"));
  }

  @AfterAll
  static void close() {
    PORTAL.close();
  }

  private static Map<String, String> wish(String action) {
    var fields = new TreeMap<String, String>();
    fields.put("once", EVE.get("/ask").field("once"));
    fields.put("do", action);
    fields.put("tenant", "acme");
    fields.put("resource", "helpdesk");
    fields.put("level", "masked");
    fields.put("duration", "PT30M");
    fields.put("purpose", "customer_ticket");
    fields.put("ticket", "SUP-7");
    fields.put("reason", "Nobody can log in\r\nsince noon, says Jörg Œ");
    fields.put("key", KeyFile.format(ACME.engineerKey.key()));
    return fields;
  }

  private static Page send(Map<String, String> fields) {
    return EVE.post("/ask", fields);
  }

  private static int requests() {
    return PORTAL.server.rows("select id from access_request").size();
  }

  @Test
  void theRequestThatIsSentIsTheOneThatWasFilledIn() {
    var sent = send(wish("send"));
    assertThat(sent.status()).as(sent.toString()).isEqualTo(303);
    var shown = EVE.get(sent.header("Location"));
    assertThat(shown.text())
        .contains(
            "Portugal",
            "masked",
            "30 minutes",
            "SUP-7",
            "Nobody can log in\nsince noon, says Jörg Œ");
  }

  @Test
  void aListSaysWhichRequestIsForAnExpert() {
    var fields = wish("send");
    send(fields);
    fields.putAll(Map.of("once", EVE.get("/ask").field("once"), "profile", "expert"));
    String expert = send(fields).header("Location");
    String inbox = EVE.get("/inbox").text();
    assertThat(inbox.substring(inbox.indexOf("href=\"" + expert)).split("</li>", 2)[0])
        .contains("Masked</span>", ">expert</span>");
    assertThat(inbox.split(">expert</span>", -1)).as("one of them").hasSize(2);
  }

  @Test
  void aPreviewShowsWhatTheCustomerWillSeeAndSendsNothing() {
    int before = requests();
    var fields = wish("preview");
    fields.put("rows", "500");
    fields.put("tablesOf", "helpdesk");
    fields.put("table", "customers");
    var shown = send(fields);
    assertThat(shown.status()).as(shown.toString()).isEqualTo(200);
    assertThat(shown.text())
        .contains("What the customer will see", "at most 500 rows", "only the tables customers")
        .contains("at most 4 sessions at a time")
        .contains("masked: email", "one has to sign", "the tables plans");
    assertThat(requests()).isEqualTo(before);
  }

  /// The page of the request, as the customer opens it, has each line of the preview.
  @Test
  void aPreviewIsWordForWordWhatTheCustomerReads() {
    var preview = send(wish("preview")).text();
    var lines = lines(preview);
    assertThat(lines)
        .anyMatch(line -> line.contains("a ticket of yours"))
        .noneMatch(line -> line.contains("the customer’s") || line.contains("of the customer"));
    var ann = PORTAL.browser().as("ann@acme.example");
    var asked = ann.get(URI.create(send(wish("send")).header("Location")).getPath()).text();
    assertThat(List.of(asked.split("\n"))).containsAll(lines);
  }

  /// What it says, but for the time and the reason, which stands elsewhere on the page.
  private static List<String> lines(String preview) {
    var text = preview.substring(preview.indexOf("<p class=\"sentence\">"));
    return text.lines()
        .takeWhile(line -> !line.contains("<script"))
        .filter(line -> line.contains("<p") || line.contains("<li") || line.contains("<dt"))
        .filter(line -> !line.contains("<time") && !line.contains("class=\"written\""))
        .toList();
  }

  @Test
  void whatIsWrongIsSaidBesideTheFieldAndNothingIsLost() {
    int before = requests();
    var fields = wish("send");
    fields.put("level", "write");
    fields.put("rows", "many");
    fields.put("tenant", "");
    fields.put("reason", "Seen \u202e backwards");
    fields.put("ticket", "<script>alert(1)</script>");
    var shown = send(fields);
    assertThat(shown.status()).isEqualTo(422);
    for (var field : new String[] {"level", "rows", "tenant", "reason"}) {
      assertThat(shown.text()).contains("id=\"" + field + "-fault\"", "href=\"#" + field + "\"");
    }
    assertThat(shown.text())
        .contains("value=\"many\"", "value=\"&lt;script>alert(1)&lt;/script>\"")
        .doesNotContain("<script>alert");
    assertThat(requests()).isEqualTo(before);
  }

  @Test
  void aFormThatIsSentTwiceMakesOneRequest() {
    var fields = wish("send");
    var first = send(fields);
    int after = requests();
    var second = send(fields);
    assertThat(second.header("Location")).isEqualTo(first.header("Location")).isNotEmpty();
    fields.put("reason", "Something else");
    assertThat(send(fields).status()).isEqualTo(422);
    assertThat(requests()).isEqualTo(after);
  }

  @Test
  void theKeyOfTheLastRequestIsOfferedAgain() {
    assertThat(send(wish("send")).status()).isEqualTo(303);
    var id = ACME.engineerKey.key().keyId().hex();
    assertThat(EVE.get("/ask").text()).contains(id);
    var fields = wish("send");
    fields.remove("key");
    assertThat(send(fields).status()).isEqualTo(303);
    fields.put("once", EVE.get("/ask").field("once"));
    fields.put("key", "no key at all");
    assertThat(send(fields).text()).contains("id=\"key-fault\"");
  }

  @Test
  void howSoonACustomerAnswersIsSaidOnceThereAreAnswersEnough() {
    assertThat(send(wish("preview")).text()).doesNotContain("How soon this customer answered");
    for (int i = 0; i < 5; i++) {
      var asked = PORTAL.globex.ask("helpdesk");
      PORTAL.server.pass(Duration.ofMinutes(6));
      assertThat(PORTAL.globex.approve(asked).status()).isEqualTo(200);
    }
    var fields = wish("preview");
    fields.put("tenant", "globex");
    assertThat(send(fields).text()).contains("Masked: half of them within 6 minutes (5 answers)");
  }

  @Test
  void whatIsOpenCanBeUsedExtendedAndEndedWithAWordOfWhatWasDone() {
    var asked = ACME.ask("helpdesk");
    assertThat(ACME.approve(asked).status()).isEqualTo(200);
    var id = PortalFixture.id(asked);
    assertThat(EVE.get("/mine").text()).contains("lockbox psql " + id, "/ask?like=" + id);
    assertThat(EVE.get(page(asked)).text())
        .contains("lockbox psql " + id, "/ask?like=" + id, page(asked) + "/complete")
        .doesNotContain("curl", "/withdraw");
    assertThat(EVE.get("/ask?like=" + id).text())
        .contains("Extends <a class=\"nowrap\" href=\"" + page(asked) + "\">", "How much longer")
        .doesNotContain("from the approval on");
    var odd = EVE.post(page(asked) + "/complete", Map.of("comment", "done \u2764\ufe0f"));
    assertThat(odd.status()).isEqualTo(422);
    assertThat(odd.text())
        .contains("id=\"closing-fault\">Your words may have", "done \u2764\ufe0f</textarea>");
    var done = EVE.post(page(asked) + "/complete", Map.of("comment", "Reset two passwords"));
    assertThat(done.status()).as(done.toString()).isEqualTo(303);
    assertThat(ACME.show(asked).json().text("state")).isEqualTo("completed");
    assertThat(ACME.verifiedLog().getLast().body().toJson().toString())
        .contains("Reset two passwords");
    assertThat(EVE.get("/mine").text()).doesNotContain("lockbox psql " + id);
  }

  @Test
  void whoAsksForLongerBeginsWithWhatWasGranted() {
    var acme = PORTAL.acme;
    var asked = acme.ask("helpdesk");
    var limits =
        Limits.UNWRITTEN
            .asked()
            .withRowBudget(new RowBudget(1000))
            .withTables(Tables.of(List.of("plans")));
    var time = Duration.ofMinutes(15);
    var less = new Allowance(Level.METADATA, acme.window(time), time, limits);
    assertThat(acme.approve(asked, less).status()).isEqualTo(200);
    var form = EVE.get("/ask?like=" + PortalFixture.id(asked)).text();
    assertThat(form)
        .contains("value=\"metadata\" checked", "<option value=\"PT15M\" selected>")
        .containsPattern("name=\"rows\"[^>]*value=\"1000\"")
        .containsPattern("value=\"plans\" checked")
        .doesNotContainPattern("value=\"customers\" checked");
  }

  @Test
  void aRequestIsWithdrawnByItsEngineerAlone() {
    var asked = ACME.ask("helpdesk");
    assertThat(EVE.get(page(asked)).text())
        .contains(page(asked) + "/withdraw", "It cannot be taken up again");
    assertThat(PORTAL.browser().as("ann@acme.example").get(page(asked)).text())
        .doesNotContain("/withdraw", "/complete");
    PORTAL.person(Optional.empty(), "mallory", "mallory@vendor.example", Role.ENGINEER);
    var mallory = PORTAL.browser().as("mallory@vendor.example");
    for (var step : new String[] {"/withdraw", "/complete"}) {
      assertThat(mallory.post(page(asked) + step, Map.of()).status()).isEqualTo(404);
    }
    assertThat(mallory.get("/ask?like=" + PortalFixture.id(asked)).status()).isEqualTo(404);
    assertThat(EVE.post(page(asked) + "/withdraw", Map.of()).status()).isEqualTo(303);
    assertThat(ACME.show(asked).json().text("state")).isEqualTo("withdrawn");
  }
}
