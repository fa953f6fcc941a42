package org.openlockbox.core.subject;

import java.util.regex.Pattern;

/// Whose word a fact of an engineer is. The engineer's own is none of them: what a request says of
/// itself is no fact.
public sealed interface FactSource {
  /// What the provider's operators wrote down.
  FactSource DIRECTORY = new DirectorySource();

  /// The provider's directory of people.
  record DirectorySource() implements FactSource {
    @Override
    public String word() {
      return "directory";
    }
  }

  /// The OpenID Connect issuer that the provider's configuration calls so.
  record IssuerSource(String name) implements FactSource {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,39}");
    private static final String PREFIX = "issuer:";

    public IssuerSource {
      if (!NAME.matcher(name).matches()) {
        throw new IllegalArgumentException("not an issuer's name: " + name);
      }
    }

    @Override
    public String word() {
      return PREFIX + name;
    }
  }

  /// `directory`, or `issuer:` and its name.
  String word();

  static FactSource parse(String word) {
    if (word.equals(DIRECTORY.word())) {
      return DIRECTORY;
    }
    if (word.startsWith(IssuerSource.PREFIX)) {
      return new IssuerSource(word.substring(IssuerSource.PREFIX.length()));
    }
    throw new IllegalArgumentException("not a source of facts: " + word);
  }
}
