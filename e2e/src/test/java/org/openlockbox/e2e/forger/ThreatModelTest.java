package org.openlockbox.e2e.forger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openlockbox.e2e.harness.Distribution;

/// Each row of docs/threat-model.md but the false histories names a test that there is, and each of
/// the twelve threats has a row.
@Tag("guard")
class ThreatModelTest {
  private static final Pattern NAMED = Pattern.compile("`(\\w+Test)(?:#(\\w+))?`");

  private static final Pattern HEADS = Pattern.compile("\\| (?:somebody tries to|threat) \\|");
  private static final Pattern THREAT = Pattern.compile("\\| T\\d+ ");

  @Test
  void theNamedTestsExist() throws IOException {
    Path home = Distribution.home();
    var sources = sources(home);
    var page = Files.readString(home.resolve("docs/threat-model.md"));
    var rows =
        page.substring(page.indexOf("## Other ways"))
            .lines()
            .filter(line -> line.startsWith("| ") && !HEADS.matcher(line).lookingAt())
            .toList();
    assertThat(rows).hasSizeGreaterThan(15);
    assertThat(rows.stream().map(THREAT::matcher).filter(Matcher::lookingAt).map(Matcher::group))
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, 13).mapToObj("| T%d "::formatted).toList());
    for (var row : rows) {
      var named = NAMED.matcher(row).results().toList();
      assertThat(named).as(row).isNotEmpty();
      for (var test : named) {
        assertThat(sources).as(row).containsKey(test.group(1));
        if (test.group(2) != null) {
          assertThat(sources.get(test.group(1))).contains("  void " + test.group(2) + "(");
        }
      }
    }
  }

  private static Map<String, String> sources(Path home) throws IOException {
    var sources = new HashMap<String, String>();
    try (Stream<Path> modules = Files.list(home)) {
      for (Path tests :
          modules.map(module -> module.resolve("src/test/java")).filter(Files::exists).toList()) {
        try (Stream<Path> files = Files.walk(tests)) {
          for (Path file : files.filter(f -> f.toString().endsWith("Test.java")).toList()) {
            String name = file.getFileName().toString().replace(".java", "");
            sources.put(name, Files.readString(file));
          }
        }
      }
    }
    return sources;
  }
}
