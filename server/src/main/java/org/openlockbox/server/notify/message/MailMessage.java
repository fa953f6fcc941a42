package org.openlockbox.server.notify.message;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// One notice in words, before it is addressed: what happened to what, for people who see it three
/// times a year. Nothing in it decides anything.
///
/// `thread` is what all letters about one thing share; `step` tells the letters of a thread apart,
/// so that the same step is never told twice. `page` is where it can be looked at.
public record MailMessage(
    String thread,
    String step,
    String subject,
    List<MailField> facts,
    List<String> closing,
    Optional<URI> page) {
  public MailMessage {
    facts = List.copyOf(facts);
    closing = List.copyOf(closing);
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
