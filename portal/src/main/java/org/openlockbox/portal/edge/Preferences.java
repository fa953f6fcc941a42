package org.openlockbox.portal.edge;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// How somebody wants pages in this browser: the colours, the language, and whether single keys do
/// something. Empty follows the browser. It is no secret and decides nothing, so it is a cookie of
/// its own.
public record Preferences(Optional<Theme> theme, Optional<Locale> language, boolean shortcuts) {
  static final String COOKIE = "lockbox-look";
  static final Preferences NONE = new Preferences(Optional.empty(), Optional.empty(), true);

  private static final String NO_SHORTCUTS = "nokeys";

  /// The colours that somebody chose.
  public enum Theme {
    LIGHT,
    DARK;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Theme> of(String word) {
      return Arrays.stream(values()).filter(theme -> theme.word().equals(word)).findFirst();
    }
  }

  /// What a form or a cookie says; what is not known counts as empty.
  public static Preferences of(String theme, String language, boolean shortcuts) {
    return new Preferences(
        Theme.of(theme),
        Messages.LANGUAGES.stream().filter(one -> one.toLanguageTag().equals(language)).findFirst(),
        shortcuts);
  }

  static Preferences parse(String cookie) {
    var parts = List.of(cookie.split("\\.", -1));
    return parts.size() < 2
        ? NONE
        : of(parts.get(0), parts.get(1), parts.size() < 3 || !parts.get(2).equals(NO_SHORTCUTS));
  }

  String cookie() {
    var look = theme.map(Theme::word).orElse("") + "." + languageTag();
    return shortcuts ? look : look + "." + NO_SHORTCUTS;
  }

  public String languageTag() {
    return language.map(Locale::toLanguageTag).orElse("");
  }
}
