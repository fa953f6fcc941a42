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
    List<Fact> facts,
    List<String> closing,
    Optional<URI> page) {
  public MailMessage {
    facts = List.copyOf(facts);
    closing = List.copyOf(closing);
  }

  /// A label and what it says.
  public sealed interface Fact {
    String label();

    /// In our own words.
    record Plain(String label, String value) implements Fact {}

    /// A name in the strict alphabet of names, which somebody else chose.
    record Name(String label, String value) implements Fact {}

    /// In the words of somebody else, who may want them to look like ours.
    record Quoted(String label, String value) implements Fact {}

    /// A moment, told in the reader's zone and in UTC.
    record Moment(String label, Instant at, String after) implements Fact {}
  }
}
