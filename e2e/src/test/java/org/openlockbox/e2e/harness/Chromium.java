package org.openlockbox.e2e.harness;

import static org.assertj.core.api.Assertions.fail;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// Debian's Chromium, driven by Playwright; one for the whole JVM. The driver is `playwright-core`
/// of npm, run by the system's node, so no browser is downloaded. Where one of them is missing, the
/// tests that need it are skipped, and fail with `CI=true`.
public final class Chromium implements AutoCloseable {
  private static final List<String> QUIET =
      List.of(
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync");

  private final Playwright playwright;
  private final Browser browser;

  private Chromium(Playwright playwright, Browser browser) {
    this.playwright = playwright;
    this.browser = browser;
  }

  private static Chromium start() {
    Path chromium = need(program("chromium"), "chromium");
    Path node = need(program("node"), "node");
    Path driver = Distribution.home().resolve("e2e/target/npm/node_modules/playwright-core");
    need(driver, "npm's playwright-core in e2e/target/npm (build/test.sh fetches it)");
    System.setProperty("playwright.cli.dir", directory(driver, node).toString());
    var playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    var options = new BrowserType.LaunchOptions().setExecutablePath(chromium).setArgs(QUIET);
    return new Chromium(playwright, playwright.chromium().launch(options));
  }

  private static Path program(String name) {
    return List.of(System.getenv().getOrDefault("PATH", "").split(":", -1)).stream()
        .map(directory -> Path.of(directory, name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElse(Path.of(name));
  }

  private static Path need(Path path, String what) {
    if (!Files.exists(path)) {
      if ("true".equals(System.getenv("CI"))) {
        fail("not here, and CI=true: " + what);
      }
      Assumptions.abort("not here: " + what);
    }
    return path;
  }

  /// The shape in which Playwright looks for its driver: `package/` and a `node` beside it.
  private static Path directory(Path driver, Path node) {
    try {
      Path directory = Distribution.scratch().resolve("playwright");
      Files.createDirectories(directory);
      link(directory.resolve("package"), driver);
      link(directory.resolve("node"), node);
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void link(Path from, Path to) throws IOException {
    Files.deleteIfExists(from);
    Files.createSymbolicLink(from, to.toAbsolutePath());
  }

  Browser browser() {
    return browser;
  }

  /// A browser that knows nobody. The authority of the demo's certificates is none that it knows.
  public BrowserContext stranger() {
    return browser.newContext(new Browser.NewContextOptions().setIgnoreHTTPSErrors(true));
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }

  /// Gives tests the one Chromium of this JVM, as [SharedDemo] gives them its demo:
  /// `@ExtendWith(Chromium.Shared.class)` and a parameter.
  public static final class Shared implements ParameterResolver {
    private static @Nullable Chromium only;

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == Chromium.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return only();
    }

    private static synchronized Chromium only() {
      if (only == null) {
        var started = start();
        Runtime.getRuntime().addShutdownHook(new Thread(started::close));
        only = started;
      }
      return only;
    }
  }
}
