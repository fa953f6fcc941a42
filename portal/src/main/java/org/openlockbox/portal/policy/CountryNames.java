package org.openlockbox.portal.policy;

import java.text.Collator;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.openlockbox.portal.edge.Messages;

/// The countries of the world by their names in every language of the portal. A policy keeps their
/// ISO 3166 codes; people read and type names.
final class CountryNames {
  private static final Pattern CODE = Pattern.compile("[A-Z]{2}");
  private static final List<String> CODES = List.of(Locale.getISOCountries());
  private static final Map<String, String> BY_NAME = byName();

  private CountryNames() {}

  private static Map<String, String> byName() {
    var names = new HashMap<String, String>();
    for (var code : CODES) {
      names.put(plain(code), code);
      Messages.LANGUAGES.forEach(language -> names.put(plain(name(code, language)), code));
    }
    return Map.copyOf(names);
  }

  private static String plain(String name) {
    return name.strip().toLowerCase(Locale.ROOT);
  }

  private static String name(String code, Locale language) {
    return Locale.of("", code).getDisplayCountry(language);
  }

  /// The code of what somebody typed: a name in any language of ours, or the code itself. Two
  /// capital letters are taken as they are, because codes are in use that this list lacks.
  static Optional<String> code(String typed) {
    return CODE.matcher(typed).matches()
        ? Optional.of(typed)
        : Optional.ofNullable(BY_NAME.get(plain(typed)));
  }

  /// All names in this language, in its order.
  static List<String> names(Locale language) {
    var names = CODES.stream().map(code -> name(code, language)).toArray(String[]::new);
    Arrays.sort(names, Collator.getInstance(language));
    return List.of(names);
  }
}
