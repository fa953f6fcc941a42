package org.openlockbox.server.notify.outbox;

import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.openlockbox.core.access.Crockford;

/// Names a webhook of a tenant: `W-` and ten characters.
public record WebhookId(String value) {
  private static final Pattern SHAPE = Pattern.compile("W-" + Crockford.CLASS + "{10}");

  public WebhookId {
    if (!SHAPE.matcher(value).matches()) {
      throw new IllegalArgumentException("not the id of a webhook");
    }
  }

  public static WebhookId random(RandomGenerator random) {
    return new WebhookId("W-" + Crockford.random(10, random));
  }

  @Override
  public String toString() {
    return value;
  }
}
