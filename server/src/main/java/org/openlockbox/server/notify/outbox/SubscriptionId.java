package org.openlockbox.server.notify.outbox;

import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.openlockbox.core.access.Crockford;

/// Names a browser that is told by web push: `B-` and ten characters.
public record SubscriptionId(String value) {
  private static final Pattern SHAPE = Pattern.compile("B-" + Crockford.CLASS + "{10}");

  public SubscriptionId {
    if (!SHAPE.matcher(value).matches()) {
      throw new IllegalArgumentException("not the id of a browser");
    }
  }

  public static Optional<SubscriptionId> parse(String text) {
    return SHAPE.matcher(text).matches() ? Optional.of(new SubscriptionId(text)) : Optional.empty();
  }

  public static SubscriptionId random(RandomGenerator random) {
    return new SubscriptionId("B-" + Crockford.random(10, random));
  }

  @Override
  public String toString() {
    return value;
  }
}
