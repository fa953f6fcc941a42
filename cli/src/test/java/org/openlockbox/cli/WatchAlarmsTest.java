package org.openlockbox.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.operation.SqlFacts;
import org.openlockbox.core.testing.TenantFixture;

/// How what `lockbox watch` finds comes to somebody: at least once.
class WatchAlarmsTest {
  private static final String STRAY = "operation without a request or a session";
  private static final String OTHER = "\"what\":\"no epoch is served any more\"";

  @TempDir private Path home;
  private final StubServer server = new StubServer();
  private final WatchedTenant watched = new WatchedTenant(server);
  private final TenantFixture acme = watched.acme;
  private final BlockingQueue<String> posted = new LinkedBlockingQueue<>();

  @AfterEach
  void stop() {
    server.close();
  }

  private Shell.Result watch(String... more) {
    return watched.watch(home, more);
  }

  private void stray() {
    acme.fromGateway(
        new SessionEvent.Operation(
            acme.session(),
            0,
            acme.commit("select 1"),
            Optional.empty(),
            "query",
            SqlFacts.of("select")));
    watched.serve(acme);
  }

  private void receive(int status) {
    server.on("POST /alarm", status, "");
    server.on(
        "POST /alarm",
        body -> {
          posted.add(body);
          return "";
        });
  }

  private String hook() {
    return server.url() + "/alarm";
  }

  @Test
  void findingsArePosted() {
    stray();
    receive(200);
    assertThat(watch("--webhook", hook()).exit()).isEqualTo(1);
    assertThat(posted).hasSize(1).first().asString().contains("\"tenant\":\"acme\"", STRAY);
    assertThat(home.resolve("watch/acme/unsent-webhook.json")).doesNotExist();
  }

  /// The lie is told once; the run in which it could not be told on is not the last.
  @Test
  void whatTheWebhookDidNotTakeIsSentByALaterRun() {
    watched.serve(acme);
    assertThat(watch().exit()).isZero();
    watched.serveNoEpoch(0);
    receive(500);
    var refused = watch("--webhook", hook());
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.err()).contains("the webhook answered 500");
    watched.serve(acme);
    var still = watch("--webhook", hook());
    assertThat(still.exit()).as("undelivered").isEqualTo(1);
    assertThat(still.out()).isEmpty();
    posted.clear();
    receive(200);
    assertThat(watch("--webhook", hook()).exit()).isZero();
    assertThat(posted).hasSize(1).first().asString().contains(OTHER);
    assertThat(watch("--webhook", hook()).exit()).isZero();
    assertThat(posted).hasSize(1);
  }

  @Test
  void aWebhookInTheClearBeyondThisMachineIsRefused() {
    for (var bad : List.of("http://alarm.example.com/", "ftp://127.0.0.1/", "alarm")) {
      assertThat(watch("--webhook", bad).exit()).isEqualTo(2);
    }
    for (var bad : List.of("ann", "ann@example.com,bob@example.com", "a@b\nBcc: c@d")) {
      assertThat(watch("--mail", bad).exit()).isEqualTo(2);
    }
  }

  private Path program(String lines) throws IOException {
    Path program = home.resolve("sendmail");
    Files.writeString(program, "#!/bin/sh\n" + lines);
    assertThat(program.toFile().setExecutable(true)).isTrue();
    return program;
  }

  @Test
  void findingsAreMailedByTheMachinesOwnProgram() throws IOException {
    stray();
    Path sent = home.resolve("sent");
    String failing = program("exit 75\n").toString();
    var refused = watch("--mail", "ann@example.com", "--sendmail", failing);
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.err()).contains("sendmail ended with 75");
    assertThat(home.resolve("watch/acme/unsent-mail.json")).exists();
    String mailer =
        program("echo \"$@\" > '%s'\ncat >> '%s'\n".replace("%s", sent.toString())).toString();
    assertThat(watch("--mail", "ann@example.com", "--sendmail", mailer).exit()).isEqualTo(1);
    assertThat(Files.readString(sent))
        .isEqualTo(
            """
            -i -t
            To: ann@example.com
            Subject: 1 finding(s) in the log of acme
            Content-Type: text/plain; charset=utf-8

            entry 1: operation without a request or a session
            """);
    assertThat(home.resolve("watch/acme/unsent-mail.json")).doesNotExist();
  }

  @Test
  void aMailProgramThatIsNotThereIsSaidAndHidesNothing() {
    stray();
    var result = watch("--mail", "ann@example.com", "--sendmail", home.resolve("none").toString());
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out()).contains(STRAY);
    assertThat(result.err()).contains("no mail was sent");
  }

  /// A pass that cannot be made ends nothing, and what lasts is told once.
  @Test
  void followingGoesOnAndTellsOnce() throws Exception {
    watched.serve(acme);
    receive(200);
    var following = new FutureTask<>(() -> watch("--follow", "--every", "1", "--webhook", hook()));
    Thread thread = Thread.ofPlatform().start(following);
    passes(2);
    watched.serveNoEpoch(0);
    assertThat(posted.poll(20, TimeUnit.SECONDS)).contains(OTHER);
    server.on("GET /v1/tenants/acme/epoch", 503, "{\"status\":503,\"title\":\"Not now\"}");
    passes(2);
    server.off("GET /v1/tenants/acme/epoch");
    passes(2);
    stray();
    assertThat(posted.poll(20, TimeUnit.SECONDS)).contains(STRAY).doesNotContain(OTHER);
    thread.interrupt();
    var result = following.get(20, TimeUnit.SECONDS);
    assertThat(result.out()).hasLineCount(2).contains(STRAY);
    assertThat(result.err()).contains("Not now");
    assertThat(posted).isEmpty();
  }

  @Test
  void aPassThatBreaksOffInTheMiddleLosesNothing() throws Exception {
    for (int i = 0; i < 300; i++) {
      acme.ask(1);
    }
    watched.serve(acme);
    server.off("GET /log/acme/tile/entries/001.p/45");
    var following = new FutureTask<>(() -> watch("--follow", "--every", "1"));
    Thread thread = Thread.ofPlatform().start(following);
    passes(2);
    watched.serve(acme);
    passes(2);
    thread.interrupt();
    assertThat(following.get(20, TimeUnit.SECONDS).out()).isEmpty();
    assertThat(Files.readString(home.resolve("watch/acme/entries.jsonl"))).hasLineCount(301);
    assertThat(watch().exit()).isZero();
  }

  /// Who cannot look for minutes is not told that all is well.
  @Test
  void followingBlindEndsWithTheExitCode() throws Exception {
    watched.serve(acme);
    receive(200);
    var following = new FutureTask<>(() -> watch("--follow", "--every", "1", "--webhook", hook()));
    Thread.ofPlatform().daemon().start(following);
    passes(1);
    blind();
    passes(2);
    watched.clock.advance(Duration.ofMinutes(6));
    assertThat(following.get(20, TimeUnit.SECONDS).exit()).isEqualTo(8);
    assertThat(posted).singleElement().asString().contains("could not be checked since", "Not now");
  }

  /// Also where each run is a new one; one that fails once says nothing to anybody else.
  @Test
  void aLogThatNoRunCouldCheckForMinutesIsTold() {
    watched.serve(acme);
    receive(200);
    assertThat(watch("--webhook", hook()).exit()).isZero();
    blind();
    assertThat(watch("--webhook", hook()).exit()).isEqualTo(8);
    server.off("GET /v1/tenants/acme/epoch");
    watched.serve(acme);
    assertThat(watch("--webhook", hook()).exit()).isZero();
    blind();
    assertThat(watch("--webhook", hook()).exit()).isEqualTo(8);
    assertThat(posted).isEmpty();
    for (int run = 0; run < 3; run++) {
      watched.clock.advance(Duration.ofMinutes(5));
      assertThat(watch("--webhook", hook()).exit()).isEqualTo(8);
      assertThat(posted).singleElement().asString().contains("could not be checked since");
    }
  }

  /// What was found counts more than what could not be looked at.
  @Test
  void aPassThatFailsAfterAFindingIsAFinding() {
    stray();
    watched.serveNoEpoch(0);
    var result = watch();
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out()).contains(STRAY);
    assertThat(result.err()).contains("shows no epoch");
  }

  private void blind() {
    watched.serveNoEpoch(0);
    server.on("GET /v1/tenants/acme/epoch", 503, "{\"status\":503,\"title\":\"Not now\"}");
  }

  private void passes(int more) throws InterruptedException {
    long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    long before = asked();
    while (asked() < before + more) {
      assertThat(System.nanoTime()).isLessThan(until);
      Thread.sleep(20);
    }
  }

  private long asked() {
    return server.asked().stream().filter("GET /log/acme/checkpoint"::equals).count();
  }
}
