package org.openlockbox.e2e.portal;

import static com.microsoft.playwright.options.WaitForSelectorState.DETACHED;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import java.time.Duration;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openlockbox.e2e.harness.Chromium;
import org.openlockbox.e2e.harness.Demo;
import org.openlockbox.e2e.harness.Desktop;
import org.openlockbox.e2e.harness.Desktop.Screen;
import org.openlockbox.e2e.harness.Pause;
import org.openlockbox.e2e.harness.SharedDemo;

/// What an auditor and whoever keeps the policy come for, counted in touches, and how the pages
/// look on the way ([Look]).
@Tag("slow")
@ExtendWith({SharedDemo.class, Chromium.Shared.class})
class AuditorTest {
  private static final Pattern ISO = Pattern.compile("PT\\d|\\bP\\d+D\\b");

  /// Someone in front of a page, whose touches are counted.
  private static final class Hand {
    private final Desktop desktop;
    private int touches;

    private Hand(Desktop desktop) {
      this.desktop = desktop;
    }

    private Locator touch(Locator what) {
      touches++;
      return what;
    }

    private void follow(String link) {
      touches++;
      desktop.follow(link);
    }

    private void press(String button) {
      touches++;
      desktop.press(button);
    }

    private void type(String field, String text) {
      touch(field(desktop, field)).fill(text);
    }

    private void choose(String field, String value) {
      touch(field(desktop, field)).selectOption(value);
    }
  }

  /// The field of this name.
  private static Locator field(Desktop desktop, String name) {
    return desktop.page().locator("main [name='" + name + "']").first();
  }

  @Test
  void whoNamedACustomerInAMonthIsFoundInFiveTouches(Demo demo, Chromium chromium) {
    String id = demo.askAndApprove("acme", "masked", "--for PT30M");
    demo.terminal("engineer")
        .types("lockbox psql " + id + " -- -c 'select name from customers where id = 4711'");
    try (var aud = Desktop.open(chromium, demo, Screen.DESKTOP);
        var look = new Look(aud)) {
      aud.signIn("ada@acme.example");
      var hand = new Hand(aud);
      hand.follow("Audit log");
      hand.type("value", "4711");
      hand.choose("month", YearMonth.now(ZoneOffset.UTC).toString());
      hand.press("Search");
      assertThat(aud.page().textContent("main tbody")).contains("Erin Engineer", id);
      hand.follow("1 operation names it");
      assertThat(aud.page().textContent("main .steps")).contains("where id = 4711");
      assertThat(hand.touches).isEqualTo(5);
      look.at("record-found");
      look.at("audit-found", "/audit?value=4711").at("audit-fault", "/audit?from=x&level=read");
      aud.turn(Screen.DESKTOP);
      aud.go("/audit?value=4711").getByText("Save this view").click();
      field(aud, "name").fill("Customer 4711");
      aud.press("Save");
      aud.go("/audit");
      aud.follow("Customer 4711");
      assertThat(aud.page().url()).endsWith("/audit?value=4711");
      look.at("figures-auditor", "/figures?months=24");
    }
  }

  @Test
  void aLongSearchGoesOnByItselfAndKeepsWhatItFound(Demo demo, Chromium chromium) {
    String id = demo.askAndApprove("globex", "masked", "--for PT30M");
    demo.terminal("engineer")
        .types(
            "(echo 'select 471108;'; seq 1 1200 | sed 's/.*/select &;/'; echo 'select 471109;')"
                + " | lockbox psql "
                + id
                + " -- -q -o /dev/null")
        .ends(0);
    try (var gus = Desktop.open(chromium, demo, Screen.PHONE)) {
      var page = gus.signIn("gus@globex.example").go("/audit?value=471109");
      page.locator("main tbody a[href='/requests/" + id + "']").waitFor();
      page.locator("#further").waitFor(new Locator.WaitForOptions().setState(DETACHED));
      assertThat(page.textContent("#counted"))
          .matches("Requests found: 1\\. Operations searched: 1,2\\d\\d\\.");
      assertThat(gus.complaints()).isEmpty();
    }
  }

  @Test
  void aRuleIsWrittenWithoutYamlOrIsoDurations(Demo demo, Chromium chromium) {
    try (var ann = Desktop.open(chromium, demo, Screen.PHONE);
        var look = new Look(ann)) {
      ann.signIn("abe@acme.example").go("/policy");
      var hand = new Hand(ann);
      hand.follow("Rules in a form");
      hand.press("Add a rule");
      hand.choose("rules[0].match.level.atMost", "masked");
      hand.type("rules[0].match.duration.atMost", "1 hour");
      hand.touch(ann.page().getByLabel("One of yours has signed for the ticket")).check();
      hand.touch(ann.page().getByLabel("Approve automatically, with at most:")).check();
      look.at("policy-rule");
      hand.touch(ann.page().locator(".pair button[value='look']")).click();
      var said = ann.page().innerText("main"); // what is folded is the draft itself
      assertThat(said)
          .contains(
              "Requests for at most Masked, lasting at most 1 hour, with a ticket that you signed")
          .doesNotContainPattern(ISO);
      assertThat(hand.touches).isEqualTo(7);
      look.at("policy-look");
      assertThat(ann.complaints()).isEmpty();
    }
  }

  @Test
  void whoWatchesSeesToolsFoldedAndWhatWasBlockedAlone(Demo demo, Chromium chromium) {
    String id = demo.askAndApprove("acme", "masked", "--for PT30M");
    try (var aud = Desktop.open(chromium, demo, Screen.PHONE)) {
      aud.signIn("ada@acme.example").go("/requests/" + id + "/live");
      aud.page().getByText("You see each operation as it is recorded.").waitFor();
      looksAndWrites(demo, id);
      var list = aud.page().locator("#live");
      list.getByText("update customers set name = null").first().waitFor();
      list.getByText(Pattern.compile("\\d statements of a tool: structure and settings")).waitFor();
      assertThat(list.locator(".fold .step").first().isVisible()).isFalse();
      list.locator(".fold summary").first().click();
      assertThat(list.locator(".fold .step").first().isVisible()).isTrue();
      assertThat(aud.page().locator(".only [data-count*=blocked]").textContent()).matches("[1-9]");
      aud.page().getByRole(AriaRole.RADIO).nth(2).check();
      assertThat(list.getByText("select count(*) from customers").isVisible()).isFalse();
      assertThat(list.getByText("update customers set name = null").first().isVisible()).isTrue();
      aud.page().getByRole(AriaRole.RADIO).first().check();
      list.getByText("Session closed").first().waitFor();
      var grown = figures(aud);
      assertThat(grown).startsWith("operations=").doesNotContain("operations=0", "blocked=0");
      aud.page().reload();
      assertThat(figures(aud)).as("counted by the server").isEqualTo(grown);
      assertThat(aud.complaints()).isEmpty();
    }
  }

  /// What the tiles say of the access that is watched.
  private static String figures(Desktop watching) {
    return watching.page().locator("#figures :is(dd, span)[data-figure]").all().stream()
        .map(one -> one.getAttribute("data-figure") + "=" + one.textContent())
        .collect(Collectors.joining(" "));
  }

  /// Once more if the session was lost, which psql says by 2: a busy machine may end it.
  private static void looksAndWrites(Demo demo, String id) {
    String line =
        "lockbox psql "
            + id
            + " -- -c 'select count(*) from customers' -c '\\d customers'"
            + " -c 'update customers set name = null'";
    Pause.until(
        "psql keeps its session",
        Duration.ofMinutes(3),
        () -> demo.terminal("engineer").types(line).exit() != 2);
  }
}
