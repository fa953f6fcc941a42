package org.openlockbox.server.notify.message;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.openlockbox.core.canonical.LookAlikes;
import org.openlockbox.core.canonical.TextRules;
import org.openlockbox.server.notify.message.MailMessage.MailField;

/// A [MailMessage] as one reader gets it: times in their zone, commands as they type them, the link
/// only if their tenant wants links. Words of others are shortened, lose what cannot be seen, have
/// `>` before each line so that none can pass for a line of ours, hold nothing that a mail program
/// makes a link of, and are said to mix alphabets where a word of theirs does, because it may only
/// look like another.
public final class RenderedMail {
  private static final int MOST_LINES = 20;
  private static final int MOST_CHARACTERS = 2000;
  private static final Pattern DOT_OF_A_HOST =
      Pattern.compile("(?<=[\\p{L}\\p{N}-])\\.(?=[\\p{L}\\p{N}-]*\\p{L}{2})");
  private static final String PROGRAM = "lockbox ";

  private final MailMessage letter;
  private final MailReader reader;

  public RenderedMail(MailMessage letter, MailReader reader) {
    this.letter = letter;
    this.reader = reader;
  }

  /// The language that it is in, as HTML names it.
  public String language() {
    return reader.words().locale().toLanguageTag();
  }

  /// Words of ours around a letter.
  public String say(String id) {
    return reader.words().say(id);
  }

  /// One line of a letter, as it is shown.
  public record MailLine(String label, String value) {
    public List<String> lines() {
      return value.lines().toList();
    }
  }

  public List<MailLine> facts() {
    return letter.facts().stream().map(fact -> new MailLine(fact.label(), value(fact))).toList();
  }

  public List<String> closing() {
    return letter.closing();
  }

  public List<String> commands() {
    return reader.typing() ? letter.commands().stream().map(this::typed).toList() : List.of();
  }

  /// As this reader starts the program.
  private String typed(String line) {
    return line.startsWith(PROGRAM)
        ? reader.program() + line.substring(PROGRAM.length() - 1)
        : line;
  }

  public String heading() {
    return harmless(TextRules.shown(letter.heading()));
  }

  public Optional<URI> page() {
    return reader.links() ? letter.page() : Optional.empty();
  }

  /// What stands instead of the link where the tenant wants none.
  public Optional<String> withoutLink() {
    return letter.page().filter(_ -> !reader.links()).map(_ -> say("frame.nolink"));
  }

  public String subject() {
    return harmless(TextRules.shown(letter.subject()));
  }

  private String value(MailField fact) {
    return switch (fact) {
      case MailField.PlainField plain -> TextRules.visible(plain.value());
      case MailField.NameField name -> harmless(TextRules.visible(name.value()));
      case MailField.QuotedField quoted -> quoted(quoted.value());
      case MailField.MomentField moment ->
          reader.words().moment(moment.at(), reader.zone())
              + harmless(TextRules.visible(moment.after()));
    };
  }

  private String quoted(String words) {
    var lines = TextRules.visible(words).strip().lines().filter(line -> !line.isBlank()).toList();
    String text = lines.stream().limit(MOST_LINES).collect(Collectors.joining("\n"));
    boolean whole = lines.size() <= MOST_LINES && text.length() <= MOST_CHARACTERS;
    int end = Math.min(text.length(), MOST_CHARACTERS);
    return harmless(
            text.substring(0, end).lines().map("> "::concat).collect(Collectors.joining("\n")))
        + (LookAlikes.standIn(text) ? "\n[" + say("frame.mixed") + "]" : "")
        + (whole ? "" : "\n[" + say("frame.shortened") + "]");
  }

  /// Without anything that a mail program turns into a link or an address by itself.
  private static String harmless(String words) {
    return DOT_OF_A_HOST.matcher(words.replace("://", "[:]//")).replaceAll("[.]");
  }

  public String text() {
    var text = new StringBuilder(heading()).append("\n\n");
    var facts = facts();
    int width = facts.stream().mapToInt(fact -> fact.label().length()).max().orElse(0);
    String indent = "\n" + " ".repeat(width + 2);
    for (var fact : facts) {
      text.append(fact.label())
          .append(" ".repeat(width - fact.label().length() + 2))
          .append(fact.value().replace("\n", indent))
          .append('\n');
    }
    page()
        .ifPresent(
            page ->
                text.append('\n').append(say("frame.open")).append(": ").append(page).append('\n'));
    withoutLink().ifPresent(words -> text.append('\n').append(words).append('\n'));
    closing().forEach(paragraph -> text.append('\n').append(paragraph).append('\n'));
    if (!commands().isEmpty()) {
      text.append('\n').append(say("frame.typed")).append("\n\n");
      commands().forEach(line -> text.append("  ").append(line).append('\n'));
    }
    return text.toString();
  }
}
