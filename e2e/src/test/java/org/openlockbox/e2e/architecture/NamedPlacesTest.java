package org.openlockbox.e2e.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// ARCHITECTURE.md and GLOSSARY.md name types and places that there are, so that a reader who looks
/// for one finds it. A place is a package below `org.openlockbox`, with a type or without, or a
/// path.
@Tag("guard")
class NamedPlacesTest {
  private static final Path HOME = Path.of(System.getProperty("lockbox.home", ".."));
  private static final Pattern FENCED = Pattern.compile("(?ms)^```.*?^```$");
  private static final Pattern TYPE = Pattern.compile("`([A-Z][a-z]\\w*)(?:\\.\\w+)?`");
  private static final Pattern PLACE = Pattern.compile("`([a-z][a-z-]*/[\\w/.-]*\\w)/?`");
  private static final Pattern DECLARED =
      Pattern.compile("\\b(?:class|record|enum|interface) ([A-Z]\\w*)");

  private static String page(String name) throws IOException {
    return FENCED.matcher(Files.readString(HOME.resolve(name))).replaceAll("");
  }

  private static Collection<Path> sources(String module) {
    try (Stream<Path> files = Files.walk(HOME.resolve(module).resolve("src"))) {
      return files.filter(file -> file.toString().endsWith(".java")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Set<String> declared() throws IOException {
    var types = new HashSet<String>();
    for (String module : ModuleGraph.of(HOME).modules().keySet()) {
      for (Path source : sources(module)) {
        DECLARED
            .matcher(Files.readString(source))
            .results()
            .forEach(match -> types.add(match.group(1)));
      }
    }
    return types;
  }

  @Test
  void eachNamedTypeIsThere() throws IOException {
    var named = new TreeSet<String>();
    for (String page : List.of("ARCHITECTURE.md", "GLOSSARY.md")) {
      TYPE.matcher(page(page)).results().forEach(match -> named.add(match.group(1)));
    }
    assertThat(named).hasSizeGreaterThan(100);
    named.removeAll(declared());
    assertThat(named).as("type names of ARCHITECTURE.md and GLOSSARY.md").isEmpty();
  }

  @Test
  void eachNamedPlaceIsThere() throws IOException {
    var missing = new TreeSet<String>();
    var places = PLACE.matcher(page("ARCHITECTURE.md")).results().toList();
    assertThat(places).hasSizeGreaterThan(15);
    var modules = ModuleGraph.of(HOME).modules().keySet();
    for (var place : places) {
      String path = place.group(1);
      if (!Files.exists(HOME.resolve(path)) && modules.stream().noneMatch(m -> isIn(m, path))) {
        missing.add(path);
      }
    }
    assertThat(missing).as("places that ARCHITECTURE.md names").isEmpty();
  }

  private static boolean isIn(String module, String path) {
    Path root = HOME.resolve(module).resolve("src/main/java/org/openlockbox");
    return Files.exists(root.resolve(path)) || Files.exists(root.resolve(path + ".java"));
  }
}
