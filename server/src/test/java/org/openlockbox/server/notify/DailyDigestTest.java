package org.openlockbox.server.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Allowance;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.Window;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.server.Pause;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestTenant;

/// The letter about the day.
final class DailyDigestTest {
  @Test
  void whoWantsItIsSentADayOnceAndOnlyIfThereIsSomethingToSay() {
    try (var server = new TestServer()) {
      var acme = new TestTenant(server, "acme", 1);
      var quiet = new TestTenant(server, "quiet", 1);
      choose(acme, "ann@acme.example");
      choose(quiet, "ann@quiet.example");
      acme.approved();
      acme.ask("helpdesk");
      server.pass(Duration.ofHours(1));
      server.startAnother();
      server.startAnother();
      Pause.until("the digest", () -> !digests(server).isEmpty());
      Pause.until("both", () -> server.rows("select 1 from daily_digest").size() == 2);
      assertThat(digests(server)).hasSize(1);
      assertThat(digests(server).getFirst())
          .startsWith("ann@acme.example|[Lockbox] acme: 1 request waits, active access: 0")
          .contains("Asked in 24 h", "2");
    }
  }

  @Test
  void accessThatHasNotBegunIsNotOpen() {
    try (var server = new TestServer()) {
      var acme = new TestTenant(server, "acme", 1);
      choose(acme, "ann@acme.example");
      var time = Duration.ofMinutes(30);
      var start = server.clock.get().plus(Duration.ofHours(20));
      var wish = acme.wishing("helpdesk").put("notBefore", start.toString()).build();
      var asked = server.post("engineer", acme.requests(), wish);
      var later =
          new Allowance(
              Level.MASKED, new Window(start, start.plus(time)), time, Limits.UNWRITTEN.asked());
      assertThat(acme.approve(asked, later).status()).isEqualTo(200);
      server.startAnother();
      Pause.until("the digest", () -> !digests(server).isEmpty());
      assertThat(digests(server).getFirst())
          .contains("acme: 0 requests wait, active access: 0")
          .contains("Nobody");
    }
  }

  private static void choose(TestTenant tenant, String address) {
    var path = "/v1/tenants/" + tenant.id + "/notifications";
    var before = tenant.server.get(tenant.approver(), path);
    var contact =
        Json.object()
            .put("address", address)
            .put("audience", "approvers")
            .putTexts("topics", List.of("digest"))
            .build();
    var wanted = Json.object().put("links", true).put("contacts", List.of(contact)).build();
    var changed =
        tenant.server.call(
            0,
            tenant.approver(),
            "PUT",
            path,
            CanonicalJson.text(wanted),
            Map.of("If-Match", before.etag()));
    assertThat(changed.status()).as(changed.toString()).isEqualTo(200);
  }

  private static List<String> digests(TestServer server) {
    return server.rows(
        "select recipient, subject, text_part from outbox where kind = 'digest.daily' and channel ="
            + " 'mail'");
  }
}
