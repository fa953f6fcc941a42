package org.openlockbox.portal.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.portal.PortalFixture.id;
import static org.openlockbox.portal.PortalFixture.page;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.statement.Erasure;
import org.openlockbox.core.statement.Nonce;
import org.openlockbox.portal.PortalFixture;
import org.openlockbox.portal.TestBrowser;
import org.openlockbox.portal.TestBrowser.Page;
import org.openlockbox.server.TestServer.Answer;
import org.openlockbox.server.TestTenant;
import org.openlockbox.server.identity.Role;

/// Questions about a request and their answers: who may, who reads them, that each side is told,
/// that they stop no clock, and that they can be erased.
final class PortalCommentTest {
  private static final PortalFixture PORTAL = new PortalFixture();
  private static final TestTenant ACME = PORTAL.acme;
  private static final TestBrowser ANN = PORTAL.browser().as("ann@acme.example");
  private static final TestBrowser EVE = PORTAL.browser().as("eve@vendor.example");

  @AfterAll
  static void close() {
    PORTAL.close();
  }

  private static Page say(TestBrowser who, Answer asked, String text) {
    return who.post(page(asked) + "/comments", Map.of("text", text));
  }

  private static List<String> letters(String recipient, String kind, Answer asked) {
    return PORTAL.server.rows(
        "select subject || text_part from outbox where recipient = '%s' and kind = '%s' and subject like '%%%s%%'"
            .formatted(recipient, kind, id(asked)));
  }

  @Test
  void anApproverAsksTheEngineerAnswersAndEachIsTold() {
    var asked = ACME.ask("helpdesk");
    int size = ACME.verifiedLog().size();
    var question = say(ANN, asked, "Which rows?\r\n\r\n\r\n\r\n\r\n<b>Why</b> now?");
    assertThat(question.status()).as(question.toString()).isEqualTo(303);
    assertThat(EVE.get(page(asked)).text())
        .contains(
            "Which rows?\n\n&lt;b&gt;Why&lt;/b&gt; now?", "acme-ann", "The time does not stop");
    assertThat(letters("eve@vendor.example", "request.question", asked))
        .singleElement()
        .satisfies(
            letter -> assertThat(letter).contains("acme asks you about").doesNotContain("rows"));
    assertThat(say(EVE, asked, "Those of ticket 7").status()).isEqualTo(303);
    assertThat(ANN.get(page(asked)).text()).contains("Those of ticket 7");
    assertThat(letters("ann@acme.example", "request.answer", asked))
        .singleElement()
        .satisfies(
            letter -> assertThat(letter).contains("Answered, approve?").doesNotContain("ticket 7"));
    assertThat(ACME.verifiedLog()).as("it decides nothing").hasSize(size);
    assertThat(ACME.show(asked).json().text("state")).isEqualTo("pending");
  }

  @Test
  void nobodyElseSaysOrReadsAnything() {
    var asked = ACME.ask("helpdesk");
    assertThat(say(ANN, asked, "A word among us").status()).isEqualTo(303);
    PORTAL.person(Optional.empty(), "mallory", "mallory@vendor.example", Role.ENGINEER);
    for (var who : List.of("mallory@vendor.example", "ann@globex.example")) {
      var stranger = PORTAL.browser().as(who);
      assertThat(say(stranger, asked, "Let me in").status()).isEqualTo(404);
      assertThat(stranger.get(page(asked)).status()).isEqualTo(404);
    }
    for (var who : List.of("rex@vendor.example", "olga@vendor.example")) {
      var other = PORTAL.browser().as(who);
      assertThat(say(other, asked, "Let me in").status()).isEqualTo(404);
      assertThat(other.get(page(asked)).text()).doesNotContain("A word among us");
    }
    var aud = PORTAL.browser().as("aud@acme.example");
    assertThat(say(aud, asked, "Let me in").status()).isEqualTo(404);
    assertThat(aud.get(page(asked)).text()).contains("A word among us");
  }

  @Test
  void anOpenQuestionStandsOnTopOfTheEngineersHomeUntilItIsAnswered() {
    var asked = ACME.ask("helpdesk");
    assertThat(say(ANN, asked, "Why not <b>masked</b>?").status()).isEqualTo(303);
    PORTAL.person(Optional.empty(), "erin", "erin@vendor.example", Role.ENGINEER);
    assertThat(PORTAL.browser().as("erin@vendor.example").get("/mine").text())
        .as("another engineer")
        .doesNotContain("Why not");
    var home = EVE.get("/mine").text();
    assertThat(home)
        .contains("acme asks", "acme-ann", "Why not &lt;b&gt;masked&lt;/b&gt;?", "<title>(")
        .contains("action=\"" + page(asked) + "/comments\"");
    assertThat(home.indexOf("acme asks")).isLessThan(home.indexOf("<article>"));
    assertThat(say(EVE, asked, "Masked will do").status()).isEqualTo(303);
    assertThat(EVE.get("/mine").text()).doesNotContain("Why not", "question-" + id(asked));
    assertThat(say(ANN, asked, "Thank you").status()).isEqualTo(303);
    assertThat(EVE.get("/mine").text()).contains("Thank you").doesNotContain("Why not");
    assertThat(ACME.approve(asked).status()).isEqualTo(200);
    assertThat(EVE.get("/mine").text()).as("decided").doesNotContain("Thank you");
  }

  @Test
  void theClockRunsOnAndAfterItNothingIsSaid() {
    var asked = ACME.ask("helpdesk");
    assertThat(say(ANN, asked, "Why?").status()).isEqualTo(303);
    assertThat(ACME.approve(asked).status()).isEqualTo(200);
    assertThat(say(ANN, asked, "And why?").status()).isEqualTo(409);
    assertThat(ANN.get(page(asked)).text()).contains("Why?");
    assertThat(ANN.get(page(asked)).has("text")).isFalse();
  }

  @Test
  void nobodyIsFloodedWithWordsOrMisledByThem() {
    var asked = ACME.ask("helpdesk");
    for (var bad :
        List.of("", " \n ", "x".repeat(2001), "Seen \u202e backwards", "zero\u200bwidth")) {
      var refused = say(EVE, asked, bad);
      assertThat(refused.status()).isEqualTo(422);
      assertThat(refused.text())
          .as("the words stand in the form again, with what is wrong beside them")
          .contains(">" + bad + "</textarea>", "id=\"text-fault\">Write 1 to 2,000 characters");
    }
    for (int i = 0; i < 3; i++) {
      assertThat(say(EVE, asked, "Please, " + i).status()).isEqualTo(303);
    }
    var fourth = say(EVE, asked, "Please!");
    assertThat(fourth.status()).isEqualTo(409);
    assertThat(fourth.text()).contains(">Please!</textarea>", "Wait for an answer");
    assertThat(say(ANN, asked, "No hurry").status()).isEqualTo(303);
    assertThat(say(EVE, asked, "\u0440aypal says so").status()).isEqualTo(303);
    assertThat(ANN.get(page(asked)).text()).contains("<mark>\u0440aypal</mark>");
  }

  @Test
  void whatWasSaidIsSealedToItsPlaceAndGoesWithTheReason() {
    var asked = ACME.ask("helpdesk");
    assertThat(say(ANN, asked, "Only sealed words").status()).isEqualTo(303);
    var stored =
        "select position('sealed words'::bytea in sealed) from request_comment where request_id = '%s'"
            .formatted(id(asked));
    assertThat(PORTAL.server.rows(stored)).containsExactly("0");
    var other = ACME.ask("helpdesk");
    PORTAL.server.execute(
        "insert into request_comment select tenant_id, '%s', n, side, by_subject, at, key_no, sealed from request_comment where request_id = '%s'"
            .formatted(id(other), id(asked)));
    assertThat(ANN.get(page(other)).status()).as("moved to another request").isEqualTo(500);
    PORTAL.server.execute(
        "delete from request_comment where request_id = '%s'".formatted(id(other)));
    assertThat(eraseTextsOf(asked).status()).isEqualTo(201);
    assertThat(PORTAL.server.rows(stored)).isEmpty();
    assertThat(ANN.get(page(asked)).text()).doesNotContain("Only sealed words");
  }

  private static Answer eraseTextsOf(Answer asked) {
    var erasure =
        new Erasure(
            ACME.id,
            ACME.origin,
            new Erasure.ErasureScope.ChosenEntries(List.of(TestTenant.ref(asked).index())),
            "asked for",
            PORTAL.server.clock.get().plus(Duration.ofMinutes(10)),
            Nonce.random(TestTenant.RANDOM));
    return PORTAL.server.post(
        ACME.approver(),
        "/v1/tenants/acme/erasures",
        TestTenant.envelope(erasure.unsigned().signedBy(ACME.key)));
  }
}
