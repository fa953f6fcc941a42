package org.openlockbox.e2e.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// docs/attack-cases.md and the tests say the same: no case is left out, each names a test that is
/// there or says why there is none.
@Tag("guard")
class AttackCasesTest {
  private static final Path HOME = Path.of(System.getProperty("lockbox.home", ".."));
  private static final Path TABLES = HOME.resolve("gateway-postgres/src/test/resources/attacks");
  private static final int CASES = 176;
  private static final Set<Integer> UNUSED =
      Set.of(14, 21, 25, 58, 59, 60, 70, 78, 137, 140, 151, 164);
  private static final Pattern ROW = Pattern.compile("\\| PG-(\\d{3}) \\|.*\\| ([^|]+) \\|");
  private static final Pattern REFERENCE = Pattern.compile("`([A-Za-z]+)(?:\\.([A-Za-z0-9]+))?`");
  private static final Pattern ID = Pattern.compile("PG-(\\d{3})");
  private static final Pattern FOUND = Pattern.compile("(?m)^\\| ([SO]\\d+) \\|.*\\| ([^|]+) \\|$");
  private static final Pattern REASON = Pattern.compile("does not apply: .{40,}");

  private static String page() throws IOException {
    return Files.readString(HOME.resolve("docs/attack-cases.md"));
  }

  /// The last cell of each case's row.
  private static Map<Integer, String> tests() throws IOException {
    return ROW.matcher(page())
        .results()
        .collect(Collectors.toMap(m -> Integer.valueOf(m.group(1)), m -> m.group(2)));
  }

  @Test
  void noCaseIsLeftOut() throws IOException {
    Set<Integer> wanted = IntStream.rangeClosed(1, CASES).boxed().collect(Collectors.toSet());
    wanted.removeAll(UNUSED);
    assertThat(tests().keySet()).containsExactlyInAnyOrderElementsOf(wanted);
  }

  @Test
  void eachNamesATestThatIsThereOrAReason() throws IOException {
    Map<String, String> sources = sources();
    List<String> missing = new ArrayList<>();
    for (var test : tests().entrySet()) {
      String id = "PG-%03d".formatted(test.getKey());
      var references = REFERENCE.matcher(test.getValue()).results().toList();
      if (references.isEmpty() && !REASON.matcher(test.getValue()).matches()) {
        missing.add(id + " names neither a test nor a reason");
      }
      for (var reference : references) {
        if (!isThere(sources, id, reference.group(1), reference.group(2))) {
          missing.add(id + ": there is no " + reference.group());
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  private static boolean isThere(Map<String, String> sources, String id, String name, String member)
      throws IOException {
    if ("csv".equals(member)) {
      Path table = TABLES.resolve(name + ".csv");
      return Files.exists(table)
          && Files.readAllLines(table).stream().anyMatch(line -> line.startsWith(id + " "));
    }
    String source = sources.getOrDefault(name, "");
    return source.contains(member == null ? "\"" + id + " " : " void " + member + "(");
  }

  @Test
  void eachFindingOfTheReviewNamesATestThatIsThere() throws IOException {
    Map<String, String> sources = sources();
    for (var row : FOUND.matcher(page()).results().toList()) {
      var references = REFERENCE.matcher(row.group(2)).results().toList();
      assertThat(references).as(row.group(1)).isNotEmpty();
      for (var reference : references) {
        assertThat(isThere(sources, row.group(1), reference.group(1), reference.group(2)))
            .as("%s: %s", row.group(1), reference.group())
            .isTrue();
      }
    }
  }

  @Test
  void eachNumberInATableOfAttacksIsACase() throws IOException {
    Map<Integer, String> tests = tests();
    Set<String> unknown = new TreeSet<>();
    try (var tables = Files.list(TABLES)) {
      for (Path table : tables.toList()) {
        ID.matcher(Files.readString(table))
            .results()
            .filter(id -> !names(tests, id.group(1), table.getFileName().toString()))
            .forEach(id -> unknown.add(id.group() + " of " + table.getFileName()));
      }
    }
    assertThat(unknown).isEmpty();
  }

  private static boolean names(Map<Integer, String> tests, String number, String table) {
    return tests.getOrDefault(Integer.valueOf(number), "").contains("`" + table + "`");
  }

  @Test
  void whatOthersGotWrongNamesTestsThatAreThere() throws IOException {
    Map<String, String> sources = sources();
    String others = page().substring(page().indexOf("## What others got wrong"));
    assertThat(REFERENCE.matcher(others).results().filter(r -> r.group(2) != null))
        .isNotEmpty()
        .allMatch(r -> sources.getOrDefault(r.group(1), "").contains(" void " + r.group(2) + "("));
  }

  @Test
  void eachCaseOfHttpNamesATestThatIsThere() throws IOException {
    Map<String, String> sources = sources();
    String page = Files.readString(HOME.resolve("docs/http-attack-cases.md"));
    assertThat(REFERENCE.matcher(page).results().filter(r -> r.group(2) != null))
        .isNotEmpty()
        .allMatch(r -> sources.getOrDefault(r.group(1), "").contains(" void " + r.group(2) + "("));
  }

  /// The test sources of all modules by the name of their class, which two modules may share.
  private static Map<String, String> sources() throws IOException {
    Map<String, String> sources = new HashMap<>();
    try (var modules = Files.list(HOME)) {
      for (Path module : modules.toList()) {
        Path tests = module.resolve("src/test/java");
        if (Files.isDirectory(tests)) {
          addSources(tests, sources);
        }
      }
    }
    return sources;
  }

  private static void addSources(Path tests, Map<String, String> sources) throws IOException {
    try (var files = Files.walk(tests)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        String name = file.getFileName().toString();
        sources.merge(name.substring(0, name.length() - 5), Files.readString(file), String::concat);
      }
    }
  }
}
