package org.openlockbox.portal.edge;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.openlockbox.core.canonical.Bytes;

/// Style sheet, icons, scripts and mark, served by us under a name that holds their hash: they may
/// be kept for ever, and a new release asks for new ones.
public final class Assets {
  /// The style sheet's parts, in the order in which they override each other.
  private static final List<String> STYLES = List.of("tokens", "base", "shell", "parts", "pages");

  /// The parts of the script that every page has; none needs another.
  private static final List<String> SCRIPTS =
      List.of("comforts", "renewal", "keep", "shortcuts", "palette");

  private static final String PNG = "image/png";
  private static final int HASH_LENGTH = 16;

  private final Map<String, Asset> byPath;
  private final Map<String, String> pathByName;

  /// One file, as it is and compressed.
  record Asset(String name, String path, String type, Bytes plain, Bytes compressed) {}

  Assets() {
    var all =
        Stream.of(
                joined("lockbox.css", "text/css", "/portal/css/", STYLES, ".css"),
                asset("icons.svg", "image/svg+xml", "/portal/icons.svg"),
                joined("lockbox.js", "text/javascript", "/portal/js/", SCRIPTS, ".js"),
                asset("ask.js", "text/javascript", "/portal/js/ask.js"),
                asset("connect.js", "text/javascript", "/portal/js/connect.js"),
                asset("check.js", "text/javascript", "/portal/js/check.js"),
                asset("further.js", "text/javascript", "/portal/js/further.js"),
                asset("live.js", "text/javascript", "/portal/js/live.js"),
                asset("sign.js", "text/javascript", "/portal/js/sign.js"),
                asset("push.js", "text/javascript", "/portal/js/push.js"),
                asset("mark.svg", "image/svg+xml", "/portal/mark.svg"),
                asset("icon-192.png", PNG, "/portal/app/icon-192.png"),
                asset("icon-512.png", PNG, "/portal/app/icon-512.png"),
                asset("icon-maskable-512.png", PNG, "/portal/app/icon-maskable-512.png"),
                asset("icon-apple-180.png", PNG, "/portal/app/icon-apple-180.png"))
            .toList();
    var paths = all.stream().collect(Collectors.toMap(Asset::name, Asset::path));
    all = Stream.concat(all.stream(), Stream.of(manifest(paths))).toList();
    byPath = all.stream().collect(Collectors.toMap(Asset::path, asset -> asset));
    pathByName = all.stream().collect(Collectors.toMap(Asset::name, Asset::path));
  }

  /// The address of the file with this name.
  public String path(String name) {
    return Objects.requireNonNull(pathByName.get(name), name);
  }

  Optional<Asset> find(String path) {
    return Optional.ofNullable(byPath.get(path));
  }

  /// What makes the portal a program of its own on a phone. It names the icons by their hashes.
  private static Asset manifest(Map<String, String> paths) {
    var text = text("/portal/app/manifest.json");
    for (var path : paths.entrySet()) {
      text = text.replace("\"" + path.getKey() + "\"", "\"" + path.getValue() + "\"");
    }
    return asset("app.webmanifest", "application/manifest+json", Bytes.ofUtf8(text));
  }

  static String text(String resource) {
    return new String(resource(resource), StandardCharsets.UTF_8);
  }

  private static Asset joined(
      String name, String type, String directory, List<String> files, String ending) {
    var all = new ByteArrayOutputStream();
    files.forEach(part -> all.writeBytes(resource(directory + part + ending)));
    return asset(name, type, Bytes.of(all.toByteArray()));
  }

  private static Asset asset(String name, String type, String resource) {
    return asset(name, type, Bytes.of(resource(resource)));
  }

  private static byte[] resource(String name) {
    try (InputStream in = Objects.requireNonNull(Assets.class.getResourceAsStream(name), name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Asset asset(String name, String type, Bytes plain) {
    try {
      var hash = plain.sha256().hex().substring(0, HASH_LENGTH);
      int dot = name.lastIndexOf('.');
      var path = "/assets/%s.%s%s".formatted(name.substring(0, dot), hash, name.substring(dot));
      return new Asset(name, path, type, plain, compressed(plain));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Bytes compressed(Bytes plain) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(plain.toArray());
    }
    return Bytes.of(out.toByteArray());
  }
}
