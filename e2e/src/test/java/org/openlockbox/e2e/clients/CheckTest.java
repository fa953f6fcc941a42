package org.openlockbox.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openlockbox.e2e.harness.Chromium;
import org.openlockbox.e2e.harness.Demo;
import org.openlockbox.e2e.harness.Desktop;
import org.openlockbox.e2e.harness.Desktop.Screen;
import org.openlockbox.e2e.harness.SharedDemo;
import org.openlockbox.e2e.harness.Terminal;

/// The helpdesk's back office asks the gateway before each request, with curl as its client: from
/// the approver's page, which says what *checked* means, to evidence that verifies.
@ExtendWith({SharedDemo.class, Chromium.Shared.class})
class CheckTest {
  private static final String CHECKED =
      "Checked: the service asks before each request; what is running when you stop access goes on"
          + " to its end";

  private static String asked(Demo demo, String tenant) {
    return demo.terminal("engineer")
        .types(
            "lockbox request create --tenant %s --resource helpdesk-office --level read --for 30m"
                    .formatted(tenant)
                + " --purpose customer_ticket --ticket SUP-9 --reason 'Refund is wrong' -o json")
        .json()
        .text("id");
  }

  /// What the back office sends.
  private static String curl(Demo demo, String path, String body) {
    return "curl --silent --show-error --cacert %s/tls/ca.pem -H @%s/keys/office.header"
            .formatted(demo.state(), demo.state())
        + " -H 'Content-Type: application/json' -d '%s' https://127.0.0.1:%d%s"
            .formatted(body, demo.port("checks"), path);
  }

  private static String question(String action, String tenant) {
    return "{\"subject\":{\"type\":\"engineer\",\"id\":\"engineer\"},\"action\":{\"name\":\"%s\"},\"resource\":{\"type\":\"helpdesk-office\",\"id\":\"%s/refunds\"}}"
        .formatted(action, tenant);
  }

  private static String evaluated(Demo demo, String action, String tenant) {
    return demo.terminal("engineer")
        .types(curl(demo, "/access/v1/evaluation", question(action, tenant)))
        .ok();
  }

  @Test
  void aServiceAsksUntilTheCustomerStopsIt(Demo demo) {
    Terminal engineer = demo.terminal("engineer");
    String id = asked(demo, "acme");
    assertThat(evaluated(demo, "refunds.list", "acme")).contains("\"decision\":false");
    demo.terminal("acme-approver")
        .types("lockbox approve " + id + " --key acme-approver.key")
        .ends(0);
    assertThat(engineer.types("lockbox connect " + id).ok())
        .contains("https://office.helpdesk.example", "reports.show");
    assertThat(evaluated(demo, "refunds.list", "acme"))
        .contains("\"decision\":true", "\"request\":\"" + id + "\"", "\"lease\":{");
    assertThat(evaluated(demo, "refunds.issue", "acme"))
        .contains("\"decision\":false", "needs the level write");
    assertThat(evaluated(demo, "refunds.list", "globex")).contains("\"decision\":false");
    String who =
        "{\"subject\":{\"type\":\"engineer\"},\"action\":{\"name\":\"refunds.list\"},\"resource\":{\"type\":\"helpdesk-office\",\"id\":\"acme\"}}";
    assertThat(engineer.types(curl(demo, "/access/v1/search/subject", who)).ok())
        .contains("\"id\":\"engineer\"");
    demo.terminal("acme-approver")
        .types("lockbox revoke " + id + " --key acme-approver.key")
        .ends(0);
    assertThat(evaluated(demo, "refunds.list", "acme")).contains("\"decision\":false");
    Terminal auditor = demo.terminal("acme-auditor");
    auditor.types("lockbox evidence %s --out %s.zip".formatted(id, id)).ends(0);
    assertThat(
            auditor
                .types(
                    "lockbox verify %s.zip --pin $(lockbox tenant show acme --pin)".formatted(id))
                .ok())
        .contains("checked");
  }

  /// Before anybody signs, both pages say that less is promised.
  @Test
  void theApproverReadsWhatCheckedMeans(Demo demo, Chromium chromium) {
    String id = asked(demo, "initech");
    try (var ian = Desktop.open(chromium, demo, Screen.PHONE)) {
      ian.enrol("initech", "initech-approver").signIn("ian@initech.example");
      Page page = ian.go("/requests/" + id);
      assertThat(page.textContent("main")).contains(CHECKED);
      ian.press("Approve…");
      assertThat(page.url()).startsWith("http://approve.localhost:");
      assertThat(page.textContent("main")).contains(CHECKED);
    }
  }

  @Test
  void theOperatorIsToldWhatEachLevelAllowsAndHowAProxyAsks(Demo demo) {
    Terminal operator = demo.terminal("engineer");
    String config = " --config " + demo.state() + "/lockbox.yaml";
    assertThat(operator.types("lockbox resource plan helpdesk-office" + config).ok())
        .contains("read allows:", "refunds.list, asked as refunds.list", "goes on after");
    for (String proxy : new String[] {"nginx", "caddy", "traefik", "envoy"}) {
      assertThat(
              operator
                  .types(
                      "lockbox resource proxy helpdesk-office --for %s --to http://127.0.0.1:8080"
                              .formatted(proxy)
                          + config)
                  .ok())
          .contains("/forward/" + proxy + "/helpdesk-office")
          .doesNotContain("Bearer");
    }
    operator
        .types("lockbox resource proxy helpdesk --for nginx --to http://127.0.0.1:1" + config)
        .ends(2)
        .says("no resource with 'check'");
  }
}
