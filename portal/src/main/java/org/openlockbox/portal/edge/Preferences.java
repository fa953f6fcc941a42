package org.openlockbox.portal.edge;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// How somebody wants pages to look in this browser: the colours, and the language. Empty follows
/// the browser. It is no secret and decides nothing, so it is a cookie of its own.
public record Preferences(Optional<Theme> theme, Optional<Locale> language) {
  static final String COOKIE = "lockbox-look";
  static final Preferences NONE = new Preferences(Optional.empty(), Optional.empty());

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
  public static Preferences of(String theme, String language) {
    return new Preferences(
        Theme.of(theme),
        Messages.LANGUAGES.stream()
            .filter(one -> one.toLanguageTag().equals(language))
            .findFirst());
  }

  static Preferences parse(String cookie) {
    int dot = cookie.indexOf('.');
    return dot < 0 ? NONE : of(cookie.substring(0, dot), cookie.substring(dot + 1));
  }

  String cookie() {
    return theme.map(Theme::word).orElse("") + "." + languageTag();
  }

  public String languageTag() {
    return language.map(Locale::toLanguageTag).orElse("");
  }
}
