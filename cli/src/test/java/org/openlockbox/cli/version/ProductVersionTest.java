package org.openlockbox.cli.version;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Properties;
import org.junit.jupiter.api.Test;

final class ProductVersionTest {
  @Test
  void theBuildWritesWhichOneItIs() {
    var written = new Properties();
    written.setProperty("version", "1.2.3");
    written.setProperty("commit", "0123456789abcdef");
    written.setProperty("built", "2026-11-30T00:00:00Z");
    assertThat(ProductVersion.of(written))
        .hasToString("lockbox 1.2.3 (commit 0123456789abcdef, built 2026-11-30T00:00:00Z)");
  }

  @Test
  void whatTheBuildDidNotWriteIsUnknown() {
    var written = new Properties();
    written.setProperty("commit", "${lockbox.commit}");
    assertThat(ProductVersion.of(written))
        .isEqualTo(new ProductVersion("unknown", "unknown", "unknown"));
  }

  /// Where the build puts it is where the program looks.
  @Test
  void theFileOfTheBuildIsFound() {
    assertThat(ProductVersion.class.getResource("version.properties")).isNotNull();
  }
}
