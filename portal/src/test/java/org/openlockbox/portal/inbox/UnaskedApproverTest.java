package org.openlockbox.portal.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
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
  private static final Pattern ID = Pattern.compile("R-[0-9A-Z]{10}(?=\")");
  private static final Pattern NEXT = Pattern.compile("rel=\"next\" href=\"([^\"]*)\"");
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

  /// Several are denied from the same requests, and the same is said.
  @Test
  void whoDeniesSeveralIsToldTheSame() {
    var page = ANN.get("/deny").text();
    assertThat(page).contains("No request up to here waits for you.");
    var next = page.substring(page.indexOf("/deny?after="));
    var last = ANN.get(next.substring(0, next.indexOf('"')).replace("&amp;", "&")).text();
    assertThat(last).contains("No request is waiting for you.").doesNotContain("up to here");
  }

  /// Of what waits for others a page shows 25, and the next one goes on from there.
  @Test
  void whatWaitsForOthersIsOnThePagesOnce() {
    var seen = new ArrayList<String>();
    var next = Optional.of("/inbox?list=others&after=2020-01-01T00:00:00Z_R-0000000000");
    while (next.isPresent()) {
      var page = ANN.get(next.get()).text();
      var ids = ID.matcher(page.substring(page.indexOf("<main"))).results();
      var shown = ids.map(MatchResult::group).distinct().toList();
      assertThat(shown).hasSizeLessThanOrEqualTo(25);
      seen.addAll(shown);
      next = NEXT.matcher(page).results().map(one -> one.group(1).replace("&amp;", "&")).findAny();
    }
    assertThat(seen).hasSize(1_101).doesNotHaveDuplicates();
  }
}
