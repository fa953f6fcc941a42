package org.openlockbox.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.openlockbox.client.ClientFixture.CHANGE;
import static org.openlockbox.client.ClientFixture.notRecorded;
import static org.openlockbox.client.ClientFixture.recorded;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.client.session.AccessRefusal.RefusalKind;
import org.openlockbox.client.session.AccessSession;
import org.openlockbox.client.session.ActionCall;
import org.openlockbox.client.session.RecordedAction;
import org.openlockbox.client.session.ReleaseRefused;
import org.openlockbox.client.session.ReleaseResult;
import org.openlockbox.client.session.ReleasedStream;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.bundle.Bundle;
import org.openlockbox.core.bundle.BundleCheck;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.limits.RowBudget;
import org.openlockbox.core.limits.Tables;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.operation.HttpFacts;
import org.openlockbox.core.testing.TenantFixture.RequestEntry;
import org.openlockbox.gateway.application.ApplicationAction;
import org.openlockbox.gateway.login.BearerToken;
import org.openlockbox.gateway.testing.Await;
import org.openlockbox.gateway.testing.LogMemoryHere;
import org.openlockbox.tlog.tree.Hash;

/// An application that is its own gateway shows what was signed for, on record, and nothing else.
class LockboxClientTest {
  private static final Bytes ANSWER = Bytes.ofUtf8("[{\"id\":1},{\"id\":2}]");

  private ClientFixture app;

  @BeforeEach
  void start() throws IOException {
    app = new ClientFixture();
  }

  @AfterEach
  void stop() {
    app.close();
  }

  @Test
  void anApprovedActionIsOnRecordBeforeItsAnswerIsReleased() {
    RequestEntry asked = app.approved();
    AccessSession session = app.opened(app.token(app.acme, asked));
    assertThat(session.tenant()).isEqualTo(app.acme.tenant());
    assertThat(session.tenantValue()).isEqualTo("1");
    RecordedAction action = recorded(session.record(app.list("list open tickets")));
    assertThat(app.acmesPlane.statements()).containsExactly("list open tickets");
    assertThat(action.release(ANSWER, 2)).isEqualTo(new ReleaseResult.ReleasedAnswer(ANSWER));
    session.close();
    Await.until(() -> !app.acmesPlane.reasons().isEmpty());
    assertThat(app.acmesPlane.events())
        .extracting(event -> event.getClass().getSimpleName())
        .containsExactly("Opened", "Operation", "Outcome", "Closed");
    SessionEvent.Operation operation = app.events(SessionEvent.Operation.class).getFirst();
    assertThat(operation.facts()).isEqualTo(new HttpFacts("OTHER", Optional.of("tickets.list")));
    SessionEvent.Outcome outcome = app.events(SessionEvent.Outcome.class).getFirst();
    assertThat(outcome.units()).isEqualTo(2);
    assertThat(outcome.bytes()).isEqualTo(ANSWER.size());
    assertThat(outcome.result()).contains(app.acmesPlane.result(operation, ANSWER));
    assertVerifies(asked);
  }

  private void assertVerifies(RequestEntry asked) {
    var bundle =
        Bundle.of(
            asked.submission().id(),
            app.acme.log().proven(_ -> true),
            app.acme.log().checkpoint(),
            Map.of());
    assertThat(BundleCheck.verify(bundle.bytes().toArray(), Optional.of(app.acme.pin())))
        .isInstanceOfSatisfying(
            BundleCheck.Valid.class,
            verified -> assertThat(verified.story().operations()).isEqualTo(1));
  }

  @Test
  void anAnswerThatIsStreamedIsCountedWhole() throws IOException {
    var left = new ByteArrayOutputStream();
    RecordedAction action = recorded(app.session().record(app.list("export")));
    String line = "x".repeat(1_000);
    try (ReleasedStream out = action.releaseTo(left, 50)) {
      for (int i = 0; i < 50; i++) {
        out.write(line.getBytes(UTF_8));
      }
    }
    assertThat(left.size()).isEqualTo(50_000);
    Await.until(() -> !app.outcomes().isEmpty());
    SessionEvent.Outcome outcome = app.events(SessionEvent.Outcome.class).getFirst();
    assertThat(outcome.bytes()).isEqualTo(50_000);
    assertThat(outcome.units()).isEqualTo(50);
  }

  @Test
  void allCallsWithOneTokenAreOneSession() {
    BearerToken token = app.token(app.acme, app.approved());
    assertThat(app.opened(token).id()).isEqualTo(app.opened(token).id());
    assertThat(app.events(SessionEvent.Opened.class)).hasSize(1);
  }

  @Test
  void whoIsNotApprovedStaysOut() {
    RequestEntry asked = app.asked(app.acme, Level.READ, Limits.UNWRITTEN);
    assertThat(app.notOpened(app.token(app.acme, asked)).message()).contains("waiting for acme");
    assertThat(app.acmesPlane.events()).isEmpty();
  }

  @Test
  void aTokenThatNobodyHasOpensNothing() {
    BearerToken token = app.token(app.acme, app.approved());
    var guessed = new BearerToken(token.user(), Bytes.ofUtf8("guessed").sha256());
    assertThat(app.notOpened(guessed).kind()).isEqualTo(RefusalKind.NOT_SIGNED_IN);
    assertThat(app.acmesPlane.events()).isEmpty();
  }

  @Test
  void aTokenOpensNoOtherResource() {
    BearerToken token = app.token(app.acme, app.approved());
    var other = new ResourceId("billing");
    for (int i = 0; i < 2; i++) {
      assertThat(app.lockbox.open(token, other, ClientFixture.here()))
          .asString()
          .contains("this login is for the resource helpdesk");
      app.opened(token);
    }
  }

  @Test
  void aTokenOfAnotherTenantReadsNothingAndThatIsOnRecord() {
    RequestEntry asked = app.approved(app.globex, Level.READ, Limits.UNWRITTEN);
    AccessSession session = app.opened(app.token(app.globex, asked));
    assertThat(session.tenantValue()).isEqualTo("2");
    assertThat(notRecorded(session.record(app.list("list acme's tickets"))).code())
        .isEqualTo("tenant");
    assertThat(app.acmesPlane.events()).isEmpty();
    Await.until(() -> app.globexPlane.isSettled() && app.globexPlane.events().size() == 3);
    assertThat(app.globexPlane.statements()).containsExactly("list acme's tickets");
    assertThat(app.globexPlane.events().get(1))
        .isInstanceOfSatisfying(
            SessionEvent.Operation.class, it -> assertThat(it.refused()).contains("tenant"));
  }

  @Test
  void whatIsNotListedOrNeedsMoreIsRefusedOnRecord() {
    AccessSession session = app.session();
    var unlisted = new ApplicationAction("tickets.drop");
    assertThat(notRecorded(session.record(new ActionCall(unlisted, app.acme.tenant(), "x"))).code())
        .isEqualTo("action");
    assertThat(notRecorded(session.record(new ActionCall(CHANGE, app.acme.tenant(), "x"))).code())
        .isEqualTo("level");
    assertThat(notRecorded(session.record(app.list("a\u202eb"))).code()).isEqualTo("characters");
    assertThat(notRecorded(session.record(app.list("x".repeat(2_001)))).code()).isEqualTo("length");
    Await.until(() -> app.outcomes().size() == 4);
    assertThat(app.events(SessionEvent.Operation.class))
        .extracting(it -> it.refused().orElse("passed"))
        .containsExactly("action", "level", "characters", "length");
    assertThat(app.outcomes()).containsOnly("403");
  }

  @Test
  void atWriteAnActionMayChangeSomething() {
    RequestEntry asked = app.approved(app.acme, Level.WRITE, Limits.UNWRITTEN);
    AccessSession session = app.opened(app.token(app.acme, asked));
    recorded(session.record(new ActionCall(CHANGE, app.acme.tenant(), "close ticket 1"))).close();
  }

  @Test
  void aSpentBudgetReleasesNothingMore() throws IOException {
    Limits two = Limits.UNWRITTEN.withRowBudget(new RowBudget(2));
    AccessSession session =
        app.opened(app.token(app.acme, app.approved(app.acme, Level.READ, two)));
    assertThat(recorded(session.record(app.list("two"))).release(ANSWER, 2))
        .isInstanceOf(ReleaseResult.ReleasedAnswer.class);
    assertThat(recorded(session.record(app.list("one more"))).release(ANSWER, 1))
        .isInstanceOfSatisfying(
            ReleaseResult.WithheldAnswer.class,
            it -> assertThat(it.why().kind()).isEqualTo(RefusalKind.SPENT));
    var left = new ByteArrayOutputStream();
    ReleasedStream out = recorded(session.record(app.list("a stream"))).releaseTo(left, 1);
    out.write(ANSWER.toArray());
    assertThatThrownBy(out::close)
        .isInstanceOf(ReleaseRefused.class)
        .hasMessageContaining("2 rows");
    assertThat(left.size()).isZero();
    Await.until(() -> app.outcomes().size() == 3);
    assertThat(app.outcomes()).containsExactly("200", "429", "429");
  }

  @Test
  void aLimitThatNobodyKeepsHereIsNotServedWithoutIt() {
    Limits tables = Limits.UNWRITTEN.withTables(Tables.of(Set.of("tickets")));
    BearerToken token = app.token(app.acme, app.approved(app.acme, Level.READ, tables));
    assertThat(app.notOpened(token).code()).isEqualTo("limit");
    assertThat(app.acmesPlane.events()).isEmpty();
  }

  @Test
  void anActionWhoseWorkFailedSaysSo() {
    AccessSession session = app.session();
    assertThatThrownBy(
            () -> {
              try (RecordedAction action = recorded(session.record(app.list("fails")))) {
                throw new IllegalStateException("no database, action " + action.number());
              }
            })
        .hasMessage("no database, action 0");
    Await.until(() -> !app.outcomes().isEmpty());
    assertThat(app.outcomes()).containsExactly("500");
  }

  @Test
  void aProofIsGoodForOneAnswer() {
    AccessSession session = app.session();
    RecordedAction action = recorded(session.record(app.list("once")));
    action.went(404);
    assertThat(action.release(ANSWER, 0)).isInstanceOf(ReleaseResult.ReleasedAnswer.class);
    assertThat(action.release(ANSWER, 0)).isInstanceOf(ReleaseResult.WithheldAnswer.class);
    Await.until(() -> !app.outcomes().isEmpty());
    assertThat(app.outcomes()).containsExactly("404");
  }

  @Test
  void anotherPinThanTheTenantsLetsNobodyIn() throws IOException {
    var token = app.token(app.acme, app.approved());
    try (var other = app.start(new LogMemoryHere(), Hash.sha256("another".getBytes(UTF_8)))) {
      assertThat(other.open(token, app.spec().id(), ClientFixture.here()))
          .asString()
          .contains("the proof of approval does not hold");
      Await.until(() -> !app.acmesPlane.alarms().isEmpty());
    }
  }
}
