package org.openlockbox.server.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.server.Pause;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestServer.Answer;
import org.openlockbox.server.TestTenant;
import org.openlockbox.server.notify.MailReceiver.Mood;
import org.openlockbox.server.notify.outbox.Smtp;

/// The step between outbox and mail server fails in both ways: not applied, and applied with the
/// answer lost. Mail is late then, and never lost; what comes twice comes under one Message-ID.
final class FaultyMailTest {
  private static final MailReceiver RECEIVER = new MailReceiver();
  private static final TestServer SERVER =
      new TestServer(
          Optional.of(
              new Smtp(
                  "127.0.0.1",
                  RECEIVER.port(),
                  false,
                  Optional.empty(),
                  () -> "",
                  "lockbox@vendor.example")),
          Optional.empty());
  private static final TestTenant ACME = new TestTenant(SERVER, "acme", 1);

  @AfterAll
  static void close() {
    SERVER.close();
    RECEIVER.close();
  }

  private static String id(Answer request) {
    return TestTenant.ref(request).id().value();
  }

  private static List<String> taken(Answer request) {
    return RECEIVER.taken(id(request));
  }

  /// How many mails about the request wait after an attempt that failed.
  private static int waiting(Answer request) {
    return SERVER
        .rows(
            "select id from outbox where sent_at is null and last_error is not null"
                + " and claimed_until is null and thread_id like '%"
                + id(request)
                + "%'")
        .size();
  }

  private static int unsent(Answer request) {
    return SERVER
        .rows(
            "select id from outbox where sent_at is null and thread_id like '%"
                + id(request)
                + "%'")
        .size();
  }

  @Test
  void mailThatIsNotTakenComesLaterAndOnce() {
    RECEIVER.be(Mood.REFUSES);
    var asked = ACME.ask("helpdesk");
    Pause.until("both to be refused", () -> waiting(asked) == 2);
    assertThat(taken(asked)).isEmpty();
    assertThat(SERVER.rows("select distinct last_error from outbox where last_error is not null"))
        .allSatisfy(why -> assertThat(why).doesNotContain("Exception", "\n"));
    RECEIVER.be(Mood.WELL);
    SERVER.pass(Duration.ofSeconds(6));
    Pause.until("both to be sent", () -> unsent(asked) == 0);
    assertThat(taken(asked)).hasSize(2).doesNotHaveDuplicates();
  }

  @Test
  void mailThatIsTakenWithoutAnAnswerComesAgainUnderTheSameMessageId() {
    RECEIVER.be(Mood.FORGETS_TO_ANSWER);
    var asked = ACME.ask("helpdesk");
    Pause.until("no answer to both", () -> waiting(asked) == 2);
    var first = new HashSet<>(taken(asked));
    assertThat(first).hasSize(2);
    RECEIVER.be(Mood.WELL);
    SERVER.pass(Duration.ofSeconds(6));
    Pause.until("both to be sent", () -> unsent(asked) == 0);
    assertThat(taken(asked)).hasSize(4);
    assertThat(new HashSet<>(taken(asked))).isEqualTo(first);
  }
}
