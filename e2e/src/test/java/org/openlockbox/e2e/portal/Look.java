package org.openlockbox.e2e.portal;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.openlockbox.e2e.harness.Desktop;
import org.openlockbox.e2e.harness.Desktop.Screen;
import org.openlockbox.e2e.harness.Distribution;

/// How pages look at somebody's desktop: on each screen nothing lies beyond the right edge, and axe
/// finds nothing, in light and in dark. A long run takes pictures. [#close] tells everything that
/// was wrong, at once.
final class Look implements AutoCloseable {
  /// What axe finds, by all of its rules but one. What scrolls is reached by the keyboard in
  /// today's browsers without more; that rule of axe does not know it.
  private static final String FOUND =
      """
      async () => {
        const rules = {'scrollable-region-focusable': {enabled: false}};
        return (await axe.run({rules, resultTypes: ['violations']})).violations
            .map(one => one.id + ': ' + one.nodes.map(node => node.html).join(' | '));
      }
      """;

  private static final String WIDE =
      """
      () => {
        const {scrollWidth, clientWidth} = document.documentElement;
        const page = scrollWidth > clientWidth + 1 ? ['the page: ' + scrollWidth] : [];
        return page.concat([...document.querySelectorAll('main *')]
            .filter(one => one.getBoundingClientRect().right > innerWidth + 1)
            .filter(one => !one.closest('.wide, .pills'))
            .map(one => one.outerHTML.slice(0, 200)));
      }
      """;

  /// What a reader sees is words: no place of a message that nobody filled, no name of a class, no
  /// bare state of SQL.
  private static final String RAW =
      """
      () => [...(document.title + ' ' + document.body.innerText)
          .matchAll(/.{0,40}(\\{\\d|\\b(?:java|org)\\.\\w+\\.|Exception\\b|SQLSTATE).{0,40}/g)]
          .map(one => 'raw: ' + one[0])
      """;

  /// Names of people, roles and pages are read whole.
  private static final String CUT =
      """
      () => [...document.querySelectorAll('header.side .name, header.side small, header.side .nav span')]
          .filter(one => !one.closest('.visually-hidden') && one.offsetParent && one.clientWidth > 0)
          .filter(one => one.scrollWidth > one.clientWidth + 1)
          .map(one => 'cut: ' + one.textContent)
      """;

  /// Every page in every look, and a picture of each; else each page in one language light and in
  /// the other dark.
  private static final boolean ALL = Boolean.getBoolean("lockbox.long");

  /// Colours on their way from one theme to the other are no contrast.
  private static Page.EmulateMediaOptions in(ColorScheme scheme) {
    return new Page.EmulateMediaOptions()
        .setColorScheme(scheme)
        .setReducedMotion(ReducedMotion.REDUCE);
  }

  private final Desktop desktop;
  private final String language;
  private final String axe;
  private final List<String> wrong = new ArrayList<>();

  Look(Desktop desktop) {
    this(desktop, "en");
  }

  private Look(Desktop desktop, String language) {
    this.desktop = desktop;
    this.language = language;
    try {
      this.axe =
          Files.readString(
              Distribution.home().resolve("e2e/target/npm/node_modules/axe-core/axe.min.js"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Of a walk that is made in this language.
  static Look in(Desktop desktop, String language) {
    return new Look(desktop, language);
  }

  /// Looks at the page that is open, in both themes, and leaves it on the phone.
  Look at(String name) {
    afterAnAct(name);
    if (ALL && language.equals("en")) {
      german(name);
    }
    return this;
  }

  /// The same of a page that cannot be opened twice; it is seen in German by a walk in German.
  Look afterAnAct(String name) {
    see(
        language.equals("en") ? name : name + "-" + language,
        List.of(ColorScheme.DARK, ColorScheme.LIGHT));
    return this;
  }

  private void german(String name) {
    try (var tab = desktop.again("de")) {
      tab.evaluate(axe);
      for (var scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
        tab.emulateMedia(in(scheme));
        for (var screen : List.of(Screen.DESKTOP, Screen.PHONE)) {
          screen.fit(tab);
          var words = "%s-de-%s-%s".formatted(name, screen, scheme).toLowerCase(Locale.ROOT);
          note(tab, words, WIDE);
          note(tab, words, CUT);
          note(tab, words, RAW);
          Desktop.picture(tab, words);
        }
        note(tab, name + "-de " + scheme, FOUND);
      }
    }
  }

  /// Opens this page in German, in the dark, and in English, in the light; in a long run both in
  /// both.
  Look at(String name, String path) {
    open(path, "de");
    see(
        name + "-de",
        ALL ? List.of(ColorScheme.LIGHT, ColorScheme.DARK) : List.of(ColorScheme.DARK));
    open(path, "en");
    see(name, ALL ? List.of(ColorScheme.DARK, ColorScheme.LIGHT) : List.of(ColorScheme.LIGHT));
    return this;
  }

  private void open(String path, String language) {
    desktop.speaks(language);
    desktop.go(path);
    assertThat(desktop.page().getAttribute("html", "lang")).isEqualTo(language);
  }

  private void see(String name, List<ColorScheme> schemes) {
    desktop.page().evaluate(axe);
    for (var scheme : schemes) {
      desktop.page().emulateMedia(in(scheme));
      for (var screen : List.of(Screen.DESKTOP, Screen.NARROW, Screen.PHONE)) {
        desktop.turn(screen);
        var words = "%s-%s-%s".formatted(name, screen, scheme).toLowerCase(Locale.ROOT);
        note(words, WIDE);
        note(words, CUT);
        if (ALL && screen != Screen.NARROW) {
          desktop.picture(words);
        }
      }
      note(name + " " + scheme, FOUND);
      note(name + " " + scheme, RAW);
    }
  }

  private void note(String where, String script) {
    note(desktop.page(), where, script);
  }

  private void note(Page page, String where, String script) {
    for (var one : (List<?>) page.evaluate(script)) {
      wrong.add(where + ": " + one);
    }
  }

  @Override
  public void close() {
    assertThat(wrong).isEmpty();
  }
}
