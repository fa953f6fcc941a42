package org.openlockbox.e2e.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// ARCHITECTURE.md shows the modules that there are, in its picture and in its table.
@Tag("guard")
class ModulesTest {
  private static final Path HOME = Path.of(System.getProperty("lockbox.home", ".."));

  @Test
  void thePictureOfTheModulesIsOfThisBuild() throws IOException {
    assertThat(Files.readString(HOME.resolve(ModulePicture.FILE)))
        .as("out of date: run build/modules.sh")
        .isEqualTo(ModulePicture.of(HOME));
  }

  @Test
  void eachModuleSaysWhatItIsInItsPomAndInTheTable() throws IOException {
    String page = Files.readString(HOME.resolve("ARCHITECTURE.md"));
    for (var module : ModuleGraph.of(HOME).modules().values()) {
      assertThat(module.description())
          .as("<description> of %s/pom.xml", module.name())
          .isNotEmpty();
      assertThat(page).as("the table of modules").contains("\n| `%s` |".formatted(module.name()));
    }
  }
}
