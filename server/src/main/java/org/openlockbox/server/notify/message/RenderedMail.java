package org.openlockbox.server.notify.message;

import java.net.URI;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.openlockbox.core.canonical.LookAlikes;
import org.openlockbox.core.canonical.TextRules;
import org.openlockbox.server.notify.message.MailMessage.MailField;

/// A [MailMessage] as one reader gets it: times in their zone, the link only if their tenant wants
/// links. Words of others are shortened, lose what cannot be seen, have `>` before each line so
/// that none can pass for a line of ours, hold nothing that a mail program makes a link of, and are
/// said to mix alphabets where a word of theirs does, because it may only look like another.
public final class RenderedMail {
  private static final int MOST_LINES = 20;
  private static final int MOST_CHARACTERS = 2000;
  private static final Pattern DOT_OF_A_HOST =
      Pattern.compile("(?<=[\\p{L}\\p{N}-])\\.(?=[\\p{L}\\p{N}-]*\\p{L}{2})");
  private static final DateTimeFormatter WHEN =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm zzz", Locale.ENGLISH);

  private final MailMessage letter;
  private final ZoneId zone;
  private final boolean links;
  private final boolean typing;

  /// @param typing whether the reader works on the command line
  public RenderedMail(MailMessage letter, ZoneId zone, boolean links, boolean typing) {
    this.typing = typing;
    this.letter = letter;
    this.zone = zone;
    this.links = links;
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
    return typing ? letter.commands() : List.of();
  }

  public String heading() {
    return harmless(TextRules.shown(letter.heading()));
  }

  public Optional<URI> page() {
    return links ? letter.page() : Optional.empty();
  }

  /// What stands instead of the link where the tenant wants none.
  public Optional<String> withoutLink() {
    return letter
        .page()
        .filter(_ -> !links)
        .map(_ -> "Open it in the portal, at the address that you know.");
  }

  public String subject() {
    return harmless(TextRules.shown(letter.subject()));
  }

  private String value(MailField fact) {
    return switch (fact) {
      case MailField.PlainField plain -> TextRules.visible(plain.value());
      case MailField.NameField name -> harmless(TextRules.visible(name.value()));
      case MailField.QuotedField quoted -> quoted(quoted.value());
      case MailField.MomentField moment -> when(moment.at()) + moment.after();
    };
  }

  private String when(Instant at) {
    String utc = WHEN.format(at.atZone(ZoneId.of("UTC")));
    return zone.equals(ZoneOffset.UTC)
        ? utc
        : "%s (%s)".formatted(WHEN.format(at.atZone(zone)), utc);
  }

  private static String quoted(String words) {
    var lines = TextRules.visible(words).strip().lines().filter(line -> !line.isBlank()).toList();
    String text = lines.stream().limit(MOST_LINES).collect(Collectors.joining("\n"));
    boolean whole = lines.size() <= MOST_LINES && text.length() <= MOST_CHARACTERS;
    int end = Math.min(text.length(), MOST_CHARACTERS);
    return harmless(
            text.substring(0, end).lines().map("> "::concat).collect(Collectors.joining("\n")))
        + (LookAlikes.standIn(text) ? "\n[a word here mixes letters of different alphabets]" : "")
        + (whole ? "" : "\n[shortened]");
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
    page().ifPresent(page -> text.append("\nOpen in Lockbox: ").append(page).append('\n'));
    withoutLink().ifPresent(words -> text.append('\n').append(words).append('\n'));
    closing().forEach(paragraph -> text.append('\n').append(paragraph).append('\n'));
    if (!commands().isEmpty()) {
      text.append("\nOn the command line:\n\n");
      commands().forEach(line -> text.append("  ").append(line).append('\n'));
    }
    return text.toString();
  }
}
