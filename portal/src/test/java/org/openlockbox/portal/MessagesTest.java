package org.openlockbox.portal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.operation.CloseReason;
import org.openlockbox.core.policy.LintFinding;
import org.openlockbox.core.policy.Mode;
import org.openlockbox.server.notify.message.NoticeKind;

/// What the portal says, in every language.
final class MessagesTest {
  private static final Pattern SAID = Pattern.compile("say\\(\\s*\"([a-z.]+[a-z])\"[,)]");
  private static final Pattern PLACES = Pattern.compile("\\{(\\d)[},]");

  private static Properties messages(String language) throws IOException {
    var messages = new Properties();
    try (var in =
        new InputStreamReader(
            Objects.requireNonNull(
                MessagesTest.class.getResourceAsStream(
                    "/portal/messages_%s.properties".formatted(language))),
            StandardCharsets.UTF_8)) {
      messages.load(in);
    }
    return messages;
  }

  @Test
  void everyLanguageHasTheSameMessagesWithTheSamePlaces() throws IOException {
    var english = messages("en");
    var german = messages("de");
    assertThat(german.stringPropertyNames()).isEqualTo(english.stringPropertyNames());
    for (var id : english.stringPropertyNames()) {
      assertThat(places(german.getProperty(id))).as(id).isEqualTo(places(english.getProperty(id)));
    }
  }

  private static Set<String> places(String message) {
    var places = new TreeSet<String>();
    PLACES.matcher(message).results().forEach(place -> places.add(place.group(1)));
    return places;
  }

  @Test
  void everythingThatIsToldHasAName() throws IOException {
    var known = messages("en").stringPropertyNames();
    for (var kind : NoticeKind.values()) {
      assertThat(known).contains("kind." + kind.word());
    }
  }

  @Test
  void whatAModeSaysIsSaidInEveryLanguage() throws IOException {
    var english = messages("en");
    for (var mode : Mode.values()) {
      for (var rule : mode.rules()) {
        assertThat(english.getProperty("mode.%s.says".formatted(mode.word())))
            .isEqualTo(rule.says());
      }
    }
  }

  @Test
  void whatStandsOutInAPolicyIsSaidInEveryLanguage() throws IOException {
    for (var language : List.of("en", "de")) {
      var messages = messages(language);
      for (var kind : LintFinding.LintKind.values()) {
        assertThat(places(messages.getProperty("finding." + kind.word(), "{9}")))
            .as("%s, %s", kind, language)
            .hasSize(kind.places());
      }
    }
  }

  @Test
  void whyASessionEndedIsSaidInEveryLanguage() throws IOException {
    for (var language : List.of("en", "de")) {
      for (var reason : CloseReason.values()) {
        assertThat(messages(language).stringPropertyNames())
            .contains("record.closed." + reason.word());
      }
    }
  }

  @Test
  void whatTheTemplatesSayIsThere() throws IOException {
    var known = messages("en").stringPropertyNames();
    try (var files = Files.walk(Path.of("src/main/jte"))) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        SAID.matcher(Files.readString(file))
            .results()
            .forEach(said -> assertThat(known).as(file.toString()).contains(said.group(1)));
      }
    }
  }
}
