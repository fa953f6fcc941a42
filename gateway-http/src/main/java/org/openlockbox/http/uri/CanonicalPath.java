package org.openlockbox.http.uri;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// A path in its only form: what is decided on is what is forwarded. No empty segment, no dot
/// segment, no `;`, no slash, backslash or percent sign in a segment, no encoding of what needs
/// none.
///
/// @param segments decoded; none for the root
public record CanonicalPath(List<String> segments) {
  private static final int MOST = 64;

  public CanonicalPath {
    segments = List.copyOf(segments);
  }

  /// Reads a path as it stood in the request line; empty where it has another form.
  public static Optional<CanonicalPath> parse(String raw) {
    if (!raw.startsWith("/")) {
      return Optional.empty();
    }
    if (raw.length() == 1) {
      return Optional.of(new CanonicalPath(List.of()));
    }
    List<String> segments = new ArrayList<>();
    for (String each : raw.substring(1).split("/", -1)) {
      Optional<String> segment = PercentCoding.decode(each).filter(CanonicalPath::isOne);
      if (segment.isEmpty() || segments.size() == MOST) {
        return Optional.empty();
      }
      segments.add(segment.get());
    }
    return Optional.of(new CanonicalPath(segments));
  }

  /// Whether this text is one segment of a path, and written as it has to be.
  public static boolean isSegment(String text) {
    return parse("/" + text).filter(path -> path.segments().equals(List.of(text))).isPresent();
  }

  private static boolean isOne(String segment) {
    return !segment.isEmpty()
        && !segment.equals(".")
        && !segment.equals("..")
        && segment.chars().noneMatch(each -> "/\\;%".indexOf(each) >= 0);
  }

  /// As it is forwarded, and recorded.
  @Override
  public String toString() {
    return segments.stream().map(PercentCoding::encode).collect(Collectors.joining("/", "/", ""));
  }
}
