package org.openlockbox.portal.signing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.portal.PortalFixture;
import org.openlockbox.portal.TestBrowser;
import org.openlockbox.portal.TestBrowser.Page;

/// A token that was given for one thing opens the page of no other, and what was drafted on one
/// page is sent to no other, whatever passkey signs it.
final class CrossedTokensTest {
  private static final PortalFixture PORTAL = new PortalFixture();
  private static final TestBrowser ANN = PORTAL.browser().as("ann@acme.example");

  /// The pages of the approve origin, each with what its form says.
  private static final Map<String, Map<String, String>> DOORS = doors();

  @AfterAll
  static void close() {
    PORTAL.close();
  }

  private static Map<String, Map<String, String>> doors() {
    var doors = new LinkedHashMap<String, Map<String, String>>();
    doors.put("/sign", Map.of("decision", "deny", "reason", "too_much"));
    doors.put("/sign/proposal", Map.of());
    doors.put("/sign/passkey", Map.of("name", "Phone"));
    doors.put("/sign/practice", Map.of("decision", "approve"));
    doors.put("/sign/ticket", Map.of("ticket", "SUP-1", "length", "PT1H"));
    doors.put("/sign/founding", Map.of());
    doors.put("/sign/connect", Map.of());
    doors.put("/sign/engineer", Map.of("name", "Phone"));
    return doors;
  }

  /// A new token for this door, from the page of the portal that leads there.
  private static String token(String door) {
    var from =
        switch (door) {
          case "/sign" -> PortalFixture.page(PORTAL.acme.ask("helpdesk"));
          case "/sign/proposal" -> ANN.post("/access", Map.of("access", "off")).header("Location");
          case "/sign/passkey" -> "/keys";
          case "/sign/practice" -> "/practice";
          case "/sign/ticket" -> "/tickets";
          default -> throw new AssertionError(door);
        };
    return ANN.get(from).field("handover");
  }

  /// Those to which an approver is led.
  private static final List<String> OWN =
      List.of("/sign", "/sign/proposal", "/sign/passkey", "/sign/practice", "/sign/ticket");

  private static Page enter(String door, String token) {
    var fields = new TreeMap<>(DOORS.get(door));
    fields.put("handover", token);
    return ANN.approve(door, fields, TestBrowser.PORTAL);
  }

  @Test
  void aTokenOpensItsOwnPageAlone() {
    for (var own : OWN) {
      var token = token(own);
      for (var door : DOORS.keySet()) {
        if (!door.equals(own)) {
          assertThat(enter(door, token).status()).as(own + " at " + door).isIn(403, 404, 409);
        }
      }
      assertThat(enter(own, token).status()).as(own).isEqualTo(200);
    }
  }

  @Test
  void aDraftIsSentWhereItWasDrafted() {
    int size = PORTAL.acme.verifiedLog().size();
    for (var own : OWN) {
      for (var door : DOORS.keySet()) {
        if (!door.equals(own)) {
          var fields = PortalFixture.signed(enter(own, token(own)), PORTAL.passkey);
          var sent = ANN.approve(door + "/send", fields, TestBrowser.APPROVE);
          assertThat(sent.status()).as(own + " to " + door).isIn(403, 404, 409, 422);
        }
      }
    }
    assertThat(PORTAL.acme.verifiedLog().subList(size, PORTAL.acme.verifiedLog().size()))
        .allMatch(entry -> entry.type().word().equals("request"));
  }
}
