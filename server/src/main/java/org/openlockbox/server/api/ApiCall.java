package org.openlockbox.server.api;

import java.util.Optional;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.server.identity.Caller;

/// One authenticated call: who, what, and the exact bytes sent.
public record ApiCall(
    Caller caller,
    String method,
    String path,
    Bytes body,
    Optional<String> idempotencyKey,
    Optional<String> ifMatch) {

  /// The body as an object; an empty body is an empty object.
  public Fields fields(String what) {
    return Fields.of(body.isEmpty() ? Json.object().build() : json(), what);
  }

  private Json json() {
    // The length was limited when it was read, see CallArguments.
    return Json.read(body.toArray(), body.size());
  }

  /// Refuses members in a body that takes none.
  public void nothingSent(String what) {
    fields(what).done();
  }
}
