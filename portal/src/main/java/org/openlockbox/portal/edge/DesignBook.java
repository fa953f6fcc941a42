package org.openlockbox.portal.edge;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Every component of the pages in each of its states, on one page. The demo serves it; a real
/// portal has no such page. It reads nothing of any tenant.
public final class DesignBook {
  private static final Instant NOON = Instant.parse("2026-12-01T12:00:00Z");

  private final Assets assets = new Assets();
  private final Pages pages = new Pages();

  /// One file of the book.
  public record DesignFile(String type, String text) {}

  /// The page, or what it is drawn with; `dark` or `light` in the query chooses its colours.
  public Optional<DesignFile> find(String path, String query) {
    if (path.equals("/design")) {
      var theme = Preferences.Theme.of(query).map(Preferences.Theme::word).orElse("");
      return Optional.of(new DesignFile("text/html", page(Preferences.of(theme, "", true))));
    }
    return assets.find(path).map(file -> new DesignFile(file.type(), file.plain().utf8()));
  }

  private String page(Preferences preferences) {
    var frame =
        new PageContext(
            Messages.in(Locale.ENGLISH),
            ZoneOffset.UTC,
            NOON,
            Optional.empty(),
            false,
            "",
            assets,
            "lockbox",
            "/design",
            PageShell.bare(preferences));
    var states =
        List.of(
            "pending",
            "approved",
            "completed",
            "expired",
            "denied",
            "revoked",
            "lapsed",
            "withdrawn",
            "removalFailed");
    return new String(
        pages.html("design", Map.of("frame", frame, "states", states)), StandardCharsets.UTF_8);
  }
}
