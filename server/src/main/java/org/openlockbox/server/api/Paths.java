package org.openlockbox.server.api;

import java.util.function.Function;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.problem.Problem;

/// Reads the ids in a path. What cannot be an id names nothing: 404, like an id that is not there.
public final class Paths {
  private Paths() {}

  public static TenantId tenant(String text) {
    return read(text, TenantId::new);
  }

  public static RequestId request(String text) {
    return read(text, RequestId::new);
  }

  public static SessionId session(String text) {
    return read(text, SessionId::new);
  }

  public static ResourceId resource(String text) {
    return read(text, ResourceId::new);
  }

  private static <T> T read(String text, Function<String, T> parse) {
    try {
      return parse.apply(text);
    } catch (IllegalArgumentException e) {
      throw Problem.notFound();
    }
  }
}
