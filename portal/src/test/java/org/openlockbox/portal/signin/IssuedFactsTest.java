package org.openlockbox.portal.signin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.testing.HostileTexts;
import org.openlockbox.server.StandardOutput;

/// What an issuer claims of a person, and what the directory takes of it.
final class IssuedFactsTest {
  private static final IssuerFixture ISSUERS = new IssuerFixture();

  @AfterAll
  static void close() {
    ISSUERS.close();
  }

  @BeforeEach
  void restore() {
    ISSUERS.restore();
  }

  @Test
  void whatTheProvidersIssuerClaimsOfAPersonIsItsWord() {
    var ida = IssuerFixture.with(ISSUERS.somebody("engineers"), "email", "ida@vendor.example");
    var irish = IssuerFixture.with(IssuerFixture.with(ida, "ctry", "IE"), "company", "Vendor");
    assertThat(ISSUERS.atVendor(irish).status()).isEqualTo(303);
    var facts =
        """
        select country, employer, kind, facts_issuer,
               array_to_string(array(select unnest(facts_issued) order by 1), ',')
          from person where address = 'ida@vendor.example'
        """;
    assertThat(ISSUERS.server.rows(facts).getFirst())
        .startsWith("IE|Vendor|human|vendor|country,employer,kind");
    var bot = IssuerFixture.with(IssuerFixture.with(ida, "actor", "bot"), "ctry", "Ireland");
    assertThat(ISSUERS.atVendor(bot).status()).isEqualTo(303);
    assertThat(ISSUERS.server.rows(facts).getFirst()).contains("|agent|vendor|kind");
    for (var words : HostileTexts.all()) {
      var odd = IssuerFixture.with(irish, "company", words);
      var told =
          StandardOutput.of(
              () -> assertThat(ISSUERS.atVendor(odd).status()).as(words).isEqualTo(303));
      assertThat(told)
          .contains("claims an employer of ida@vendor.example that cannot stand in a request")
          .doesNotContain("zebra");
      assertThat(ISSUERS.server.rows(facts).getFirst())
          .as(words)
          .startsWith("IE|null|human|vendor|country,kind");
    }
  }
}
