package org.openlockbox.portal.edge;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.openlockbox.core.canonical.Bytes;

/// Style sheet, script and mark, served by us under a name that holds their hash: they may be kept
/// for ever, and a new release asks for new ones.
public final class Assets {
  private static final String PICO =
      "/META-INF/resources/webjars/picocss__pico/2.1.1/css/pico.min.css";
  private static final int HASH_LENGTH = 16;

  private final Map<String, Asset> byPath;
  private final Map<String, String> pathByName;

  /// One file, as it is and compressed.
  record Asset(String name, String path, String type, Bytes plain, Bytes compressed) {}

  Assets() {
    var all =
        Stream.of(
                asset("pico.css", "text/css", PICO),
                asset("lockbox.css", "text/css", "/portal/lockbox.css"),
                asset("lockbox.js", "text/javascript", "/portal/lockbox.js"),
                asset("ask.js", "text/javascript", "/portal/ask.js"),
                asset("check.js", "text/javascript", "/portal/check.js"),
                asset("live.js", "text/javascript", "/portal/live.js"),
                asset("sign.js", "text/javascript", "/portal/sign.js"),
                asset("mark.svg", "image/svg+xml", "/portal/mark.svg"))
            .toList();
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

  private static Asset asset(String name, String type, String resource) {
    try (InputStream in =
        Objects.requireNonNull(Assets.class.getResourceAsStream(resource), resource)) {
      var plain = Bytes.of(in.readAllBytes());
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
