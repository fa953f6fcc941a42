package org.openlockbox.portal.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What every page needs whatever it shows.
final class PageContextTest {
  private static PageContext typing(String program) {
    return new PageContext(
        Messages.in(Locale.ENGLISH),
        ZoneOffset.UTC,
        Instant.EPOCH,
        Optional.empty(),
        false,
        "",
        new Assets(),
        program,
        "/",
        PageShell.bare(Preferences.NONE));
  }

  @Test
  void aCommandBeginsWithWhatPeopleTypeHere() {
    var demo = typing("./lockbox");
    assertThat(demo.typed("lockbox evidence R-1 --out a.zip\nlockbox verify a.zip"))
        .isEqualTo("./lockbox evidence R-1 --out a.zip\n./lockbox verify a.zip");
    assertThat(demo.typed("eval \"$(lockbox connect R-1 env)\""))
        .isEqualTo("eval \"$(./lockbox connect R-1 env)\"");
    assertThat(demo.typed("LOCKBOX_PROFILE=ann lockbox key sign P-1"))
        .isEqualTo("LOCKBOX_PROFILE=ann ./lockbox key sign P-1");
    assertThat(demo.typed("30c119394049 /etc/lockbox x my-lockbox y"))
        .isEqualTo("30c119394049 /etc/lockbox x my-lockbox y");
    assertThat(typing("lockbox").typed("lockbox psql R-1")).isEqualTo("lockbox psql R-1");
  }

  /// Each command goes through the button that copies it, which knows how it begins here.
  @Test
  @Tag("guard")
  void noTemplatePrintsACommandByItself() throws IOException {
    var command = Pattern.compile("lockbox [a-z]");
    try (var files = Files.walk(Path.of("src/main/jte"))) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        var lines = List.of(Files.readString(file).split("\n", -1));
        assertThat(lines)
            .as(file.toString())
            .noneMatch(line -> line.contains("./lockbox"))
            .filteredOn(line -> command.matcher(line).find())
            .allSatisfy(line -> assertThat(line).startsWith("@template.ui.copy("));
      }
    }
  }
}
