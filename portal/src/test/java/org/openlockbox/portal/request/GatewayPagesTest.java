package org.openlockbox.portal.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.portal.PortalFixture;
import org.openlockbox.portal.TestBrowser;
import org.openlockbox.server.TestGateway;

/// A gateway's whole way, as its operator reads it: up, with a certificate that is over soon, and
/// with a key that was revoked. One that lets nobody in is not counted as one that does.
final class GatewayPagesTest {
  private static final PortalFixture PORTAL = new PortalFixture();

  @AfterAll
  static void close() {
    PORTAL.close();
  }

  private static TestBrowser olga() {
    return PORTAL.browser().as("olga@vendor.example");
  }

  @Test
  void whatIsToBeDoneIsSaidOnTheListAndOnThePage() {
    var gateway = TestGateway.leased(PORTAL.server);
    saysWhatItIs(gateway);
    assertThat(olga().get("/operation").text())
        .contains("1<small> / 1</small>", ">up<")
        .contains("billing, helpdesk, Helpdesk API, ledger", "90 days left", "<dd>0</dd>")
        .doesNotContain("over soon");
    PORTAL.server.pass(Duration.ofDays(70));
    PORTAL.server.execute("update gateway_boot set gone_at = null");
    assertThat(olga().get("/operation").text())
        .contains("1<small> / 1</small>", "over soon", "20 days left");
    assertThat(olga().get("/operation/gateways/gw-1").text())
        .contains("less than 30 days", "lockbox gateway renew gw-1.cert")
        .contains("<dd>billing, helpdesk, Helpdesk API, ledger</dd>")
        .contains("LOCKBOX_PROFILE=olga ", "lockbox gateway revoke gw-1.cert");
    var key = PORTAL.server.rows("select key_id from gateway_boot limit 1").getFirst();
    PORTAL.server.execute(
        "insert into gateway_statement (kind, revoked_key, envelope, at)"
            + " values ('gateway-revoke', '%s', '-', now())".formatted(key));
    assertThat(olga().get("/operation").text())
        .contains("0<small> / 1</small>", "key revoked", "tone-bad");
    assertThat(olga().get("/operation/gateways/gw-1").text())
        .contains("lockbox gateway enroll gw-1 --authority authority.key --log-host")
        .doesNotContain("gateway renew", "gateway revoke");
  }

  /// Its version and region, once it has told them.
  private static void saysWhatItIs(TestGateway gateway) {
    assertThat(olga().get("/operation").text())
        .contains("<dt>Region</dt><dd>not known</dd>", "<dt>Version</dt><dd>not known</dd>");
    gateway.leaseAs("lockbox-gateway/1.4.2 (eu-central-1)");
    for (var page : List.of("/operation", "/operation/gateways/gw-1")) {
      assertThat(olga().get(page).text())
          .contains("<dt>Region</dt><dd>eu-central-1</dd>", "<dt>Version</dt><dd>1.4.2</dd>");
    }
  }
}
