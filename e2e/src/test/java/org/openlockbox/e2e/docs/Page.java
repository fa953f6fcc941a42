package org.openlockbox.e2e.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.openlockbox.e2e.harness.Distribution;

/// One page of the documentation: what a reader would type from it, and where its links lead.
record Page(String name, String text) {
  private static final Pattern FENCED =
      Pattern.compile(
          "(?ms)(?:^<!-- ([^\\n]*) -->\\n)?^```(\\w*)\\n(.*?)^```$"
              + "(?:\\n\\n?(?:[^\\n`]*:\\n\\n)?```text\\n(.*?)^```$)?");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");

  static Page of(String name) {
    try {
      return new Page(name, Files.readString(Distribution.home().resolve(name)));
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

  /// The fenced blocks in order, each with what the page shows as its output.
  List<Block> blocks() {
    var blocks = new ArrayList<Block>();
    var fences = FENCED.matcher(text);
    while (fences.find()) {
      int line = (int) text.substring(0, fences.start(3)).lines().count();
      blocks.add(
          new Block(
              name,
              line,
              fences.group(2),
              orEmpty(fences.group(1)),
              fences.group(3),
              orEmpty(fences.group(4))));
    }
    return List.copyOf(blocks);
  }

  private static String orEmpty(@org.jspecify.annotations.Nullable String group) {
    return group == null ? "" : group;
  }

  /// How many lines begin or end a fence.
  long fences() {
    return text.lines().filter(line -> line.startsWith("```")).count();
  }

  /// The targets of links that lead to a file of the clone, without their `#` part.
  List<Path> linked() {
    Path file = Distribution.home().resolve(name);
    return LINK.matcher(text)
        .results()
        .map(match -> match.group(1).replaceFirst("#.*", ""))
        .filter(target -> !target.isEmpty() && !target.contains(":"))
        .map(target -> file.resolveSibling(target).normalize())
        .toList();
  }
}
