package org.openlockbox.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.portal.PortalFixture.id;
import static org.openlockbox.portal.PortalFixture.page;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.testing.HostileTexts;
import org.openlockbox.server.TestServer.Answer;

/// Words of the requester's side on every surface of the server: no sentence, subject or line of
/// ours holds any of them, whatever they are made to look like.
final class RequesterWordsTest {
  private static final PortalFixture PORTAL = new PortalFixture();
  private static final TestBrowser ANN = PORTAL.browser().as("ann@acme.example");

  static List<String> hostile() {
    return HostileTexts.all();
  }

  @AfterAll
  static void close() {
    PORTAL.close();
  }

  private static Answer ask(String profile, String reason, String ticket) {
    var wish =
        Json.object()
            .put("resource", "helpdesk")
            .put("level", "masked")
            .put("purpose", "customer_ticket")
            .put("reason", reason)
            .put("ticket", ticket)
            .put("duration", Duration.ofMinutes(30))
            .put("engineerKey", PORTAL.acme.engineerKey.key().toJson());
    return PORTAL.server.post(profile, PORTAL.acme.requests(), wish.build());
  }

  private static Answer sent(String profile, String reason) {
    var answer = ask(profile, reason, "SUP-1");
    assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
    return answer;
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void aTicketIsANumberAndNoSentence(String words) {
    var answer = ask("engineer", "Cannot log in", words);
    assertThat(answer.status()).as(answer.toString()).isBetween(400, 422);
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void noNameOfTheirsStandsInASentenceOrSubject(String words) {
    PORTAL.server.token("zebra", "zoe", words.replace("\n", " "));
    says(sent("zebra", "Cannot log in"));
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void noReasonOfTheirsStandsInASentenceOrSubject(String words) {
    says(sent("engineer", words));
  }

  /// The page and the mail about a request: level and time first, in words of ours alone.
  private static void says(Answer asked) {
    var shown = ANN.get(page(asked)).text();
    var sentence = shown.replaceAll("(?s).*<p class=\"sentence\">(.*?)</p>.*", "$1");
    assertThat(sentence.replaceAll("<[^>]*>", ""))
        .startsWith("An engineer of your provider asks to read, with personal fields masked, your")
        .contains("30 minutes", "a ticket of yours")
        .doesNotContain("zebra");
    assertThat(shown.substring(0, shown.indexOf("class=\"four\""))).doesNotContain("zebra");
    var subject = mailed("subject", asked);
    var text = mailed("text_part", asked);
    assertThat(subject).doesNotContain("zebra").contains("masked", "30 min");
    Arrays.stream(text.split("\n"))
        .filter(line -> line.contains("zebra") || line.contains("asks"))
        .forEach(line -> assertThat(line).matches(" *((Engineer|Reason) +)?(> )?.*zebra.*|> .*"));
    assertThat(text.lines().map(String::strip).filter(line -> line.matches("(Level|How long) .*")))
        .containsExactly("Level             Masked", "How long          30 min");
    assertThat(mailed("html_part", asked)).doesNotContain("<h1>");
  }

  private static String mailed(String part, Answer asked) {
    return PORTAL
        .server
        .rows(
            "select %s from outbox where recipient = 'ann@acme.example' and subject like '%%%s%%'"
                .formatted(part, id(asked)))
        .getFirst();
  }
}
