package org.openlockbox.e2e.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// One word per concept. The words in bold in the last column of GLOSSARY.md are used nowhere.
@Tag("guard")
class GlossaryTest {
  private static final Path HOME = Path.of(System.getProperty("lockbox.home", ".."));
  private static final Pattern BOLD = Pattern.compile("\\*\\*([^*]+)\\*\\*");
  private static final Pattern INSIDE_A_NAME = Pattern.compile("(?<=[a-z])(?=[A-Z])|_");

  /// Hashes, keys and signatures of examples.
  private static final Pattern ENCODED = Pattern.compile("[A-Za-z0-9+/=]{40,}");

  private static final Pattern READ = Pattern.compile(".*\\.(java|sql|ya?ml|json|html|md)");

  @Test
  void noBannedSynonymIsUsed() throws IOException {
    var banned = banned();
    assertThat(banned).hasSizeGreaterThan(10);
    var anyOfThem =
        Pattern.compile("\\b(" + String.join("|", banned) + ")s?\\b", Pattern.CASE_INSENSITIVE);
    var used = new ArrayList<String>();
    for (Path file : texts()) {
      var words = ENCODED.matcher(Files.readString(file)).replaceAll(" ");
      words = INSIDE_A_NAME.matcher(words).replaceAll(" ");
      anyOfThem.matcher(words).results().forEach(m -> used.add(file + ": " + m.group()));
    }
    assertThat(used).isEmpty();
  }

  private static List<String> banned() throws IOException {
    try (var lines = Files.lines(HOME.resolve("GLOSSARY.md"))) {
      return lines
          .filter(line -> line.startsWith("|"))
          .map(line -> line.substring(line.lastIndexOf('|', line.length() - 2)))
          .flatMap(cell -> BOLD.matcher(cell).results())
          .map(match -> Pattern.quote(match.group(1)))
          .toList();
    }
  }

  /// The sources of the product and the documents, without the glossary and what was measured.
  private static List<Path> texts() throws IOException {
    var all = new ArrayList<Path>();
    try (var top = Files.list(HOME)) {
      for (Path path : top.toList()) {
        if (Files.isDirectory(path.resolve("src/main"))) {
          all.addAll(under(path.resolve("src/main")));
        } else if (Files.isRegularFile(path) && !path.endsWith("GLOSSARY.md")) {
          all.add(path);
        }
      }
    }
    all.addAll(under(HOME.resolve("docs")));
    all.removeIf(path -> !READ.matcher(path.toString()).matches());
    return all;
  }

  private static List<Path> under(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
