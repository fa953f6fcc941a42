package org.openlockbox.server.notify.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.Purpose;
import org.openlockbox.core.access.RequestState;
import org.openlockbox.core.limits.Limit;
import org.openlockbox.core.operation.CloseReason;
import org.openlockbox.core.operation.Protocol;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.notify.contact.Audience;
import org.openlockbox.server.request.Denial;

/// What mails say, in every language.
final class MailWordsTest {
  private static final Pattern PLACES = Pattern.compile("\\{(\\d)[},]");
  private static final int LONGEST_SENTENCE = 25;

  private static Properties messages(Locale language) throws IOException {
    var messages = new Properties();
    var file = "/%s_%s.properties".formatted(MailWords.BUNDLE, language.toLanguageTag());
    try (var in =
        new InputStreamReader(
            Objects.requireNonNull(MailWordsTest.class.getResourceAsStream(file)),
            StandardCharsets.UTF_8)) {
      messages.load(in);
    }
    return messages;
  }

  private static Set<String> places(String message) {
    return PLACES
        .matcher(message)
        .results()
        .map(place -> place.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  @Tag("guard")
  void everyLanguageHasTheSameMessagesAndPutsInNoMore() throws IOException {
    var english = messages(Locale.ENGLISH);
    for (var language : MailWords.LANGUAGES) {
      var other = messages(language);
      assertThat(other.stringPropertyNames()).isEqualTo(english.stringPropertyNames());
    }
    var german = messages(Locale.GERMAN);
    for (var id : english.stringPropertyNames()) {
      if (!id.startsWith("sentence.")) {
        assertThat(places(german.getProperty(id)))
            .as(id)
            .isEqualTo(places(english.getProperty(id)));
      }
    }
  }

  private static List<String> idsInOrder(Locale language) throws IOException {
    var file = "src/main/resources/%s_%s.properties".formatted(MailWords.BUNDLE, language);
    return Files.readAllLines(Path.of(file)).stream()
        .map(line -> line.substring(0, line.indexOf('=')))
        .toList();
  }

  @Test
  @Tag("guard")
  void bothLanguagesHaveTheirMessagesInTheSameOrderAndEachOnce() throws IOException {
    assertThat(idsInOrder(Locale.GERMAN))
        .isEqualTo(idsInOrder(Locale.ENGLISH))
        .doesNotHaveDuplicates();
  }

  /// All that is put together from a word of the domain.
  private static Stream<String> composed() {
    return Stream.of(
            Arrays.stream(Level.values()).map(one -> "level." + one.word()),
            Arrays.stream(Level.values()).map(one -> "level." + one.word() + ".brief"),
            Arrays.stream(Purpose.values()).map(one -> "purpose." + one.word()),
            Arrays.stream(Role.values()).map(one -> "role." + one.word()),
            Arrays.stream(RequestState.values()).map(one -> "state." + one.word()),
            Arrays.stream(Limit.values()).map(one -> "limit." + one.word()),
            Arrays.stream(Limit.values()).map(one -> "limit." + one.word() + ".is"),
            Arrays.stream(Denial.DenialCode.values()).map(one -> "denial." + one.word()),
            Arrays.stream(CloseReason.values()).map(one -> "closed." + one.word()),
            Arrays.stream(Topic.values()).map(one -> "topic." + one.word()),
            Arrays.stream(Audience.values()).map(one -> "audience." + one.word()),
            Arrays.stream(Protocol.values()).map(one -> "record.unit." + one.unit()))
        .flatMap(ids -> ids);
  }

  private static String code() throws IOException {
    var code = new StringBuilder();
    try (var files = Files.walk(Path.of("src/main"))) {
      for (var file :
          files
              .filter(one -> one.toString().endsWith(".java") || one.toString().endsWith(".jte"))
              .toList()) {
        code.append(Files.readString(file));
      }
    }
    return code.toString();
  }

  @Test
  @Tag("guard")
  void whatIsSaidIsThere() throws IOException {
    var known = messages(Locale.GERMAN).stringPropertyNames();
    assertThat(composed()).isSubsetOf(known);
    var said =
        Pattern.compile("(?:words|mail)\\.say\\(\\s*\"([A-Za-z.-]+[A-Za-z])\"")
            .matcher(code())
            .results()
            .map(one -> one.group(1))
            .toList();
    assertThat(said).hasSizeGreaterThan(80).isSubsetOf(known);
    var labels =
        Pattern.compile("\\b(?:plain|name|quoted|label|add|moment)\\(\\s*\"([a-zA-Z]+)\"")
            .matcher(mails())
            .results()
            .map(one -> "fact." + one.group(1))
            .toList();
    assertThat(labels).hasSizeGreaterThan(30).isSubsetOf(known);
  }

  private static String mails() throws IOException {
    var folder = Path.of("src/main/java/org/openlockbox/server/notify/mail");
    return Files.readString(folder.resolve("RequestFacts.java"))
        + Files.readString(folder.resolve("ClosingFacts.java"));
  }

  @Test
  @Tag("guard")
  void everyMessageIsSaidSomewhere() throws IOException {
    var code = code();
    var beginnings =
        Pattern.compile("\"([a-z]+\\.(?:[a-z]+\\.)?)\"")
            .matcher(code)
            .results()
            .map(one -> one.group(1))
            .collect(Collectors.toSet());
    for (var id : messages(Locale.ENGLISH).stringPropertyNames()) {
      assertThat(code.contains("\"" + id + "\"") || beginnings.stream().anyMatch(id::startsWith))
          .as("nobody says " + id)
          .isTrue();
    }
  }

  @Test
  @Tag("guard")
  void noSentenceIsLongerThanCanBeReadOnce() throws IOException {
    for (var language : MailWords.LANGUAGES) {
      var messages = messages(language);
      for (var id : messages.stringPropertyNames()) {
        for (var sentence : messages.getProperty(id).split("(?<=[.!?])\\s+", -1)) {
          assertThat(id.equals("record.counts") ? 0 : sentence.strip().split("\\s+", -1).length)
              .as("%s, %s: %s", id, language, sentence)
              .isLessThanOrEqualTo(LONGEST_SENTENCE);
        }
      }
    }
  }

  @Test
  void timesAreWrittenAsTheLanguageDoes() {
    var at = Instant.parse("2026-11-30T21:00:00Z");
    var berlin = ZoneId.of("Europe/Berlin");
    assertThat(MailWords.in(Locale.ENGLISH).moment(at, ZoneOffset.UTC))
        .isEqualTo("2026-11-30 21:00 UTC");
    assertThat(MailWords.in(Locale.GERMAN).moment(at, berlin))
        .isEqualTo("30.11.2026 22:00 MEZ (30.11.2026 21:00 UTC)");
    assertThat(MailWords.in(Locale.GERMAN).duration(Duration.ofDays(2))).isEqualTo("2 Tage");
    assertThat(MailWords.in(Locale.FRENCH).duration(Duration.ofMinutes(30))).isEqualTo("30 min");
  }
}
