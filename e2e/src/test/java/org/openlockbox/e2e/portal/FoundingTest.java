package org.openlockbox.e2e.portal;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Objects;
import java.util.Properties;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openlockbox.e2e.harness.Chromium;
import org.openlockbox.e2e.harness.Demo;
import org.openlockbox.e2e.harness.Desktop;
import org.openlockbox.e2e.harness.Desktop.Screen;
import org.openlockbox.e2e.harness.Distribution;
import org.openlockbox.e2e.harness.SharedDemo;

/// A new tenant on a phone: invited, with a passkey, founded, and practised.
@ExtendWith({SharedDemo.class, Chromium.Shared.class})
class FoundingTest {
  /// A device that makes only keys that nothing here can verify (WebAuthn Level 3, 5.1.3).
  private static final String MAKES_RSA_KEYS =
      """
      () => {
        const none = new DOMException("none of these", "NotSupportedError");
        navigator.credentials.create = () => Promise.reject(none);
      }
      """;

  /// What is pressed and read on the way, in one language.
  private record Words(String language, Properties messages) {
    static Words of(String language) {
      var file =
          Distribution.home()
              .resolve(
                  "portal/src/main/resources/portal/messages_%s.properties".formatted(language));
      var messages = new Properties();
      try (var in = Files.newBufferedReader(file)) {
        messages.load(in);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return new Words(language, messages);
    }

    String say(String id) {
      return Objects.requireNonNull(messages.getProperty(id), id);
    }
  }

  private static void click(Page page, String button) {
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(button).setExact(true))
        .click();
  }

  @Test
  void aTenantBeginsOnAPhoneWithAnInvitationAndAPasskey(Demo demo, Chromium chromium) {
    begins(demo, chromium, "wayne", Words.of("en"));
  }

  @Test
  @Tag("long")
  void inGermanToo(Demo demo, Chromium chromium) {
    begins(demo, chromium, "stark", Words.of("de"));
  }

  private static void begins(Demo demo, Chromium chromium, String tenant, Words words) {
    String address = "bruce@%s.example".formatted(tenant);
    demo.terminal("operator")
        .types("lockbox tenant create %s --name 'New Ltd' --admin %s".formatted(tenant, address))
        .ends(0);
    try (var bruce = Desktop.open(chromium, demo, Screen.PHONE);
        var look = Look.in(bruce, words.language())) {
      bruce.speaks(words.language());
      Page page = bruce.followInvitation(address);
      look.at("invitation");
      page.getByLabel(words.say("invitation.name")).fill("Bruce of the tenant");
      click(page, words.say("invitation.take"));
      page.waitForURL("**/sign-in?**");
      assertThat(page.inputValue("#address")).isEqualTo(address);
      bruce.speaks("en");
      bruce.signIn(address);
      bruce.speaks(words.language());
      page.reload();
      bruce.follow(words.say("inbox.unfounded.next"));
      makePasskey(bruce, look, words);
      page.locator("main").getByText(words.say("founding.draft")).waitFor();
      look.at("founding");
      click(page, words.say("founding.draft"));
      click(page, words.say("proposal.sign"));
      look.at("founding-sign");
      click(page, words.say("sign.button"));
      page.locator(".pin").waitFor();
      look.at("founded-new");
      String pin = page.textContent(".pin").strip();
      assertThat(
              demo.terminal("operator")
                  .types("lockbox tenant show %s --pin".formatted(tenant))
                  .ok()
                  .strip())
          .isEqualTo(pin);
      practise(bruce, look, words);
      assertThat(bruce.complaints()).isEmpty();
    }
  }

  private static void makePasskey(Desktop bruce, Look look, Words words) {
    Page page = bruce.page();
    page.getByLabel(words.say("keys.make.name")).fill("Bruce's phone");
    click(page, words.say("keys.make"));
    look.at("enrol");
    page.evaluate(MAKES_RSA_KEYS);
    click(page, words.say("enrol.button"));
    page.getByText(words.say("enrol.rsa")).waitFor();
    page.evaluate("delete navigator.credentials.create");
    bruce.verifiesItsUser(false);
    click(page, words.say("enrol.button"));
    page.getByText(words.say("enrol.failed")).waitFor();
    bruce.verifiesItsUser(true);
    click(page, words.say("enrol.button"));
    page.waitForURL("**/founding");
    assertThat(page.textContent("main")).contains("Bruce's phone", words.say("keys.bound"));
  }

  private static void practise(Desktop bruce, Look look, Words words) {
    Page page = bruce.follow(words.say("practice.title")).page();
    click(page, words.say("decide.approve"));
    click(page, words.say("sign.button"));
    page.getByText(words.say("practice.done.lead")).waitFor();
    look.afterAnAct("practised");
  }
}
