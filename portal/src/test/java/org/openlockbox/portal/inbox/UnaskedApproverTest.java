package org.openlockbox.portal.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.policy.CelConditions;
import org.openlockbox.policy.PolicyText;
import org.openlockbox.portal.PortalFixture;
import org.openlockbox.portal.TestBrowser;

/// An approver whom none of very many requests asks: a page looks at some of them, not at all.
final class UnaskedApproverTest {
  private static final PortalFixture PORTAL = new PortalFixture();
  private static final TestBrowser ANN = PORTAL.browser().as("ann@acme.example");

  @BeforeAll
  static void many() {
    var policy =
        """
        rules: [{id: all, says: All., ask: {approvers: legal}}]
        groups: {legal: [acme-bob]}
        """;
    var read = (PolicyText.Read.Good) new PolicyText(new CelConditions()).read(policy);
    PORTAL.acme.change(new KeyringChange.Edit.ReplacePolicy(read.policy()));
    PORTAL.copies(PortalFixture.id(PORTAL.acme.ask("helpdesk")), 0, 1_100, "");
  }

  @AfterAll
  static void close() {
    PORTAL.close();
  }

  @Test
  void aPageSaysThatMoreWaitAndTheNextOneThatNoneAsks() {
    var page = ANN.get("/inbox").text();
    assertThat(page).contains("<title>Requests", "No request up to here waits for you.");
    var next = page.substring(page.indexOf("/inbox?list=waiting"));
    var last = ANN.get(next.substring(0, next.indexOf('"')).replace("&amp;", "&")).text();
    assertThat(last).contains("No request is waiting for you.").doesNotContain("up to here");
  }
}
