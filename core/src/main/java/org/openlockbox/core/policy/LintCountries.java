package org.openlockbox.core.policy;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The codes of countries: those of ISO 3166, and one in use for a country that has none there.
///
/// Which codes there are changes with the years, so nothing is decided by them. They count for what
/// a reader is told of a policy.
final class LintCountries {
  private static final Set<String> KNOWN = Set.of(Locale.getISOCountries());

  private static final String KOSOVO = "XK";

  /// What people and authorities write, and the code that it stands for.
  private static final Map<String, String> MEANT = Map.of("UK", "GB", "EL", "GR");

  private LintCountries() {}

  static boolean isKnown(String code) {
    return KNOWN.contains(code) || code.equals(KOSOVO);
  }

  /// The code that is meant by one that no country has.
  static Optional<String> meant(String code) {
    return Optional.ofNullable(MEANT.get(code));
  }
}
