package org.openlockbox.portal.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.signing.KeyFile;
import org.openlockbox.portal.PortalFixture;
import org.openlockbox.portal.TestBrowser;
import org.openlockbox.portal.TestBrowser.Page;

/// Whose data an engineer asks for, where the provider has thousands of customers: the page does
/// not grow with them.
final class CustomerChoiceTest {
  private static final PortalFixture PORTAL = new PortalFixture();
  private static final TestBrowser EVE = PORTAL.browser().as("eve@vendor.example");

  @BeforeAll
  static void many() {
    PORTAL.server.execute(
        """
        insert into tenant (id, name, origin, pin, slot, head_secret, log_keys, created_at)
        select 'c' || n, 'Customer ' || n, 'log.example/t/c' || n, repeat('0', 64), 100 + n,
               sha256(n::text::bytea), sha256('keys'), now()
          from generate_series(1, 3000) as n
        """);
  }

  @AfterAll
  static void close() {
    PORTAL.close();
  }

  private static Page asked(String tenant, String action) {
    var fields = new TreeMap<String, String>();
    fields.put("once", EVE.get("/ask").field("once"));
    fields.put("do", action);
    fields.put("tenant", tenant);
    fields.put("resource", "helpdesk");
    fields.put("level", "masked");
    fields.put("duration", "PT30M");
    fields.put("purpose", "customer_ticket");
    fields.put("reason", "Nobody can log in");
    fields.put("key", KeyFile.format(PORTAL.acme.engineerKey.key()));
    return EVE.post("/ask", fields);
  }

  @Test
  void aNameIsTypedAndThePageStaysSmall() {
    PORTAL.acme.ask("helpdesk");
    var form = EVE.get("/ask").text();
    assertThat(form.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(40_000);
    assertThat(form)
        .contains("<input id=\"tenant\" name=\"tenant\"", "list=\"customers\"")
        .as("whom she asked lately completes what she types")
        .contains("<option value=\"acme\">")
        .doesNotContain("Customer 17");
  }

  @Test
  void oneIsMeantByItsNameOrItsShortName() {
    for (var typed : new String[] {"acme", "ACME", " acme "}) {
      var preview = asked(typed, "preview");
      assertThat(preview.text())
          .as(typed)
          .contains("What the customer will see", "<option value=\"acme\" selected>");
    }
    assertThat(asked("acme", "send").status()).isEqualTo(303);
  }

  @Test
  void whatMatchesSeveralIsOfferedBesideTheField() {
    var several = asked("ustomer 299", "send");
    assertThat(several.status()).isEqualTo(422);
    assertThat(several.text())
        .contains("Several customers match. Choose one of them", "Nobody can log in")
        .contains(">Another customer<", "<option value=\"c2990\">Customer 2990</option>")
        .doesNotContain("Customer 17<");
    assertThat(asked("ustomer 2999", "preview").text())
        .contains("<option value=\"c2999\">Customer 2999</option>");
  }

  @Test
  void whatMatchesNobodyStaysInTheField() {
    var none = asked("<b>nobody", "send");
    assertThat(none.status()).isEqualTo(422);
    assertThat(none.text())
        .contains("No customer has this name or short name", "value=\"&lt;b>nobody\"");
    assertThat(asked("", "send").text()).contains("Choose whose data you need");
    assertThat(EVE.post("/ask", Map.of("tenant", "%", "do", "send")).text())
        .contains("No customer has this name or short name");
  }
}
