package org.openlockbox.e2e.harness;

import static java.net.URLEncoder.encode;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.TimeoutError;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.LoadState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.keyring.ApproverKey;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.KeyFile;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.LogOrigin;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.core.testing.Passkey;

/// Somebody of the demo in front of a browser of their own: its cookies, its screen, and an
/// authenticator that verifies its user and holds the passkeys that are enrolled here.
public final class Desktop implements AutoCloseable {
  /// The screens on which everything has to work.
  public enum Screen {
    NARROW(320, 640),
    PHONE(390, 844),
    DESKTOP(1280, 800);

    private final int width;
    private final int height;

    Screen(int width, int height) {
      this.width = width;
      this.height = height;
    }

    /// Gives a page this size.
    public void fit(Page page) {
      page.setViewportSize(width, height);
    }
  }

  private static final Pattern CODE = Pattern.compile("Code:?\\s+(\\d{4}) (\\d{4})");
  private static final Pattern INVITATION =
      Pattern.compile("http://localhost:\\d+(/invitation/[A-Za-z0-9_-]{43})");
  private static final String SEND =
      """
      ([url, fields]) => {
        const form = document.createElement('form');
        form.method = 'post';
        form.action = url;
        for (const [name, value] of new URLSearchParams(fields)) {
          const field = document.createElement('input');
          Object.assign(field, {type: 'hidden', name, value});
          form.append(field);
        }
        document.body.append(form);
        HTMLFormElement.prototype.submit.call(form);
      }
      """;

  /// A page for one use has one of its own, which nobody can send a second time.
  private static final Pattern HANDOVER = Pattern.compile("\\bhandover=[^&]*");

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Demo demo;
  private final BrowserContext context;
  private final Page page;
  private final CDPSession devtools;
  private final String authenticator;
  private final List<String> complaints = new ArrayList<>();
  private final List<String> workers = new ArrayList<>();
  private @Nullable Request shown;
  private String before = "";

  private Desktop(Demo demo, BrowserContext context) {
    this.demo = demo;
    this.context = context;
    this.page = context.newPage();
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error")) {
            complaints.add(message.text());
          }
        });
    page.onRequest(
        request -> {
          if (request.isNavigationRequest() && request.frame().equals(page.mainFrame())) {
            shown = request;
            before = page.url();
          }
        });
    this.devtools = context.newCDPSession(page);
    devtools.send("WebAuthn.enable");
    var options = new JsonObject();
    options.addProperty("protocol", "ctap2");
    options.addProperty("transport", "internal");
    options.addProperty("hasResidentKey", true);
    options.addProperty("hasUserVerification", true);
    options.addProperty("isUserVerified", true);
    options.addProperty("automaticPresenceSimulation", true);
    var add = new JsonObject();
    add.add("options", options);
    this.authenticator =
        devtools.send("WebAuthn.addVirtualAuthenticator", add).get("authenticatorId").getAsString();
  }

  public static Desktop open(Chromium chromium, Demo demo, Screen screen) {
    return open(chromium, demo, screen, "en-GB", ColorScheme.LIGHT);
  }

  public static Desktop open(
      Chromium chromium, Demo demo, Screen screen, String language, ColorScheme scheme) {
    return open(chromium, demo, browser(screen).setLocale(language).setColorScheme(scheme));
  }

  /// A browser that takes the demo's certificates, whose authority it does not know.
  public static Desktop trusting(Chromium chromium, Demo demo, Screen screen) {
    return open(chromium, demo, browser(screen).setLocale("en-GB").setIgnoreHTTPSErrors(true));
  }

  /// A browser that runs no script.
  public static Desktop withoutScript(Chromium chromium, Demo demo, Screen screen) {
    return open(chromium, demo, browser(screen).setLocale("en-GB").setJavaScriptEnabled(false));
  }

  private static Browser.NewContextOptions browser(Screen screen) {
    return new Browser.NewContextOptions()
        .setViewportSize(screen.width, screen.height)
        .setTimezoneId("Europe/Berlin");
  }

  private static Desktop open(Chromium chromium, Demo demo, Browser.NewContextOptions options) {
    var context = chromium.browser().newContext(options);
    context.setDefaultTimeout((double) PATIENCE.toMillis());
    return new Desktop(demo, context);
  }

  public Page page() {
    return page;
  }

  /// What the browser's console complained of: violations of the content security policy, scripts
  /// that failed, files that were not there.
  public List<String> complaints() {
    return List.copyOf(complaints);
  }

  /// Opens a page of the portal.
  public Page go(String path) {
    page.navigate("http://localhost:" + demo.port("server") + path);
    return page;
  }

  /// Signs in with the code that the demo's mail server got.
  public Desktop signIn(String address) {
    demo.forgetSignIns(address);
    return typeCode(askForCode(address));
  }

  /// Asks for a code, and answers the one that the demo's mail server got.
  public String askForCode(String address) {
    go("/sign-in");
    page.getByLabel("E-mail address").fill(address);
    return code(address, () -> page.locator("form button").first().click());
  }

  /// Types a code into the page that asks for it.
  public Desktop typeCode(String code) {
    page.locator("#code").fill(code);
    page.locator("form button").first().click();
    page.waitForURL(url -> !url.contains("/sign-in"));
    return this;
  }

  /// Follows the newest link to an invitation that was mailed to this address.
  public Page followInvitation(String address) {
    Pause.until("an invitation of " + address, PATIENCE, () -> !invitations(address).isEmpty());
    return go(invitations(address).getLast());
  }

  private List<String> invitations(String address) {
    return demo.mails().stream()
        .filter(mail -> mail.to().equals(address))
        .map(mail -> INVITATION.matcher(mail.source().replaceAll("=\r?\n", "")))
        .filter(Matcher::find)
        .map(link -> link.group(1))
        .toList();
  }

  /// The code that is mailed to this address once it was asked for.
  public String code(String address, Runnable asking) {
    long before = codes(address).size();
    asking.run();
    Pause.until("a code for " + address, PATIENCE, () -> codes(address).size() > before);
    return codes(address).getLast();
  }

  /// Presses the button of this name.
  public Desktop press(String button) {
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(button).setExact(true))
        .first()
        .click();
    return this;
  }

  /// Follows the link of this name; some look like buttons.
  public Desktop follow(String link) {
    page.locator("a", new Page.LocatorOptions().setHasText(link)).first().click();
    return this;
  }

  /// Takes the same page to another screen.
  public void turn(Screen screen) {
    screen.fit(page);
  }

  /// Opens the page that is shown here once more, in another language and tab; what was typed or
  /// opened on it is not there. A form that led to it is sent again.
  public Page again(String language) {
    var request = Objects.requireNonNull(shown);
    var tab = context.newPage();
    tab.setViewportSize(page.viewportSize().width, page.viewportSize().height);
    speaks(tab, context.newCDPSession(tab), language);
    var answer =
        request.method().equals("POST") ? sendAgain(tab, request) : tab.navigate(request.url());
    assertThat(answer.status())
        .as("%s, once more", request.url())
        .isEqualTo(Objects.requireNonNull(request.response()).status());
    return tab;
  }

  /// The page with the form is opened as well, where its token was for one use.
  private Response sendAgain(Page tab, Request request) {
    var url = request.url();
    var fields = request.postData();
    if (HANDOVER.matcher(fields).find()) {
      tab.navigate(before);
      var form = "form[action='%s'] [name=handover]".formatted(url);
      var fresh = tab.locator(form).all().iterator();
      fields =
          HANDOVER
              .matcher(fields)
              .replaceAll(old -> "handover=" + encode(fresh.next().inputValue(), UTF_8));
    }
    var sent = List.of(url, fields);
    tab.navigate(Objects.requireNonNull(request.headerValue("origin")) + "/sign-in#sends");
    var answer = tab.waitForResponse(url, () -> tab.evaluate(SEND, sent));
    // a response is there before its page is
    tab.waitForURL(shown -> !shown.endsWith("#sends"));
    return answer;
  }

  /// Asks for pages in this language from now on.
  public void speaks(String language) {
    speaks(page, devtools, language);
  }

  private static void speaks(Page tab, CDPSession devtools, String language) {
    var override = new JsonObject();
    override.addProperty("userAgent", (String) tab.evaluate("navigator.userAgent"));
    override.addProperty("acceptLanguage", language);
    devtools.send("Emulation.setUserAgentOverride", override);
  }

  private List<String> codes(String address) {
    return demo.mails().stream()
        .filter(mail -> mail.to().equals(address))
        .map(mail -> CODE.matcher(mail.source()))
        .filter(Matcher::find)
        .map(code -> code.group(1) + code.group(2))
        .toList();
  }

  /// Puts a passkey for our approve origin into this browser's authenticator, and into the tenant's
  /// keyring by the signature of the approver's key file.
  public Desktop enrol(String tenant, String approver) {
    var passkey =
        Passkey.of(
            "approve.localhost",
            "http://approve.localhost:" + demo.port("server"),
            new SecureRandom());
    try (var api = new Api(demo, approver)) {
      var path = "/v1/tenants/" + tenant;
      var prev = api.get(path + "/keyring").json().hash("prev");
      var origin = new LogOrigin(api.get(path).json().text("origin"));
      var key = new ApproverKey(new SubjectId(approver), "Phone", passkey.key());
      var change =
          new KeyringChange(
              new TenantId(tenant), origin, prev, 1, new KeyringChange.Edit.AddKey(key));
      var envelope =
          Envelope.unsigned(KeyringChange.PAYLOAD_TYPE, change.toJson())
              .signedBy(KeyFile.parse(Files.readString(demo.key(approver + ".key"))))
              .signedBy(passkey);
      var body = Json.object().put("envelope", envelope.toJson()).build();
      assertThat(api.post(path + "/keys", body, Map.of()).status()).isEqualTo(200);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    hold(passkey);
    return this;
  }

  private void hold(Passkey passkey) {
    var credential = new JsonObject();
    credential.addProperty("credentialId", passkey.credentialId().base64());
    credential.addProperty("isResidentCredential", true);
    credential.addProperty("rpId", "approve.localhost");
    credential.addProperty("userHandle", Base64.getEncoder().encodeToString(new byte[] {1}));
    credential.addProperty("signCount", 0);
    credential.addProperty(
        "privateKey",
        passkey
            .pem()
            .replaceAll("(?s).*-----BEGIN PRIVATE KEY-----(.*?)-----END PRIVATE KEY-----.*", "$1")
            .replaceAll("\\s", ""));
    var add = new JsonObject();
    add.addProperty("authenticatorId", authenticator);
    add.add("credential", credential);
    devtools.send("WebAuthn.addCredential", add);
  }

  /// Whether the authenticator's user shows their finger or PIN.
  public void verifiesItsUser(boolean verified) {
    var set = new JsonObject();
    set.addProperty("authenticatorId", authenticator);
    set.addProperty("isUserVerified", verified);
    devtools.send("WebAuthn.setUserVerified", set);
  }

  /// Lets the portal show notifications.
  public void allowsNotifications() {
    context.grantPermissions(
        List.of("notifications"),
        new BrowserContext.GrantPermissionsOptions()
            .setOrigin("http://localhost:" + demo.port("server")));
  }

  /// Gives the portal's service worker a push message, as this browser's push service would once it
  /// is decrypted.
  public void getsPush(String message) {
    var push = new JsonObject();
    push.addProperty("origin", "http://localhost:" + demo.port("server"));
    push.addProperty("registrationId", serviceWorker());
    push.addProperty("data", message);
    devtools.send("ServiceWorker.deliverPushMessage", push);
  }

  /// The browser names its registrations once, when it is asked to tell of them.
  private String serviceWorker() {
    if (workers.isEmpty()) {
      devtools.on(
          "ServiceWorker.workerRegistrationUpdated",
          event ->
              event
                  .getAsJsonArray("registrations")
                  .forEach(
                      one ->
                          workers.add(one.getAsJsonObject().get("registrationId").getAsString())));
      devtools.send("ServiceWorker.enable");
      page.waitForCondition(() -> !workers.isEmpty());
    }
    return workers.getLast();
  }

  /// How many bytes come over the wire for this page and all it needs, with nothing kept before.
  public long bytesOf(String path) {
    var bytes = new AtomicLong();
    devtools.send("Network.enable");
    devtools.send("Network.clearBrowserCache");
    devtools.on(
        "Network.loadingFinished",
        event -> bytes.addAndGet(event.get("encodedDataLength").getAsLong()));
    // the stream of a live page goes on
    go(path).waitForLoadState(path.endsWith("/live") ? LoadState.LOAD : LoadState.NETWORKIDLE);
    devtools.send("Network.disable");
    return bytes.get();
  }

  /// A picture of the whole page, in `e2e/target/screens`.
  public Path picture(String name) {
    return picture(page, name);
  }

  /// The same of another tab. On a busy machine Chromium now and then never answers the first time:
  /// it is asked once more.
  public static Path picture(Page page, String name) {
    Path file = Distribution.home().resolve("e2e/target/screens/" + name + ".png");
    var whole = new Page.ScreenshotOptions().setPath(file).setFullPage(true);
    try {
      page.screenshot(whole.setTimeout(20_000));
    } catch (TimeoutError once) {
      page.screenshot(whole.setTimeout(60_000));
    }
    return file;
  }

  @Override
  public void close() {
    context.close();
  }
}
