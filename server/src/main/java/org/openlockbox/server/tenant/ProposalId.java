package org.openlockbox.server.tenant;

import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.openlockbox.core.access.Crockford;

/// Names one proposal: `P-` and ten characters of Crockford's base 32 in upper case.
public record ProposalId(String value) {
  private static final Pattern SHAPE = Pattern.compile("P-" + Crockford.CLASS + "{10}");

  public ProposalId {
    if (!SHAPE.matcher(value).matches()) {
      throw new IllegalArgumentException("not a proposal id: " + value);
    }
  }

  public static ProposalId random(RandomGenerator random) {
    return new ProposalId("P-" + Crockford.random(10, random));
  }

  /// What stands in a path, if it can be one.
  public static Optional<ProposalId> parse(String text) {
    return SHAPE.matcher(text).matches() ? Optional.of(new ProposalId(text)) : Optional.empty();
  }

  @Override
  public String toString() {
    return value;
  }
}
