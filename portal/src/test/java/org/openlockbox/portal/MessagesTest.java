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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Refusal;
import org.openlockbox.core.access.RequestState;
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

  private static final Pattern PROBLEM =
      Pattern.compile(
          "Problem\\.(?:conflict|refused)\\(\\s*\"([a-z_]+)\",|new Problem\\(\\s*[0-9]+,\\s*\"([a-z_]+)\",");

  /// Codes that only programs meet: gateways, command lines, and callers who send a key twice.
  private static final Set<String> OF_PROGRAMS =
      Set.of(
          "not_signed_in",
          "not_found",
          "idempotency_key_reused",
          "connect_statement",
          "user_taken",
          "waiting",
          "extends",
          "decision",
          "no_issuer",
          "issuer_silent",
          "no_visit",
          "log_shrunk",
          "gap",
          "counter",
          "counter_reused",
          "request",
          "session",
          "superseded",
          "session_exists",
          "certificate",
          "certificate_needed",
          "not_in_force",
          "stamp",
          "responsible",
          "responsible_missing",
          "kind",
          "push",
          "genesis",
          "policy",
          "comment",
          "tenant_exists",
          "tenant_waits");

  @Test
  void whyTheServerRefusedIsSaidInEveryLanguage() throws IOException {
    var codes = new TreeSet<String>();
    try (var files = Files.walk(Path.of("../server/src/main/java"))) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        PROBLEM
            .matcher(Files.readString(file))
            .results()
            .forEach(found -> codes.add(found.group(1) == null ? found.group(2) : found.group(1)));
      }
    }
    assertThat(codes).contains("stale", "signature", "too_often").containsAll(OF_PROGRAMS);
    codes.removeAll(OF_PROGRAMS);
    Stream.of(Refusal.values()).map(Refusal::word).forEach(codes::add);
    Stream.of(RequestState.values()).map(RequestState::word).forEach(codes::add);
    assertThat(messages("de").stringPropertyNames())
        .containsAll(codes.stream().map("fault.code."::concat).toList());
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

  /// What words.md and the glossary replaced, so that it does not come back.
  private static final List<String> REPLACED =
      List.of(
          "accesses",
          "One word for all requests",
          "By itself",
          "Only tell us",
          "Telling decides",
          "Whoever is told",
          "half of the answers",
          "not looked at",
          "founds you",
          "Found {0}",
          "Take along",
          "Goes on from",
          "Who had access",
          "Look for…",
          "as asked",
          "structure only",
          "read and change",
          "signed no policy");

  private static final int LONGEST_SENTENCE = 25;

  @Test
  @Tag("guard")
  void whatWasReplacedIsNotSaidAgain() throws IOException {
    var english = messages("en");
    for (var id : english.stringPropertyNames()) {
      for (var replaced : REPLACED) {
        assertThat(english.getProperty(id)).as(id).doesNotContain(replaced);
      }
    }
  }

  /// A sentence as it is read: of a choice its last, which is about many.
  private static List<String> sentences(String message) {
    var read = message.replaceAll("\\{\\d,choice,(?:[^}|]*\\|)*[^}<#]*[<#]([^}]*)}", "$1");
    return List.of(read.split("(?<=[.!?])\\s+", -1));
  }

  @Test
  @Tag("guard")
  void noSentenceIsLongerThanCanBeReadOnce() throws IOException {
    for (var language : List.of("en", "de")) {
      var messages = messages(language);
      for (var id : messages.stringPropertyNames()) {
        for (var sentence : sentences(messages.getProperty(id))) {
          assertThat(sentence.strip().split("\\s+", -1).length)
              .as("%s, %s: %s", id, language, sentence)
              .isLessThanOrEqualTo(LONGEST_SENTENCE);
        }
      }
    }
  }

  @Test
  @Tag("guard")
  void noMessageHasTheNameOfAClassABareStateOfSqlOrALostQuotationMark() throws IOException {
    for (var language : List.of("en", "de")) {
      var messages = messages(language);
      for (var id : messages.stringPropertyNames()) {
        assertThat(messages.getProperty(id))
            .as("%s, %s", id, language)
            .doesNotContainPattern("\\b(?:java|org)\\.\\w+\\.|Exception\\b|SQLSTATE")
            .doesNotContainPattern("(?<!')'(?!')");
      }
    }
  }

  /// Each message that a template says by its id gets as many arguments as it has places.
  @Test
  @Tag("guard")
  void noTemplateLeavesAPlaceUnfilled() throws IOException {
    var english = messages("en");
    var bare = Pattern.compile("say\\(\\s*\"([A-Za-z.0-9-]+)\"\\s*\\)");
    try (var files = Files.walk(Path.of("src/main"))) {
      for (var file : files.filter(MessagesTest::saysWords).toList()) {
        bare.matcher(Files.readString(file))
            .results()
            .map(said -> said.group(1))
            .filter(english::containsKey)
            .forEach(
                id ->
                    assertThat(places(english.getProperty(id))).as("%s in %s", id, file).isEmpty());
      }
    }
  }

  private static List<String> idsInOrder(String language) throws IOException {
    return Files.readAllLines(
            Path.of("src/main/resources/portal/messages_%s.properties".formatted(language)))
        .stream()
        .filter(line -> line.contains("=") && !line.startsWith("#"))
        .map(line -> line.substring(0, line.indexOf('=')))
        .toList();
  }

  /// So that a message is read beside its translation, and nobody adds one twice.
  @Test
  @Tag("guard")
  void bothLanguagesHaveTheirMessagesInTheSameOrderAndEachOnce() throws IOException {
    assertThat(idsInOrder("de")).isEqualTo(idsInOrder("en")).doesNotHaveDuplicates();
  }

  /// A message that is said with no argument, because its id is put together, has no place.
  @Test
  @Tag("guard")
  void noConfirmationHasAPlaceThatNobodyFills() throws IOException {
    var english = messages("en");
    for (var id : english.stringPropertyNames()) {
      if (id.startsWith("done.") || id.startsWith("keyboard.")) {
        assertThat(places(english.getProperty(id))).as(id).isEmpty();
      }
    }
  }

  /// Every id stands in the code, whole or from its beginning to a dot where the rest is put
  /// together.
  @Test
  @Tag("guard")
  void everyMessageIsSaidSomewhere() throws IOException {
    var code = new StringBuilder();
    try (var files = Files.walk(Path.of("src/main"))) {
      for (var file : files.filter(MessagesTest::saysWords).toList()) {
        code.append(Files.readString(file));
      }
    }
    var beginnings =
        Pattern.compile("\"([A-Za-z0-9.]+\\.)\"")
            .matcher(code)
            .results()
            .map(found -> found.group(1))
            .collect(Collectors.toSet());
    for (var id : messages("en").stringPropertyNames()) {
      var base = id.replaceFirst("\\.provider$", "");
      assertThat(
              code.indexOf("\"" + id + "\"") >= 0
                  || code.indexOf("\"" + base + "\"") >= 0
                  || beginnings.stream().anyMatch(id::startsWith))
          .as("nobody says " + id)
          .isTrue();
    }
  }

  private static boolean saysWords(Path file) {
    return file.toString().endsWith(".jte") || file.toString().endsWith(".java");
  }

  /// People have names: a template that shows an id of one beside no name says why.
  @Test
  @Tag("guard")
  void aPersonIsShownByNameNotById() throws IOException {
    var shown =
        Pattern.compile(
            "\\$\\{(?:person|approver|comment\\.by\\(\\)|one\\.by\\(\\))\\.value\\(\\)}");
    try (var files = Files.walk(Path.of("src/main/jte"))) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        assertThat(shown.matcher(Files.readString(file)).results().map(hit -> hit.group()).toList())
            .as(file.toString())
            .isEmpty();
      }
    }
  }
}
