package org.openlockbox.server.request;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import org.openlockbox.core.access.RequestId;

/// Where a page of a list of requests ended: its last request, and the time of it that the list is
/// in order by.
public record PageMark(Instant at, RequestId id) {
  private static final Pattern TEXT =
      Pattern.compile("(\\d{4}-\\d\\d-\\d\\dT[\\d:.]{5,18}Z)_(R-[0-9A-Z]{10})");

  /// As it stands in an address.
  public String text() {
    return at + "_" + id;
  }

  /// Reads [#text]; of anything else nothing, so that the list begins at its beginning.
  public static Optional<PageMark> parse(String text) {
    var found = TEXT.matcher(text);
    if (!found.matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new PageMark(Instant.parse(found.group(1)), new RequestId(found.group(2))));
    } catch (DateTimeException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
