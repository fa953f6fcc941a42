package org.openlockbox.portal.notify;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a browser calls itself, in two words, for its owner to know it by. It decides nothing.
final class BrowserName {
  private record Mark(String in, String name) {}

  /// The first that fits: most browsers also claim to be an older one.
  private static final List<Mark> BROWSERS =
      List.of(
          new Mark("Firefox/", "Firefox"),
          new Mark("FxiOS/", "Firefox"),
          new Mark("Edg", "Edge"),
          new Mark("SamsungBrowser/", "Samsung Internet"),
          new Mark("Chrome/", "Chrome"),
          new Mark("CriOS/", "Chrome"),
          new Mark("Safari/", "Safari"));

  private static final List<Mark> SYSTEMS =
      List.of(
          new Mark("Android", "Android"),
          new Mark("iPhone", "iPhone"),
          new Mark("iPad", "iPad"),
          new Mark("Windows", "Windows"),
          new Mark("Mac OS X", "Mac"),
          new Mark("CrOS", "ChromeOS"),
          new Mark("Linux", "Linux"));

  private BrowserName() {}

  static String of(@Nullable String userAgent) {
    var agent = Objects.requireNonNullElse(userAgent, "");
    return first(BROWSERS, agent, "Browser") + ", " + first(SYSTEMS, agent, "?");
  }

  private static String first(List<Mark> marks, String agent, String otherwise) {
    return marks.stream()
        .filter(mark -> agent.contains(mark.in))
        .map(Mark::name)
        .findFirst()
        .orElse(otherwise);
  }
}
