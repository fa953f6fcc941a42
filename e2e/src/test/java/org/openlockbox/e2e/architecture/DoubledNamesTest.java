package org.openlockbox.e2e.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.e2e.architecture.ArchitectureTest.PRODUCT;

import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A simple type name, also of a nested type, stands in one package only, so that a reader who sees
/// it knows what it is. `doubled-names.txt` lists those that stood in several when the rule began.
/// The list can only become shorter.
@Tag("guard")
class DoubledNamesTest {
  private static Set<String> doubled() {
    return PRODUCT.stream()
        .filter(type -> !type.isAnonymousClass() && !type.isArray())
        .map(DoubledNamesTest::simple)
        .filter(named -> named.matches("[A-Z]\\w*/.*"))
        .collect(Collectors.toCollection(TreeSet::new))
        .stream()
        .collect(Collectors.groupingBy(named -> named.substring(0, named.indexOf('/'))))
        .entrySet()
        .stream()
        .filter(name -> name.getValue().size() > 1)
        .map(name -> name.getKey())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String simple(JavaClass type) {
    return type.getSimpleName() + "/" + type.getPackageName();
  }

  private static List<String> listed() throws IOException {
    try (var file = DoubledNamesTest.class.getResourceAsStream("doubled-names.txt")) {
      return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .toList();
    }
  }

  @Test
  void aTypeNameStandsInOnePackageOnly() throws IOException {
    var listed = listed();
    assertThat(listed).isSorted().doesNotHaveDuplicates();
    assertThat(doubled())
        .as("another package has a type with this name already: choose one that says more")
        .isSubsetOf(listed);
    assertThat(listed)
        .as("no longer in several packages: take it out of doubled-names.txt")
        .isSubsetOf(doubled());
  }
}
