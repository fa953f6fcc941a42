package org.openlockbox.portal.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Mail has no style sheet. Its template repeats colours of the portal, and has no others.
final class MailColoursTest {
  private static final Pattern COLOUR = Pattern.compile("#[0-9a-f]{6}\\b");

  @Test
  void mailHasTheColoursOfThePortal() throws IOException {
    var mail = Files.readString(Path.of("../server/src/main/jte/mail.jte"));
    var tokens = Files.readString(Path.of("src/main/resources/portal/css/tokens.css"));
    assertThat(COLOUR.matcher(mail).results().map(one -> one.group()).toList())
        .isNotEmpty()
        .allSatisfy(colour -> assertThat(tokens).contains(colour));
  }
}
