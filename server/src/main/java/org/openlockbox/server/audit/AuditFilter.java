package org.openlockbox.server.audit;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.Purpose;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.subject.SubjectId;

/// Which requests of a tenant are looked for; what is empty does not narrow it.
///
/// @param person who asked, answers for it, or decided
/// @param level that was asked for
/// @param from when it was asked at the earliest
/// @param until when it was asked, this moment excluded
/// @param text a part of the request's id, the engineer's id or name, or the ticket
/// @param table that statements named, known once access has ended
public record AuditFilter(
    Optional<SubjectId> person,
    Optional<ResourceId> resource,
    Optional<Purpose> purpose,
    Optional<Level> level,
    Optional<Instant> from,
    Optional<Instant> until,
    Optional<String> text,
    Optional<String> table) {
  public static final int LONGEST_TEXT = 100;

  public AuditFilter {
    text = text.map(words -> words.toLowerCase(Locale.ROOT));
    if (text.filter(words -> words.length() > LONGEST_TEXT).isPresent()) {
      throw new IllegalArgumentException("a text to look for is at most 100 characters");
    }
  }
}
