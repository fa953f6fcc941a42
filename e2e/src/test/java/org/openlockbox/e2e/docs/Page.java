package org.openlockbox.e2e.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.openlockbox.e2e.harness.Distribution;

/// One page of the documentation: what a reader would type from it, and where its links lead.
record Page(Path file, String text) {
  private static final Pattern TYPED = Pattern.compile("(?ms)^```sh\\n(.*?)^```$");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");

  static Page of(String name) {
    Path file = Distribution.home().resolve(name);
    try {
      return new Page(file, Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Every page in the clone's top directory and under `docs`.
  static List<Page> all() {
    Path home = Distribution.home();
    try (Stream<Path> top = Files.list(home);
        Stream<Path> docs = Files.walk(home.resolve("docs"))) {
      return Stream.concat(top, docs)
          .filter(file -> file.toString().endsWith(".md"))
          .map(file -> of(home.relativize(file).toString()))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The `sh` blocks in order.
  List<String> blocks() {
    return TYPED.matcher(text).results().map(match -> match.group(1)).toList();
  }

  /// The targets of links that lead to a file of the clone, without their `#` part.
  List<Path> linked() {
    return LINK.matcher(text)
        .results()
        .map(match -> match.group(1).replaceFirst("#.*", ""))
        .filter(target -> !target.isEmpty() && !target.contains(":"))
        .map(target -> file.resolveSibling(target).normalize())
        .toList();
  }
}
