package org.openlockbox.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.client.ClientFixture;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.limits.RowBudget;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.testing.TenantFixture.RequestEntry;
import org.openlockbox.gateway.testing.Await;
import org.openlockbox.gateway.testing.WorkingTime;
import org.springframework.context.annotation.Bean;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurationSupport;

/// Ways of an answer out of an application, each of which has to pass the gate: threads of its own,
/// forwards, filters that hold the stream, other configurations of Spring MVC.
class HeldAnswersTest {
  private StarterFixture starter;
  private ClientFixture app;

  @BeforeEach
  void start() throws IOException {
    starter = new StarterFixture(OutputController.class, TicketController.class);
    app = starter.app;
  }

  @AfterEach
  void stop() {
    starter.close();
  }

  private long bytes() {
    return app.events(SessionEvent.Outcome.class).getFirst().bytes();
  }

  /// The container offers the other thread an answer of its own.
  @Test
  void whatAThreadOfTheApplicationsWritesIsCounted() throws Exception {
    assertThat(starter.get("/1/thread", starter.header()).body()).isEqualTo("written later");
    assertThat(starter.onlyOutcome()).isEqualTo("200");
    assertThat(bytes()).isEqualTo("written later".length());
  }

  @Test
  void anAnswerOfAThreadOfTheApplicationsBreaksAtTheEnd() throws Exception {
    RequestEntry asked = app.approved(app.acme, Level.READ, Limits.UNWRITTEN);
    HttpResponse<InputStream> answer =
        starter.send(
            starter.to("/1/thread-watch").header("Authorization", app.header(app.acme, asked)),
            BodyHandlers.ofInputStream());
    try (InputStream lines = answer.body()) {
      assertThat(lines.readNBytes(90)).hasSize(90);
      app.acmesPlane.end(asked.submission().id());
      WorkingTime since = WorkingTime.start();
      assertThatThrownBy(lines::readAllBytes).isInstanceOf(IOException.class);
      assertThat(since.soFar()).isLessThan(Duration.ofSeconds(1));
    }
    assertThat(starter.onlyOutcome()).isEqualTo("503");
  }

  /// One record lets one method run.
  @Test
  void aDispatchToAnotherMethodDoesNotRunIt() throws Exception {
    HttpResponse<String> answer = starter.get("/1/elsewhere", starter.header());
    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(OutputController.CHANGED).isFalse();
  }

  @Test
  void aForwardToAProtectedMethodIsOnRecordAndHeld() throws Exception {
    HttpResponse<String> answer = starter.get("/forwards", starter.header());
    assertThat(answer.body()).isEqualTo("tickets of acme, operation 0");
    assertThat(starter.onlyOutcome()).isEqualTo("200");
    assertThat(bytes()).isEqualTo(answer.body().length());
    assertThat(app.acmesPlane.statements()).containsExactly("GET /1/tickets");
  }

  /// As views of many kinds are.
  @Test
  void anAnswerThatIsForwardedIsHeldAndWhole() throws Exception {
    assertThat(starter.get("/1/view", starter.header()).body()).isEqualTo("a page");
    assertThat(starter.onlyOutcome()).isEqualTo("200");
    assertThat(bytes()).isEqualTo(6);
  }

  /// The container writes an error page past everything that holds an answer.
  @Test
  void aProtectedMethodAsAnErrorPageDoesNotRun() throws Exception {
    HttpResponse<String> answer = starter.get("/error-page", starter.header());
    assertThat(answer.body()).doesNotContain("tickets of acme");
    assertThat(TicketController.RUN).hasValue(0);
  }

  @Test
  void aFilterThatHoldsTheStreamShowsNothing() throws Exception {
    HttpResponse<String> answer = starter.get("/1/tickets?eager=yes", starter.header());
    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body()).doesNotContain("tickets of acme");
    assertThat(starter.onlyOutcome()).isEqualTo("500");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/1/trailers", "/1/upgrade"})
  void anAnswerHasNoOtherWayOut(String path) throws Exception {
    assertThat(starter.get(path, starter.header()).statusCode()).isEqualTo(500);
    assertThat(starter.onlyOutcome()).isEqualTo("500");
  }

  @Test
  void aMethodSaysHowManyRowsItShows() throws Exception {
    String header = starter.header(Limits.UNWRITTEN.withRowBudget(new RowBudget(150)));
    assertThat(starter.get("/1/hundred", header).statusCode()).isEqualTo(200);
    HttpResponse<String> answer = starter.get("/1/hundred", header);
    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(answer.body()).doesNotContain("hundred");
    Await.until(() -> app.outcomes().size() == 2);
    assertThat(app.events(SessionEvent.Outcome.class).getFirst().units()).isEqualTo(100);
  }

  /// Its own configuration of Spring MVC asks no configurer.
  static final class OwnConfiguration extends WebMvcConfigurationSupport {
    @Bean
    String mark() {
      return "own";
    }
  }

  @Test
  void anApplicationWithItsOwnConfigurationIsProtectedToo() throws Exception {
    try (var own = new StarterFixture(OwnConfiguration.class, TicketController.class)) {
      assertThat(own.get("/1/later", "Bearer none").statusCode()).isEqualTo(401);
      assertThat(own.get("/1/later", own.header()).body()).isEqualTo("later");
      assertThat(own.onlyOutcome()).isEqualTo("200");
    }
  }

  @Component
  static final class Store {
    @LockboxProtected(resource = "helpdesk", action = "tickets.list", level = Level.READ)
    public String tickets() {
      return "tickets";
    }
  }

  @RestController
  static final class NotMapped {
    @GetMapping("/{tenant}/mapped")
    @LockboxProtected(resource = "helpdesk", action = "tickets.list", level = Level.READ)
    public String mapped() {
      return "";
    }

    @LockboxProtected(resource = "helpdesk", action = "tickets.list", level = Level.READ)
    public String forgotten() {
      return "";
    }
  }

  @Test
  void anAnnotationThatProtectsNothingStopsTheStart() {
    assertThatThrownBy(() -> starter.run(Store.class).close())
        .hasStackTraceContaining("protects nothing")
        .hasStackTraceContaining("Store.tickets");
    assertThatThrownBy(() -> starter.run(NotMapped.class).close())
        .hasStackTraceContaining("NotMapped.forgotten");
  }
}
