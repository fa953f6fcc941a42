package org.openlockbox.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openlockbox.e2e.harness.Answer;
import org.openlockbox.e2e.harness.Demo;
import org.openlockbox.e2e.harness.SharedDemo;
import org.openlockbox.e2e.harness.Terminal;

/// The helpdesk's API through the gateway, with curl as `lockbox connect` prints it.
@ExtendWith(SharedDemo.class)
class HttpTest {
  @Test
  void whatWasApprovedIsAskedWithCurlUntilItIsRevoked(Demo demo) {
    Terminal engineer = demo.terminal("engineer");
    String id = demo.askService("read");
    engineer.types("lockbox connect " + id + " curl").ends(5);
    demo.terminal("acme-approver")
        .types("lockbox approve " + id + " --key acme-approver.key")
        .ends(0);
    String curl = engineer.types("lockbox connect " + id + " curl").ok().strip();
    assertThat(curl)
        .startsWith("curl ")
        .contains("/v1/tenants/acme/tickets")
        .doesNotContain("Bearer");
    assertThat(engineer.types(curl + " --silent --show-error").ok()).contains("\"tickets\":[{");
    Answer foreign =
        engineer.types(curl.replace("/acme/", "/globex/") + " --silent --write-out '%{http_code}'");
    assertThat(foreign.ok()).contains("another customer's").endsWith("404");
    Answer change =
        engineer.types(curl.replace("tickets'", "tickets/1'") + " --silent -X PATCH -d x");
    assertThat(change.ok()).contains("needs the level write");
    demo.terminal("acme-approver")
        .types("lockbox revoke " + id + " --key acme-approver.key")
        .ends(0);
    Answer after = engineer.types(curl + " --silent --write-out '%{http_code}'");
    assertThat(after.out()).doesNotContain("\"tickets\"");
    recordHolds(demo, id);
  }

  /// The customer reads each request in its log, and the log verifies.
  private static void recordHolds(Demo demo, String id) {
    Terminal auditor = demo.terminal("acme-auditor");
    auditor.types("lockbox evidence %s --out %s.zip".formatted(id, id)).ends(0);
    auditor
        .types("lockbox verify %s.zip --pin $(lockbox tenant show acme --pin)".formatted(id))
        .ends(0);
  }

  @Test
  void theGuideListsWhatTheLevelAllows(Demo demo) {
    Terminal engineer = demo.terminal("engineer");
    String id = demo.askServiceAndApprove("read");
    assertThat(engineer.types("lockbox connect " + id).ok())
        .contains("tickets.list", "tickets.show", "curl ")
        .doesNotContain("tickets.update");
    engineer.types("lockbox psql " + id).ends(2).says("is no database", "lockbox connect " + id);
    engineer.types("lockbox connect " + id + " jdbc").ends(2).says("is no database");
    engineer
        .types(
            "eval \"$(lockbox connect "
                + id
                + " env)\"; curl --silent --cacert \"$LOCKBOX_CA\""
                + " -H \"@$LOCKBOX_HEADER_FILE\" \"$LOCKBOX_URL/v1/tenants/acme/tickets/1\"")
        .ends(0);
  }

  @Test
  void atMaskedNoNameAndNoSubjectIsShown(Demo demo) {
    Terminal engineer = demo.terminal("engineer");
    String id = demo.askServiceAndApprove("masked");
    String curl = engineer.types("lockbox connect " + id + " curl").ok().strip();
    assertThat(engineer.types(curl + " --silent --show-error").ok())
        .contains("\"status\":", "\"subject\":\"[redacted]\"", "***@***")
        .doesNotContain("\"name\"", "\"tenant\"", ".example\"");
    Answer missing = engineer.types(curl.replace("tickets'", "tickets/999999999'") + " --silent");
    assertThat(missing.ok()).contains("\"code\":\"service\"").doesNotContain("no such ticket");
  }

  /// The service itself refuses what comes without the gateway.
  @Test
  void theServiceAnswersNobodyWithoutAnAssertion(Demo demo) {
    Terminal operator = demo.terminal("engineer");
    String state = demo.state().toString();
    String config = " helpdesk-api --config " + state + "/lockbox.yaml";
    assertThat(operator.types("lockbox resource check" + config).ok())
        .contains(
            "helpdesk-api of acme", "no assertion: 401", "helpdesk-api refuses what it must.");
    assertThat(operator.types("lockbox resource plan" + config).ok())
        .contains(
            "masked opens:",
            "tickets.*.requester.email: email",
            "each of tickets.* is a row of the budget",
            "answers that are not held against 'tenant': tickets.events, console");
    String direct =
        "curl --silent --write-out '%{http_code}' http://127.0.0.1:$(sed -n s/^api=//p "
            + state
            + "/ports.properties)/v1/tenants/acme/tickets";
    assertThat(operator.types(direct).ok()).endsWith("401").doesNotContain("subject");
    assertThat(operator.types(direct + " -H 'X-Lockbox-Assertion: a.b.c'").ok()).endsWith("401");
  }

  /// New tickets come as events, and end with the access.
  @Test
  void newTicketsComeAsEventsUntilItIsRevoked(Demo demo) {
    Terminal engineer = demo.terminal("engineer");
    String id = demo.askServiceAndApprove("read");
    String curl = engineer.types("lockbox connect " + id + " curl").ok().strip();
    String events = curl.replace("tickets'", "ticket-events'") + " --silent --no-buffer";
    engineer.types("(" + events + " > events.txt; echo $? > ended.txt) & echo begun").ok();
    engineer.types("until grep -q 'tickets after' events.txt; do sleep 0.2; done").ok();
    demo.terminal("acme-approver")
        .types("lockbox revoke " + id + " --key acme-approver.key")
        .ends(0);
    assertThat(engineer.types("until [ -s ended.txt ]; do sleep 0.2; done; cat ended.txt").ok())
        .as("curl says that the answer was cut")
        .doesNotStartWith("0");
    recordHolds(demo, id);
  }

  @Test
  void atWriteATicketIsChanged(Demo demo) {
    Terminal engineer = demo.terminal("engineer");
    String id = demo.askServiceAndApprove("write");
    String curl = engineer.types("lockbox connect " + id + " curl").ok().strip();
    String first = engineer.types(curl + " --silent").ok();
    String ticket = first.replaceAll("(?s).*?\"id\":([0-9]+).*", "$1");
    String patch =
        curl.replace("tickets'", "tickets/" + ticket + "'")
            + " --silent -X PATCH -H 'Content-Type: application/json' -d '{\"status\":\"waiting\"}'";
    assertThat(engineer.types(patch).ok()).contains("\"status\":\"waiting\"");
  }
}
