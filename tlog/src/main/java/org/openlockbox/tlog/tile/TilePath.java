package org.openlockbox.tlog.tile;

import java.util.Locale;
import java.util.regex.Pattern;

/// Address of one tile or entry bundle in a log (C2SP tlog-tiles, "Merkle Tree" and "Log Entries"):
/// `tile/<L>/<N>[.p/<W>]` or `tile/entries/<N>[.p/<W>]`. `N` is written in groups of three digits,
/// all but the last with an `x` before them. `format(parse(x))` equals `x`.
public record TilePath(int level, long n, int width) {
  /// The level of entry bundles, which have no number of their own.
  public static final int ENTRIES = -1;

  private static final int MAX_LEVEL = 63;
  private static final int MAX_LENGTH = 100;
  private static final Pattern SHAPE =
      Pattern.compile(
          "tile/(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/)*[0-9]{3})(?:\\.p/([1-9][0-9]{0,2}))?");

  public TilePath {
    if (level < ENTRIES || level > MAX_LEVEL) {
      throw new IllegalArgumentException("no tile level " + level);
    }
    if (n < 0) {
      throw new IllegalArgumentException("no tile number " + n);
    }
    if (width < 1 || width > TileNodes.WIDTH) {
      throw new IllegalArgumentException("a tile holds 1 to 256 hashes, not " + width);
    }
  }

  /// Number of hashes that tile `n` at `level` has in a tree of `size` leaves (0 to 256); for
  /// [#ENTRIES] the number of entries.
  public static int width(int level, long n, long size) {
    int shift = level == ENTRIES ? 0 : level * TileNodes.HEIGHT;
    long atLevel = shift > 62 ? 0 : size >> shift;
    long before = n > Long.MAX_VALUE / TileNodes.WIDTH ? Long.MAX_VALUE : n * TileNodes.WIDTH;
    return Math.clamp(atLevel - before, 0, TileNodes.WIDTH);
  }

  public boolean isEntries() {
    return level == ENTRIES;
  }

  public boolean isPartial() {
    return width < TileNodes.WIDTH;
  }

  /// The same digits on every machine: `%d` follows the reader's language.
  private static String threeDigits(long number) {
    return String.format(Locale.ROOT, "%03d", number);
  }

  public String format() {
    var path = new StringBuilder();
    path.append(threeDigits(n % 1000));
    for (long rest = n / 1000; rest > 0; rest /= 1000) {
      path.insert(0, "x" + threeDigits(rest % 1000) + "/");
    }
    path.insert(0, "tile/" + (isEntries() ? "entries" : level) + "/");
    if (isPartial()) {
      path.append(".p/").append(width);
    }
    return path.toString();
  }

  /// Refuses everything that [#format] would write differently.
  public static TilePath parse(String path) {
    var match = SHAPE.matcher(path);
    if (path.length() > MAX_LENGTH || !match.matches()) {
      throw new IllegalArgumentException("not a tile path: " + shown(path));
    }
    int level = match.group(1).equals("entries") ? ENTRIES : Integer.parseInt(match.group(1));
    var digits = match.group(2).replace("x", "").replace("/", "");
    var width = match.group(3);
    var parsed =
        new TilePath(
            level, number(digits), width == null ? TileNodes.WIDTH : Integer.parseInt(width));
    if (!parsed.format().equals(path)) {
      throw new IllegalArgumentException("not the shortest form of a tile path: " + shown(path));
    }
    return parsed;
  }

  private static long number(String digits) {
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("tile number too large: " + digits, e);
    }
  }

  private static String shown(String path) {
    return path.length() <= MAX_LENGTH ? path : path.substring(0, MAX_LENGTH) + "…";
  }
}
