package org.openlockbox.e2e.portal;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.LoadState;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openlockbox.e2e.harness.Chromium;
import org.openlockbox.e2e.harness.Demo;
import org.openlockbox.e2e.harness.Desktop;
import org.openlockbox.e2e.harness.Desktop.Screen;
import org.openlockbox.e2e.harness.Mail;
import org.openlockbox.e2e.harness.Pause;
import org.openlockbox.e2e.harness.SharedDemo;

/// What stands between a customer and their mail, opens every link in it and runs what it finds
/// there; and pages of others that show ours in a frame. Nothing comes of either.
@Tag("slow")
@ExtendWith({SharedDemo.class, Chromium.Shared.class})
class ScannerTest {
  private static final Pattern LINK = Pattern.compile("http://[a-z.]*localhost:\\d+/[^\\s\"<>]*");
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String CLARK = "clark@planet.example";
  private static final String GUS = "gus@globex.example";

  private static List<String> links(Demo demo) {
    return demo.mails().stream().flatMap(mail -> links(mail).stream()).distinct().toList();
  }

  /// The links of a mail, put together where its lines were broken.
  private static List<String> links(Mail mail) {
    var whole = mail.source().replaceAll("=\r?\n", "").replace("=3D", "=");
    return LINK.matcher(whole).results().map(MatchResult::group).toList();
  }

  private static boolean isLinked(Demo demo, String part) {
    return links(demo).stream().anyMatch(link -> link.contains(part));
  }

  @Test
  void openingEveryLinkOfEveryMailDecidesNothingAndUsesNothingUp(Demo demo, Chromium chromium) {
    demo.terminal("operator")
        .types("lockbox tenant create planet --name 'Planet Ltd' --admin " + CLARK)
        .ends(0);
    String id = demo.ask("globex", "masked", "--for PT30M");
    try (var gus = Desktop.open(chromium, demo, Screen.PHONE);
        var scanner = Desktop.open(chromium, demo, Screen.DESKTOP);
        var clark = Desktop.open(chromium, demo, Screen.PHONE)) {
      var code = gus.askForCode(GUS);
      Pause.until(
          "the mails", PATIENCE, () -> isLinked(demo, id) && isLinked(demo, "/invitation/"));
      for (String link : links(demo)) {
        scanner.page().navigate(link);
        scanner.page().waitForLoadState(LoadState.NETWORKIDLE);
      }
      assertThat(demo.terminal("engineer").types("lockbox request show " + id + " -o json").json())
          .returns("pending", request -> request.text("state"));
      gus.typeCode(code);
      Page invited = clark.followInvitation(CLARK);
      invited.getByLabel("Your name").fill("Clark of Planet");
      invited
          .getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Accept the invitation"))
          .click();
      clark.signIn(CLARK);
    }
  }

  @Test
  void noPageOfOursIsShownInAFrameOfAnothersPage(Demo demo, Chromium chromium) {
    String id = demo.ask("globex", "masked", "--for PT30M");
    int port = demo.port("server");
    try (var gus = Desktop.open(chromium, demo, Screen.DESKTOP)) {
      gus.signIn(GUS);
      for (String page :
          List.of(
              "http://localhost:%d/requests/%s".formatted(port, id),
              "http://localhost:%d/sign-in".formatted(port),
              "http://approve.localhost:%d/sign".formatted(port))) {
        gus.page().navigate("about:blank");
        gus.page().setContent("<iframe src='" + page + "'></iframe>");
        var frame = gus.page().frames().getLast();
        Pause.until("the frame of " + page, PATIENCE, () -> !frame.url().isEmpty());
        frame.waitForLoadState();
        assertThat(frame.url()).as(page).startsWith("chrome-error:");
      }
    }
  }
}
