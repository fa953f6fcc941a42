package org.openlockbox.server.notify.message;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// One notice in words, before it is addressed: what happened to what, for people who see it three
/// times a year. Nothing in it decides anything.
///
/// `thread` is what all letters about one thing share; `step` tells the letters of a thread apart,
/// so that the same step is never told twice. `heading` is the sentence that says what happened,
/// `commands` what those type who work on the command line, `page` where it can be looked at.
public record MailMessage(
    String thread,
    String step,
    String subject,
    String heading,
    List<MailField> facts,
    List<String> closing,
    List<String> commands,
    Optional<URI> page) {
  private static final String TAG = "[Lockbox] ";

  public MailMessage {
    facts = List.copyOf(facts);
    closing = List.copyOf(closing);
    commands = List.copyOf(commands);
  }

  /// One whose subject says it all. A last paragraph of commands stands apart from what is said.
  public MailMessage(
      String thread,
      String step,
      String subject,
      List<MailField> facts,
      List<String> closing,
      Optional<URI> page) {
    this(
        thread,
        step,
        subject,
        subject.startsWith(TAG) ? subject.substring(TAG.length()) : subject,
        facts,
        said(closing),
        typed(closing),
        page);
  }

  private static boolean isTyped(String paragraph) {
    return paragraph.lines().allMatch(line -> line.startsWith("lockbox "));
  }

  private static List<String> typed(List<String> closing) {
    return closing.stream().filter(MailMessage::isTyped).flatMap(String::lines).toList();
  }

  /// What leads to a command is a sentence of its own without it.
  private static List<String> said(List<String> closing) {
    return closing.stream()
        .filter(paragraph -> !isTyped(paragraph))
        .map(paragraph -> paragraph.replaceFirst(":$", "."))
        .toList();
  }

  /// The same with this sentence over it.
  public MailMessage headed(String sentence) {
    return new MailMessage(thread, step, subject, sentence, facts, closing, commands, page);
  }

  /// The same with these commands under it.
  public MailMessage with(List<String> typed) {
    return new MailMessage(thread, step, subject, heading, facts, closing, typed, page);
  }

  /// A label and what it says.
  public sealed interface MailField {
    String label();

    /// In our own words.
    record PlainField(String label, String value) implements MailField {}

    /// A name in the strict alphabet of names, which somebody else chose.
    record NameField(String label, String value) implements MailField {}

    /// In the words of somebody else, who may want them to look like ours.
    record QuotedField(String label, String value) implements MailField {}

    /// A moment, told in the reader's zone and in UTC.
    record MomentField(String label, Instant at, String after) implements MailField {}
  }
}
