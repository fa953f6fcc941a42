package org.openlockbox.http.exchange;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.openlockbox.http.catalogue.AnswerForm;
import org.openlockbox.http.catalogue.HttpRoute;

/// Which headers pass. What is not listed does not: who the client is, which way it came, and
/// whatever else an upstream might believe comes from the gateway alone.
final class HeaderRules {
  private static final Set<String> TO_UPSTREAM =
      Set.of("accept", "accept-language", "content-type", "user-agent");

  private static final Set<String> TO_ENGINEER =
      Set.of(
          "allow",
          "content-disposition",
          "content-language",
          "content-type",
          "last-modified",
          "retry-after");

  /// Of a file, which may be compressed and fetched in ranges.
  private static final Set<String> OF_FILE =
      Set.of(
          "accept-ranges", "content-encoding", "content-range", "content-security-policy", "etag");

  private static final HttpField IDENTITY = new HttpField("accept-encoding", "identity");

  /// One range. Of several the answer would be in several parts, each with headers of its own.
  private static final Pattern RANGE =
      Pattern.compile("bytes=([0-9]{1,15}-[0-9]{0,15}|-[0-9]{1,15})");

  /// A page that a browser shows loads nothing from elsewhere, and its scripts call nothing
  /// elsewhere. Where it leads its user to, no policy says. A stricter rule of the service's holds
  /// as well.
  private static final String PAGES_STAY_AT_HOME =
      "default-src 'self' 'unsafe-inline' data: blob:; base-uri 'self'; form-action 'self'; frame-ancestors 'none'; webrtc 'block'";

  /// What is no page runs nothing, whatever a browser takes it for.
  private static final String NO_PAGE = "sandbox; default-src 'none'; frame-ancestors 'none'";

  private HeaderRules() {}

  static HttpFields toUpstream(HttpFields request, HttpRoute route) {
    Set<String> listed = new HashSet<>(TO_UPSTREAM);
    listed.addAll(route.request().headers());
    boolean file = route.answer().form() == AnswerForm.OPAQUE;
    if (file) {
      listed.addAll(List.of("accept-encoding", "if-range", "range"));
    }
    HttpFields.Mutable passing = passing(request, listed);
    List<String> ranges = request.getValuesList("range");
    if (ranges.size() != 1 || !RANGE.matcher(ranges.getFirst()).matches()) {
      passing.remove("range");
      passing.remove("if-range");
    }
    if (!passing.contains("accept-encoding")) {
      passing.put(IDENTITY);
    }
    return passing.asImmutable();
  }

  /// Whether the gateway has added it, as it does to each request that says nothing of its own.
  static boolean isOfGateway(HttpField forwarded) {
    return IDENTITY.equals(forwarded);
  }

  static HttpFields.Mutable toEngineer(HttpFields answer, HttpRoute route) {
    Set<String> listed = new HashSet<>(TO_ENGINEER);
    if (route.answer().form() == AnswerForm.OPAQUE) {
      listed.addAll(OF_FILE);
    }
    if (route.request().isConditional()) {
      listed.add("etag");
    }
    boolean page = route.answer().form() == AnswerForm.OPAQUE;
    return protectedInBrowsers(passing(answer, listed), page ? PAGES_STAY_AT_HOME : NO_PAGE);
  }

  private static HttpFields.Mutable protectedInBrowsers(HttpFields.Mutable passing, String policy) {
    passing.put("cache-control", "no-store");
    passing.put("x-content-type-options", "nosniff");
    passing.put("referrer-policy", "same-origin");
    passing.put("cross-origin-opener-policy", "same-origin");
    passing.put("cross-origin-resource-policy", "same-origin");
    passing.put("x-dns-prefetch-control", "off");
    passing.add("content-security-policy", policy);
    return passing;
  }

  /// Of an answer that is shown in part. Other headers could tell what its body does not.
  static HttpFields toEngineerMasked(HttpFields answer, boolean lines) {
    HttpFields.Mutable passing = passing(answer, Set.of("retry-after"));
    passing.put("content-type", lines ? "application/x-ndjson" : "application/json");
    return protectedInBrowsers(passing, NO_PAGE);
  }

  private static HttpFields.Mutable passing(HttpFields all, Set<String> listed) {
    HttpFields.Mutable passing = HttpFields.build();
    for (HttpField each : all) {
      if (listed.contains(each.getName().toLowerCase(Locale.ROOT))) {
        passing.add(each);
      }
    }
    return passing;
  }
}
