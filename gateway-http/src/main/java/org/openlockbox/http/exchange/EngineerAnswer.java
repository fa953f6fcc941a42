package org.openlockbox.http.exchange;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Response;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;

/// What goes to the engineer. Each write waits until the socket has taken it.
final class EngineerAnswer {
  private final Response response;
  private long bytes;

  EngineerAnswer(Response response) {
    this.response = response;
  }

  /// Whether the head has left.
  boolean hasBegun() {
    return response.isCommitted();
  }

  /// How many bytes of a body have left.
  long bytes() {
    return bytes;
  }

  void head(int status, HttpFields headers) {
    response.setStatus(status);
    response.getHeaders().clear();
    response.getHeaders().add(headers);
  }

  void write(byte[] chunk, int length) throws IOException {
    Content.Sink.write(response, false, ByteBuffer.wrap(chunk, 0, length));
    bytes += length;
  }

  void end() throws IOException {
    Content.Sink.write(response, true, ByteBuffer.allocate(0));
  }

  /// Says why there is no other answer, as a problem of RFC 9457.
  void refuse(HttpRefusal why) throws IOException {
    Json problem =
        Json.object()
            .put("code", why.word())
            .put("detail", why.detail())
            .put("hint", why.next())
            .put("status", why.status())
            .build();
    byte[] body = CanonicalJson.bytes(problem);
    HttpFields.Mutable headers = HttpFields.build();
    headers.put("content-type", "application/problem+json");
    headers.put("cache-control", "no-store");
    headers.put("content-length", body.length);
    if (why.status() == 401) {
      headers.put("www-authenticate", "Bearer realm=\"lockbox\"");
    }
    head(why.status(), headers);
    Content.Sink.write(response, true, ByteBuffer.wrap(body));
    bytes += body.length;
  }
}
