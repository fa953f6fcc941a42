package org.openlockbox.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.client.ClientFixture.notRecorded;
import static org.openlockbox.client.ClientFixture.recorded;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.client.session.AccessRefusal.RefusalKind;
import org.openlockbox.client.session.AccessSession;
import org.openlockbox.client.session.RecordResult;
import org.openlockbox.client.session.RecordedAction;
import org.openlockbox.client.session.ReleaseRefused;
import org.openlockbox.client.session.ReleaseResult;
import org.openlockbox.client.session.ReleasedStream;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.testing.TenantFixture.RequestEntry;
import org.openlockbox.gateway.login.BearerToken;
import org.openlockbox.gateway.testing.Await;
import org.openlockbox.gateway.testing.FakeControlPlane.Appends;
import org.openlockbox.gateway.testing.WorkingTime;

/// Nothing is released before its record is durable, and nothing after the end, whatever becomes of
/// the log, of the lease and of what the application is doing.
class EndOfAccessTest {
  private static final Bytes ANSWER = Bytes.ofUtf8("an answer");
  private static final Duration SECOND = Duration.ofSeconds(1);

  private ClientFixture app;

  @BeforeEach
  void start() throws IOException {
    app = new ClientFixture();
  }

  @AfterEach
  void stop() {
    app.close();
  }

  private CompletableFuture<RecordResult> recording(AccessSession session, String text) {
    return CompletableFuture.supplyAsync(() -> session.record(app.list(text)));
  }

  @Test
  void anActionWaitsUntilItsRecordIsDurable() {
    AccessSession session = app.session();
    app.acmesPlane.appends(Appends.NOT_APPLIED);
    int calls = app.acmesPlane.appendCalls();
    var result = recording(session, "waits");
    Await.until(() -> app.acmesPlane.appendCalls() > calls + 2);
    assertThat(result).isNotDone();
    app.acmesPlane.appends(Appends.WORK);
    recorded(result.join()).close();
    assertThat(app.acmesPlane.statements()).containsExactly("waits");
  }

  @Test
  void anActionThatCannotBeRecordedGivesNoProof() {
    AccessSession session = app.session();
    app.acmesPlane.appends(Appends.NOT_APPLIED);
    assertThat(notRecorded(session.record(app.list("never"))).kind())
        .isEqualTo(RefusalKind.UNAVAILABLE);
    app.acmesPlane.appends(Appends.WORK);
    Await.until(() -> !app.outcomes().isEmpty());
    assertThat(app.outcomes()).as("it says that nothing was released").containsExactly("503");
  }

  @Test
  void anActionWhoseAnswerOfTheLogIsLostIsInTheLogOnce() {
    AccessSession session = app.session();
    app.acmesPlane.appends(Appends.ANSWER_LOST);
    var result = recording(session, "once");
    Await.until(() -> app.acmesPlane.callsWithStatements() > 2);
    assertThat(result).as("the application knows of no answer").isNotDone();
    app.acmesPlane.appends(Appends.WORK);
    recorded(result.join()).release(ANSWER, 1);
    Await.until(() -> !app.outcomes().isEmpty());
    assertThat(app.acmesPlane.statements()).containsExactly("once");
  }

  @Test
  void aLogThatRefusesForGoodEndsTheSession() {
    AccessSession session = app.session();
    app.acmesPlane.appends(Appends.REFUSED);
    notRecorded(session.record(app.list("refused")));
    Await.until(() -> !session.isOpen());
  }

  @Test
  void aRevocationEndsAStreamWithinASecond() throws IOException, InterruptedException {
    RequestEntry asked = app.approved();
    AccessSession session = app.opened(app.token(app.acme, asked));
    RecordedAction action = recorded(session.record(app.list("a long export")));
    var told = new CountDownLatch(2);
    action.whenStopped(told::countDown);
    session.whenOver(told::countDown);
    Duration last = lastWrite(action, () -> app.acmesPlane.end(asked.submission().id()));
    assertThat(last).isLessThan(SECOND);
    assertThat(told.await(5, TimeUnit.SECONDS)).as("the application is told").isTrue();
    assertThat(session.isOpen()).isFalse();
    assertThat(notRecorded(session.record(app.list("one more"))).code()).isEqualTo("ended");
    Await.until(() -> !app.acmesPlane.reasons().isEmpty());
    assertThat(app.acmesPlane.reasons()).containsExactly("ended");
    assertThat(app.outcomes()).containsExactly("503");
    assertThat(app.events(SessionEvent.Outcome.class).getFirst().bytes()).isPositive();
  }

  @Test
  void anApplicationThatIsCutOffReleasesNothingAfterASecond() throws IOException {
    AccessSession session = app.session();
    RecordedAction action = recorded(session.record(app.list("a long export")));
    Duration last =
        lastWrite(
            action,
            () -> {
              app.acmesPlane.leaseDown(true);
              app.globexPlane.leaseDown(true);
            });
    assertThat(last).isLessThan(SECOND);
  }

  /// Writes a little again and again, and ends access meanwhile; how long after that something left
  /// last.
  private static Duration lastWrite(RecordedAction action, Runnable end) throws IOException {
    ReleasedStream out = action.releaseTo(new ByteArrayOutputStream(), 1);
    for (int i = 0; i < 10; i++) {
      out.write('a');
      out.flush();
    }
    end.run();
    WorkingTime since = WorkingTime.start();
    Duration last = Duration.ZERO;
    try {
      while (since.soFar().compareTo(Duration.ofSeconds(10)) < 0) {
        out.write('b');
        out.flush();
        last = since.soFar();
        Await.atLeast(Duration.ofMillis(1));
      }
    } catch (ReleaseRefused e) {
      return last;
    }
    throw new AssertionError("it never ended");
  }

  @Test
  void anActionThatRunsAtTheEndIsNotReleasedAndHoldsUpNothing() {
    RequestEntry asked = app.approved();
    AccessSession session = app.opened(app.token(app.acme, asked));
    RecordedAction action = recorded(session.record(app.list("computes for long")));
    app.acmesPlane.end(asked.submission().id());
    Await.until(() -> !app.acmesPlane.reasons().isEmpty());
    assertThat(app.outcomes()).as("its session did not wait for it").containsExactly("503");
    assertThat(action.release(ANSWER, 1)).isInstanceOf(ReleaseResult.WithheldAnswer.class);
    action.close();
    assertThat(app.outcomes()).hasSize(1);
  }

  @Test
  void aStoppedSessionEndsAndItsTokenOpensAnother() {
    BearerToken token = app.token(app.acme, app.approved());
    AccessSession session = app.opened(token);
    app.acmesPlane.stop(session.id());
    Await.until(() -> !session.isOpen());
    assertThat(app.opened(token).id()).isNotEqualTo(session.id());
  }

  @Test
  void anAccessThatWasRevokedLetsNobodyInAgain() {
    RequestEntry asked = app.approved(app.acme, Level.READ, Limits.UNWRITTEN);
    BearerToken token = app.token(app.acme, asked);
    AccessSession session = app.opened(token);
    app.acmesPlane.end(asked.submission().id());
    Await.until(() -> !session.isOpen());
    assertThat(app.notOpened(token).kind()).isEqualTo(RefusalKind.FORBIDDEN);
  }

  @Test
  void stoppingTheApplicationWritesTheLastEntries() {
    AccessSession session = app.session();
    recorded(session.record(app.list("under way")));
    app.close();
    assertThat(app.acmesPlane.reasons()).containsExactly("gateway-stopped");
    assertThat(app.outcomes()).containsExactly("503");
  }
}
