package org.openlockbox.http.catalogue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.openlockbox.http.uri.CanonicalPath;

/// A path with places for what changes: `/v1/tenants/{tenant}/tickets/{id}`. `{tenant}` takes the
/// value of the session's tenant and nothing else; any other name takes one segment.
public final class PathTemplate {
  private static final Pattern PLACE = Pattern.compile("\\{([a-z][A-Za-z0-9]*)}");
  private static final String TENANT = "tenant";

  private sealed interface PathPart {}

  private record FixedPart(String text) implements PathPart {}

  private record TenantPlace() implements PathPart {}

  private record FreePart(String name) implements PathPart {}

  /// How a path relates to a template.
  public enum TemplateFit {
    NONE,

    /// It would fit for another tenant.
    OTHER_TENANT,
    FITS
  }

  private final String written;
  private final List<PathPart> segments;

  private PathTemplate(String written, List<PathPart> segments) {
    this.written = written;
    this.segments = List.copyOf(segments);
  }

  /// Reads a template.
  ///
  /// @throws IllegalArgumentException with what is wrong with it
  public static PathTemplate parse(String written) {
    List<PathPart> segments = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (String each : written.equals("/") ? new String[0] : parts(written)) {
      Matcher place = PLACE.matcher(each);
      if (!place.matches()) {
        segments.add(new FixedPart(literal(written, each)));
      } else if (!names.add(place.group(1))) {
        throw new IllegalArgumentException(written + " has {" + place.group(1) + "} twice");
      } else {
        segments.add(
            place.group(1).equals(TENANT) ? new TenantPlace() : new FreePart(place.group(1)));
      }
    }
    return new PathTemplate(written, segments);
  }

  private static String[] parts(String written) {
    if (!written.startsWith("/")) {
      throw new IllegalArgumentException(written + " does not begin with /");
    }
    return written.substring(1).split("/", -1);
  }

  private static String literal(String written, String part) {
    Optional<CanonicalPath> path = CanonicalPath.parse("/" + part);
    if (part.contains("{") || part.contains("}") || path.isEmpty()) {
      throw new IllegalArgumentException(
          "%s: '%s' is neither a segment of a path nor a place such as {id}"
              .formatted(written, part));
    }
    return path.get().segments().getFirst();
  }

  /// Whether the path is one of these, for the tenant that has this value.
  public TemplateFit fit(CanonicalPath path, String tenant) {
    if (path.segments().size() != segments.size()) {
      return TemplateFit.NONE;
    }
    TemplateFit fit = TemplateFit.FITS;
    for (int i = 0; i < segments.size(); i++) {
      String here = path.segments().get(i);
      switch (segments.get(i)) {
        case FixedPart(String text) when !text.equals(here) -> {
          return TemplateFit.NONE;
        }
        case TenantPlace() when !here.equals(tenant) -> fit = TemplateFit.OTHER_TENANT;
        case FixedPart _, TenantPlace _, FreePart _ -> {}
      }
    }
    return fit;
  }

  /// Whether one path could fit both.
  public boolean overlaps(PathTemplate other) {
    if (segments.size() != other.segments.size()) {
      return false;
    }
    for (int i = 0; i < segments.size(); i++) {
      if (segments.get(i) instanceof FixedPart(String here)
          && other.segments.get(i) instanceof FixedPart(String there)
          && !here.equals(there)) {
        return false;
      }
    }
    return true;
  }

  /// Whether some of its paths begin with this one and others do not, for the tenant that has this
  /// value.
  public boolean isPartlyBelow(CanonicalPath start, String tenant) {
    if (start.segments().size() > segments.size()) {
      return false;
    }
    boolean open = false;
    for (int i = 0; i < start.segments().size(); i++) {
      String there = start.segments().get(i);
      switch (segments.get(i)) {
        case FixedPart(String text) when !text.equals(there) -> {
          return false;
        }
        case TenantPlace() when !there.equals(tenant) -> {
          return false;
        }
        case FixedPart _, TenantPlace _ -> {}
        case FreePart _ -> open = true;
      }
    }
    return open;
  }

  /// One path that fits, for the tenant that has this value.
  ///
  /// @param free what takes any other place
  public CanonicalPath example(String tenant, String free) {
    return new CanonicalPath(
        segments.stream()
            .map(
                each ->
                    switch (each) {
                      case FixedPart(String text) -> text;
                      case TenantPlace() -> tenant;
                      case FreePart _ -> free;
                    })
            .toList());
  }

  /// Whether it has places that take anything.
  public boolean isOpen() {
    return segments.stream().anyMatch(FreePart.class::isInstance);
  }

  /// Whether it names the tenant.
  public boolean namesTenant() {
    return segments.stream().anyMatch(TenantPlace.class::isInstance);
  }

  @Override
  public String toString() {
    return written;
  }
}
