package org.openlockbox.server.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.server.Inbox;
import org.openlockbox.server.Pause;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestServer.Answer;
import org.openlockbox.server.TestTenant;
import org.openlockbox.server.notify.outbox.Smtp;

/// Mail by real SMTP, with two servers sending from one outbox.
final class OutboxTest {
  private static final int PORT = freePort();
  private static final TestServer SERVER =
      new TestServer(
          Optional.of(
              new Smtp(
                  "127.0.0.1", PORT, false, Optional.empty(), () -> "", "lockbox@vendor.example")),
          Optional.empty());
  private static final TestTenant ACME = new TestTenant(SERVER, "acme", 1);
  private GreenMail mail = new GreenMail(Inbox.smtpAt(PORT));

  static {
    SERVER.startAnother();
  }

  @BeforeEach
  void startMail() {
    mail.start();
  }

  @AfterEach
  void stopMail() {
    mail.stop();
  }

  @AfterAll
  static void close() {
    SERVER.close();
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What arrived about a request, as `address Message-ID`.
  private List<String> arrived(Answer request) {
    return Arrays.stream(mail.getReceivedMessages())
        .filter(message -> header(message, "Subject").contains(id(request)))
        .map(message -> header(message, "To") + " " + header(message, "Message-ID"))
        .sorted()
        .toList();
  }

  private static String id(Answer request) {
    return TestTenant.ref(request).id().value();
  }

  private static String header(MimeMessage message, String name) {
    try {
      return name.equals("Subject") ? message.getSubject() : message.getHeader(name)[0];
    } catch (MessagingException e) {
      throw new IllegalStateException(e);
    }
  }

  private void awaitMail(Answer request, int count) {
    Pause.until(count + " mails", () -> arrived(request).size() >= count);
    assertThat(arrived(request)).hasSize(count);
  }

  @Test
  void eachStepIsToldOnceToEachAddress() throws Exception {
    var asked = ACME.ask("helpdesk");
    var approved = ACME.approve(asked);
    ACME.revoke(approved);
    awaitMail(asked, 8);
    assertThat(arrived(asked)).doesNotHaveDuplicates();
    Pause.until("all to be marked", () -> unsent(asked).isEmpty());
    assertThat(arrived(asked)).hasSize(8);
    for (var message : mail.getReceivedMessages()) {
      assertThat(header(message, "To")).isIn("security@acme.example", "ann@acme.example");
      assertThat(header(message, "Auto-Submitted")).isEqualTo("auto-generated");
      assertThat(header(message, "References")).endsWith("@log.example>");
      var text = GreenMailUtil.getWholeMessage(message);
      var links = Pattern.compile("https?://[^\\s\"<]+").matcher(text).results();
      assertThat(links.map(MatchResult::group).distinct())
          .containsExactly("http://127.0.0.1/requests/" + id(asked));
    }
  }

  private static List<String> unsent(Answer request) {
    return SERVER.rows(
        "select attempts from outbox where sent_at is null and thread_id like '%"
            + id(request)
            + "%'");
  }

  private static List<String> failed(Answer request) {
    return SERVER.rows(
        "select attempts from outbox where last_error is not null and claimed_until is null"
            + " and thread_id like '%"
            + id(request)
            + "%'");
  }

  @Test
  void whatCouldNotBeSentIsSentOnceMailWorksAgain() {
    mail.stop();
    var asked = ACME.ask("helpdesk");
    Pause.until("both to fail", () -> failed(asked).size() == 2);
    mail = new GreenMail(Inbox.smtpAt(PORT));
    mail.start();
    SERVER.pass(Duration.ofSeconds(5));
    awaitMail(asked, 2);
    Pause.until("both to be marked", () -> unsent(asked).isEmpty());
  }

  @Test
  void whatADeadSenderHadClaimedIsSentByAnother() {
    mail.stop();
    var asked = ACME.ask("helpdesk");
    Pause.until("both to fail", () -> failed(asked).size() == 2);
    claimedByADeadSender(asked);
    mail = new GreenMail(Inbox.smtpAt(PORT));
    mail.start();
    SERVER.pass(Duration.ofSeconds(59));
    awaitMail(ACME.ask("helpdesk"), 2);
    assertThat(arrived(asked)).isEmpty();
    SERVER.pass(Duration.ofSeconds(1));
    awaitMail(asked, 2);
  }

  private static void claimedByADeadSender(Answer request) {
    SERVER.execute(
        """
        update outbox set sent_at = null, claimed_until = '%s'
         where thread_id like '%%%s%%'
        """
            .formatted(SERVER.clock.get().plusSeconds(60), id(request)));
  }

  @Test
  void aMailSentTwiceHasOneMessageId() {
    var asked = ACME.ask("helpdesk");
    Pause.until("both to be marked", () -> arrived(asked).size() == 2 && unsent(asked).isEmpty());
    claimedByADeadSender(asked);
    SERVER.pass(Duration.ofSeconds(60));
    awaitMail(asked, 4);
    assertThat(arrived(asked).stream().distinct()).hasSize(2);
  }

  @Test
  void twoServersSendABurstOnce() {
    var asked = Stream.generate(() -> ACME.ask("helpdesk")).limit(15).toList();
    for (var one : asked) {
      Pause.until("mails of " + id(one), () -> unsent(one).isEmpty());
      assertThat(arrived(one)).hasSize(2);
    }
  }

  @Test
  void aWithdrawnRequestIsToldAndARefusedStepIsNot() {
    var asked = ACME.ask("helpdesk");
    ACME.step("engineer", asked, ":withdraw", Json.object().build());
    assertThat(ACME.approve(asked).status()).isEqualTo(409);
    Pause.until("all to be marked", () -> arrived(asked).size() >= 4 && unsent(asked).isEmpty());
    assertThat(arrived(asked)).hasSize(4);
  }
}
