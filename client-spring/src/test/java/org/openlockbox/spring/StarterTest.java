package org.openlockbox.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.client.ClientFixture;
import org.openlockbox.client.LockboxClient;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.limits.RowBudget;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.testing.TenantFixture.RequestEntry;
import org.openlockbox.gateway.testing.Await;
import org.openlockbox.gateway.testing.FakeControlPlane.Appends;
import org.openlockbox.gateway.testing.WorkingTime;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// Controllers that say what they show, in a real Tomcat: a protected method runs only on record,
/// and its answer leaves only while access goes on.
class StarterTest {
  private static final String ACME = "/1";
  private static final String GLOBEX = "/2";

  private StarterFixture starter;
  private ClientFixture app;

  @BeforeEach
  void start() throws IOException {
    starter = new StarterFixture(TicketController.class);
    app = starter.app;
  }

  @AfterEach
  void stop() {
    starter.close();
  }

  @Test
  void aProtectedMethodRunsOnRecord() throws Exception {
    HttpResponse<String> answer = starter.get(ACME + "/tickets?status=open", starter.header());
    assertThat(answer.body()).isEqualTo("tickets of acme, operation 0");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(app.acmesPlane.statements()).containsExactly("GET /1/tickets?status=open");
    assertThat(starter.onlyOutcome()).isEqualTo("200");
    assertThat(app.events(SessionEvent.Outcome.class).getFirst().bytes())
        .isEqualTo(answer.body().length());
    assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
  }

  @Test
  void whatIsNotProtectedPasses() throws Exception {
    assertThat(starter.send(starter.to("/health")).body()).isEqualTo("up");
    assertThat(app.acmesPlane.events()).isEmpty();
  }

  @Test
  void withoutATokenTheMethodDoesNotRun() throws Exception {
    HttpResponse<String> answer = starter.send(starter.to(ACME + "/tickets"));
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer");
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(answer.body()).contains("\"code\":\"token\"");
    assertThat(starter.get(ACME + "/tickets", "Bearer r1.guessed").statusCode()).isEqualTo(401);
    assertThat(TicketController.RUN).hasValue(0);
  }

  @Test
  void anotherCustomersPathIsRefusedOnRecord() throws Exception {
    HttpResponse<String> answer = starter.get(GLOBEX + "/tickets", starter.header());
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).contains("\"code\":\"tenant\"");
    assertThat(starter.get("/3/tickets", starter.header()).statusCode()).isEqualTo(403);
    assertThat(TicketController.RUN).hasValue(0);
    Await.until(() -> app.outcomes().size() == 2);
    assertThat(app.outcomes()).containsOnly("403");
    assertThat(app.acmesPlane.statements()).containsExactly("GET /2/tickets", "GET /3/tickets");
  }

  @Test
  void whatNeedsMoreThanWasGrantedIsRefusedOnRecord() throws Exception {
    HttpResponse<String> answer =
        starter.post(ACME + "/change", starter.header(), "text/plain", "close 1");
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).contains("\"code\":\"level\"");
    assertThat(TicketController.RUN).hasValue(0);
    assertThat(starter.onlyOutcome()).isEqualTo("403");
  }

  @Test
  void theMethodDoesNotRunBeforeTheRecordIsDurable() throws Exception {
    String header = starter.header();
    assertThat(starter.get(ACME + "/tickets", header).statusCode()).isEqualTo(200);
    app.acmesPlane.appends(Appends.NOT_APPLIED);
    HttpResponse<String> answer = starter.get(ACME + "/tickets", header);
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(TicketController.RUN).hasValue(1);
    app.acmesPlane.appends(Appends.WORK);
  }

  @Test
  void aBodyIsOnRecordAndTheMethodReadsItToo() throws Exception {
    assertThat(starter.post(ACME + "/search", starter.header(), "text/plain", "printer").body())
        .isEqualTo("found printer");
    assertThat(app.acmesPlane.statements()).containsExactly("POST /1/search", "printer");
  }

  @Test
  void aFormIsOnRecordAndTheMethodReadsItToo() throws Exception {
    HttpResponse<String> answer =
        starter.post(
            ACME + "/form",
            starter.header(),
            "application/x-www-form-urlencoded",
            "status=open&by=pat%40acme.example");
    assertThat(answer.body()).isEqualTo("status open");
    assertThat(app.acmesPlane.statements())
        .containsExactly("POST /1/form", "by=pat@acme.example\nstatus=open\n");
  }

  @Test
  void aBodyThatCannotBeRecordedDoesNotPass() throws Exception {
    String header = starter.header();
    assertThat(
            starter.post(ACME + "/search", header, "text/plain", "x".repeat(65_537)).statusCode())
        .isEqualTo(403);
    assertThat(
            starter
                .post(ACME + "/search", header, "multipart/form-data; boundary=x", "--x--")
                .body())
        .contains("\"code\":\"body\"");
    Await.until(() -> app.outcomes().size() == 2);
    assertThat(app.outcomes()).containsOnly("403");
    assertThat(app.acmesPlane.statements()).containsExactly("POST /1/search", "POST /1/search");
    assertThat(app.events(SessionEvent.Operation.class))
        .allSatisfy(it -> assertThat(it.refused()).contains("body"));
  }

  @Test
  void theStatusOfTheAnswerIsThatOfTheRecord() throws Exception {
    assertThat(starter.get(ACME + "/missing", starter.header()).body()).isEqualTo("no such ticket");
    assertThat(starter.onlyOutcome()).isEqualTo("404");
  }

  @Test
  void whatTheApplicationThrewAwayDoesNotLeave() throws Exception {
    assertThat(starter.get(ACME + "/reset", starter.header()).body()).isEqualTo("nothing");
    assertThat(starter.onlyOutcome()).isEqualTo("200");
    assertThat(app.events(SessionEvent.Outcome.class).getFirst().bytes()).isEqualTo(7);
  }

  @Test
  void aMethodThatFailsShowsNothing() throws Exception {
    HttpResponse<String> answer = starter.get(ACME + "/fails", starter.header());
    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body()).doesNotContain("pat@acme.example");
    assertThat(starter.onlyOutcome()).isEqualTo("500");
  }

  @Test
  void anAnswerOfAnotherThreadIsReleasedToo() throws Exception {
    assertThat(starter.get(ACME + "/later", starter.header()).body()).isEqualTo("later");
    assertThat(starter.onlyOutcome()).isEqualTo("200");
    assertThat(app.acmesPlane.statements()).hasSize(1);
  }

  @Test
  void aSpentBudgetShowsNothingMore() throws Exception {
    String header = starter.header(Limits.UNWRITTEN.withRowBudget(new RowBudget(1)));
    assertThat(starter.get(ACME + "/tickets", header).statusCode()).isEqualTo(200);
    HttpResponse<String> answer = starter.get(ACME + "/tickets", header);
    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(answer.body()).contains("\"code\":\"budget\"").doesNotContain("tickets of acme");
  }

  /// Written by the request's own thread, or by another one.
  @ParameterizedTest
  @ValueSource(strings = {"/watch", "/export"})
  void aRevocationBreaksAStreamWithinASecond(String stream) throws Exception {
    RequestEntry asked = app.approved(app.acme, Level.READ, Limits.UNWRITTEN);
    String header = app.header(app.acme, asked);
    var answer =
        starter.send(
            starter.to(ACME + stream).header("Authorization", header),
            BodyHandlers.ofInputStream());
    try (var lines =
        new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
      for (int i = 0; i < 10; i++) {
        assertThat(lines.readLine()).isEqualTo("a ticket");
      }
      app.acmesPlane.end(asked.submission().id());
      WorkingTime since = WorkingTime.start();
      assertThatThrownBy(() -> readToTheEnd(lines)).isInstanceOf(IOException.class);
      assertThat(since.soFar()).isLessThan(Duration.ofSeconds(1));
    }
    assertThat(starter.onlyOutcome()).isEqualTo("503");
  }

  private static void readToTheEnd(BufferedReader lines) throws IOException {
    while (lines.readLine() != null) {
      // what left before the end
    }
  }

  /// What the annotation says, and the catalogue does not.
  @RestController
  static class WrongLevel {
    @GetMapping("/{tenant}/wrong")
    @LockboxProtected(resource = "helpdesk", action = "tickets.change", level = Level.READ)
    public String wrong() {
      return "";
    }
  }

  @RestController
  static class Unlisted {
    @GetMapping("/{tenant}/unlisted")
    @LockboxProtected(resource = "billing", action = "tickets.list", level = Level.READ)
    public String unlisted() {
      return "";
    }
  }

  @Test
  void anApplicationThatDisagreesWithItsCatalogueDoesNotStart() {
    assertThatThrownBy(() -> starter.run(WrongLevel.class))
        .hasStackTraceContaining("gives tickets.change the level write");
    assertThatThrownBy(() -> starter.run(Unlisted.class))
        .hasStackTraceContaining("does not serve billing");
  }

  @Test
  void theClientIsTheOneThatTheApplicationHas() {
    assertThat(starter.running.getBean(LockboxClient.class)).isSameAs(app.lockbox);
  }
}
