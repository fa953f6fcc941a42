package org.openlockbox.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.openlockbox.client.ClientFixture.LIST;
import static org.openlockbox.client.ClientFixture.notRecorded;
import static org.openlockbox.client.ClientFixture.recorded;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.client.session.AccessOpening;
import org.openlockbox.client.session.AccessRefusal.RefusalKind;
import org.openlockbox.client.session.AccessSession;
import org.openlockbox.client.session.ActionCall;
import org.openlockbox.client.session.CallOrigin;
import org.openlockbox.client.session.RecordedAction;
import org.openlockbox.client.session.ReleaseResult;
import org.openlockbox.client.session.ReleasedStream;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.limits.RowBudget;
import org.openlockbox.core.limits.Timeout;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.signing.KeyFile;
import org.openlockbox.core.signing.Scheme;
import org.openlockbox.core.signing.SoftwareKey;
import org.openlockbox.core.testing.TenantFixture;
import org.openlockbox.gateway.login.BearerToken;
import org.openlockbox.gateway.testing.Await;
import org.openlockbox.gateway.testing.FakeControlPlane.Appends;
import org.openlockbox.gateway.testing.WorkingTime;
import org.openlockbox.gateway.yaml.YamlProblem;

/// Calls and words with which somebody tries to get more than was signed for, or to hide that.
class HostileCallsTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Bytes MUCH = Bytes.of(new byte[ActionCall.MOST_INPUT]);

  private ClientFixture app;

  @BeforeEach
  void start() throws IOException {
    app = new ClientFixture();
  }

  @AfterEach
  void stop() {
    app.close();
  }

  /// An entry that cannot be written would stand before all others.
  @ParameterizedTest
  @ValueSource(strings = {"\u0085", "a\u202eb", "two\nlines", "\ud83d"})
  void aProgramsNameThatTheLogCannotHaveStopsNobody(String name) {
    BearerToken token = app.token(app.acme, app.approved());
    var from = new CallOrigin(InetAddress.getLoopbackAddress(), name);
    assertThat(app.lockbox.open(token, TenantFixture.HELPDESK, from))
        .isInstanceOf(AccessOpening.OpenedAccess.class);
    recorded(app.opened(token).record(app.list("goes on"))).close();
    assertThat(app.events(SessionEvent.Opened.class).getFirst().clientApplication())
        .contains("\\u");
  }

  @Test
  void aProgramsLongNameIsCutWhereACharacterEnds() {
    String name =
        new CallOrigin(InetAddress.getLoopbackAddress(), "a" + "😀".repeat(150)).program();
    assertThat(name).hasSizeLessThanOrEqualTo(210).startsWith("a😀");
  }

  @Test
  void anAttemptAtAnotherCustomersDataIsOnRecordAsThatHoweverLongItsText() {
    AccessSession session = app.session();
    var call = new ActionCall(LIST, app.globex.tenant(), "x".repeat(3_000));
    assertThat(notRecorded(session.record(call)).code()).isEqualTo("tenant");
    Await.until(() -> !app.outcomes().isEmpty());
    assertThat(app.events(SessionEvent.Operation.class).getFirst().refused()).contains("tenant");
  }

  @Test
  void tooMuchInputIsRefusedAndNotKept() {
    AccessSession session = app.session();
    var fits = new ActionCall(LIST, app.acme.tenant(), "fits", MUCH);
    recorded(session.record(fits)).close();
    Bytes more = Bytes.of(new byte[ActionCall.MOST_INPUT + 1]);
    var call = new ActionCall(LIST, app.acme.tenant(), "too much", more);
    assertThat(notRecorded(session.record(call)).code()).isEqualTo("length");
    Await.until(() -> app.outcomes().size() == 2);
    assertThat(app.events(SessionEvent.Operation.class).get(1).input()).isEmpty();
  }

  /// Else somebody could try what is refused while the log is away, and leave no trace.
  @Test
  void whatCannotBeOnRecordIsNotAnsweredWithAReason() {
    AccessSession session = app.session();
    app.acmesPlane.appends(Appends.NOT_APPLIED);
    var call = new ActionCall(LIST, app.globex.tenant(), "globex's", MUCH);
    List<RefusalKind> kinds = new ArrayList<>();
    while (!kinds.contains(RefusalKind.UNAVAILABLE) && kinds.size() < 200) {
      kinds.add(notRecorded(session.record(call)).kind());
    }
    assertThat(kinds).contains(RefusalKind.FORBIDDEN).endsWith(RefusalKind.UNAVAILABLE);
    app.acmesPlane.appends(Appends.WORK);
    int told = kinds.size() - 1;
    Await.until(() -> app.events(SessionEvent.Operation.class).size() == told);
  }

  @Test
  void anActionThatWasCutOffDoesNotBecomeAGoodOne() {
    Limits short1 = Limits.UNWRITTEN.withStatementTimeout(Timeout.of(SECOND));
    AccessSession session =
        app.opened(app.token(app.acme, app.approved(app.acme, Level.READ, short1)));
    RecordedAction action = recorded(session.record(app.list("computes for long")));
    Await.until(action::isStopped);
    action.went(200);
    assertThat(action.release(Bytes.ofUtf8("late"), 1))
        .isInstanceOf(ReleaseResult.WithheldAnswer.class);
    Await.until(() -> !app.outcomes().isEmpty());
    assertThat(app.outcomes()).containsExactly("503");
  }

  @Test
  void anActionMayNotGoOnWithoutALease() {
    RecordedAction action = recorded(app.session().record(app.list("a long change")));
    assertThat(action.mayGoOn()).isTrue();
    app.acmesPlane.leaseDown(true);
    app.globexPlane.leaseDown(true);
    WorkingTime since = WorkingTime.start();
    Await.until(() -> !action.mayGoOn());
    assertThat(since.soFar()).isLessThan(SECOND);
  }

  @Test
  void anActionThatIsOverMayNotGoOn() {
    RecordedAction action = recorded(app.session().record(app.list("done")));
    action.close();
    assertThat(action.mayGoOn()).isFalse();
  }

  /// What two threads write at once is counted as it leaves, and not as it would have left.
  @Test
  void whatLeavesIsWhatWasCounted() throws IOException {
    AccessSession session = app.session();
    RecordedAction action = recorded(session.record(app.list("export")));
    var left = new ByteArrayOutputStream();
    try (ReleasedStream out = action.releaseTo(left, 1);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<Void>> writing =
          IntStream.range(0, 8)
              .mapToObj(i -> CompletableFuture.runAsync(() -> write(out, i), threads))
              .toList();
      writing.forEach(CompletableFuture::join);
    }
    assertThat(left.size()).isEqualTo(8 * 2_000 * 7);
    Await.until(() -> !app.outcomes().isEmpty());
    var operation = app.events(SessionEvent.Operation.class).getFirst();
    var outcome = app.events(SessionEvent.Outcome.class).getFirst();
    assertThat(outcome.bytes()).isEqualTo(left.size());
    assertThat(outcome.result())
        .contains(app.acmesPlane.result(operation, Bytes.of(left.toByteArray())));
  }

  private static void write(ReleasedStream out, int number) {
    try {
      for (int i = 0; i < 2_000; i++) {
        out.write(("thread" + number).getBytes(UTF_8));
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void moreRowsThanTheReleaseSaysArePaidFor() {
    Limits ten = Limits.UNWRITTEN.withRowBudget(new RowBudget(10));
    AccessSession session =
        app.opened(app.token(app.acme, app.approved(app.acme, Level.READ, ten)));
    RecordedAction action = recorded(session.record(app.list("eleven")));
    action.shows(11);
    assertThat(action.release(Bytes.ofUtf8("eleven rows"), 1))
        .isInstanceOfSatisfying(
            ReleaseResult.WithheldAnswer.class,
            it -> assertThat(it.why().kind()).isEqualTo(RefusalKind.SPENT));
  }

  /// Each waits for the control plane on a thread of the application's.
  @Test
  void strangersDoNotTakeAllThreadsOfTheApplication() {
    BearerToken served = app.token(app.acme, app.approved());
    AccessSession session = app.opened(served);
    BearerToken waits = app.token(app.acme, app.approved());
    var answered = new CountDownLatch(1);
    app.acmesPlane.histories(answered);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<AccessOpening>> opening =
          IntStream.range(0, 60)
              .mapToObj(i -> CompletableFuture.supplyAsync(() -> app.open(waits), threads))
              .toList();
      Await.until(() -> opening.stream().filter(CompletableFuture::isDone).count() >= 28);
      assertThat(opening.stream().filter(CompletableFuture::isDone).map(CompletableFuture::join))
          .allSatisfy(it -> assertThat(it).asString().contains("too many logins"));
      assertThat(app.opened(served).id()).isEqualTo(session.id());
      recorded(session.record(app.list("still served"))).close();
      answered.countDown();
      opening.forEach(CompletableFuture::join);
    }
    assertThat(app.opened(waits).id()).isNotEqualTo(session.id());
  }

  @Test
  void whatIsLoggedSaysNothingOfACustomersData() {
    String secret = "pat@acme.example";
    Bytes answer = Bytes.ofUtf8(secret);
    var call = new ActionCall(LIST, app.acme.tenant(), "find " + secret, answer);
    assertThat(call.toString()).doesNotContain(secret).doesNotContain(answer.hex().substring(0, 8));
    assertThat(new ReleaseResult.ReleasedAnswer(answer).toString())
        .doesNotContain(secret)
        .doesNotContain(answer.hex().substring(0, 8));
    String header = app.header(app.acme, app.approved());
    assertThat(BearerToken.parse(header).orElseThrow().toString())
        .doesNotContain(header.substring(header.indexOf('.')));
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://control.internal:8443", "http://10.0.0.7", "ftp://a", "nonsense"})
  void aTokenIsNotSentInTheClear(String url, @TempDir Path directory) throws IOException {
    Path file = directory.resolve("app.yaml");
    Files.writeString(
        directory.resolve("resources.yaml"),
        """
        resources:
          - id: helpdesk
            name: Helpdesk
            application: {url: 'https://helpdesk.example'}
            tenancy: {ids: {acme: acme}}
            levels: [read]
            actions: {tickets.list: {level: read}}
        """);
    Files.writeString(
        directory.resolve("app.key"),
        KeyFile.format(SoftwareKey.generate(Scheme.ED25519, app.random)));
    Files.writeString(
        file,
        """
        server: {url: '%s'}
        gateway: {id: app-1, key: app.key, certificate: app.cert, token: app.token}
        resources: resources.yaml
        serves: [helpdesk]
        memory: memory
        pins: {acme: %s}
        """
            .formatted(url, app.acme.pin()));
    assertThatThrownBy(() -> ClientConfigReader.read(file, InstantSource.system()))
        .isInstanceOf(YamlProblem.class)
        .hasMessageContaining("url");
  }
}
