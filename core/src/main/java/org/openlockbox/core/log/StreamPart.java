package org.openlockbox.core.log;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.keyring.TextKind;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.core.statement.CommittedText;

/// The next part of a long stream of operation `n`: a COPY, server-sent events, the output of a
/// terminal. Durable before that part is passed on, so that a crash leaves no part without an
/// entry.
///
/// @param part counts from 0 within the operation and direction
/// @param bytes how many bytes this part has
/// @param digest commits to all that went this way from the first part to the end of this one, with
///   the salt of the operation's own text
/// @param text commits to the bytes of this part, where they are kept
public record StreamPart(
    SessionId of,
    long n,
    long part,
    Direction direction,
    long bytes,
    Commitment digest,
    Optional<Commitment> text)
    implements SessionEvent {
  /// Which way a part goes: from the engineer, or to the engineer.
  public enum Direction {
    IN("in"),
    OUT("out");

    private final String word;

    Direction(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }

    private static Direction parse(String word) {
      return Arrays.stream(values())
          .filter(each -> each.word.equals(word))
          .findFirst()
          .orElseThrow(() -> new MalformedJson("not a direction: " + word));
    }
  }

  public StreamPart {
    if (n < 0 || part < 0 || bytes < 1) {
      throw new MalformedJson("'n' and 'part' are 0 or more, 'bytes' 1 or more");
    }
  }

  static StreamPart parse(Fields body) {
    return new StreamPart(
        body.value("session", SessionId::new),
        body.number("n"),
        body.number("part"),
        body.value("direction", Direction::parse),
        body.number("bytes"),
        body.value("digest", Commitment::parse),
        body.optionalValue("text", Commitment::parse));
  }

  @Override
  public Json.Object toJson() {
    return Json.object()
        .put("session", of.value())
        .put("n", n)
        .put("part", part)
        .put("direction", direction.word())
        .put("bytes", bytes)
        .put("digest", digest.hex())
        .putIfPresent("text", text.map(Commitment::hex))
        .build();
  }

  @Override
  public List<CommittedText> texts() {
    var kind = direction == Direction.IN ? TextKind.INPUT : TextKind.OPERATION;
    return text.map(kept -> List.of(new CommittedText(kind, kept))).orElse(List.of());
  }

  @Override
  public EntryType type() {
    return EntryType.PART;
  }
}
