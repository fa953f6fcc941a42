package org.openlockbox.portal.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.openlockbox.portal.edge.Messages;

/// Each country of the world is found by its name, in each language, and by its code.
final class CountryNamesTest {
  @Test
  void everyNameLeadsToItsCountry() {
    for (var language : Messages.LANGUAGES) {
      assertThat(CountryNames.names(language))
          .hasSize(Locale.getISOCountries().length)
          .doesNotHaveDuplicates()
          .allSatisfy(
              name -> {
                assertThat(name).as("a field takes several").doesNotContain(",");
                var code = CountryNames.code(name).orElseThrow();
                assertThat(Locale.of("", code).getDisplayCountry(language)).isEqualTo(name);
              });
    }
  }

  @Test
  void aCodeIsItselfAndNothingElseIsACountry() {
    assertThat(CountryNames.code("DE")).contains("DE");
    assertThat(CountryNames.code("de")).contains("DE");
    assertThat(CountryNames.code(" germany ")).contains("DE");
    assertThat(CountryNames.code("Deutschland")).contains("DE");
    assertThat(CountryNames.code("Atlantis")).isEmpty();
    assertThat(CountryNames.code("")).isEmpty();
  }
}
