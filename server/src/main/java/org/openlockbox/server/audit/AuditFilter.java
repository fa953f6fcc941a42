package org.openlockbox.server.audit;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.Purpose;
import org.openlockbox.core.access.ResourceId;

/// Which requests of a tenant are looked for; what is empty does not narrow it.
///
/// @param person id or a part of the name of who asked, answers for it, or decided
/// @param employer a part of the name of the engineer's employer, as the request's entry has it
/// @param level that was asked for
/// @param from when it was asked at the earliest
/// @param until when it was asked, this moment excluded
/// @param text a part of the request's id, the engineer's id or name, or the ticket
/// @param tables of which statements named one, known once access has ended; none does not narrow
///   it
/// @param outcome what came of it
/// @param blocked only those of which a statement was blocked or failed, known once access has
///   ended
public record AuditFilter(
    Optional<String> person,
    Optional<String> employer,
    Optional<ResourceId> resource,
    Optional<Purpose> purpose,
    Optional<Level> level,
    Optional<Instant> from,
    Optional<Instant> until,
    Optional<String> text,
    List<String> tables,
    Optional<AuditOutcome> outcome,
    boolean blocked) {
  public static final int LONGEST_TEXT = 100;

  public AuditFilter {
    tables = List.copyOf(tables);
    text = text.map(words -> words.toLowerCase(Locale.ROOT));
    person = person.map(words -> words.toLowerCase(Locale.ROOT));
    employer = employer.map(words -> words.toLowerCase(Locale.ROOT));
    if (Stream.of(text, person, employer)
        .flatMap(Optional::stream)
        .anyMatch(words -> words.length() > LONGEST_TEXT)) {
      throw new IllegalArgumentException("a text to look for is at most 100 characters");
    }
  }
}
