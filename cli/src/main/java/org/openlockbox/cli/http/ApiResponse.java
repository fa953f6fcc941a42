package org.openlockbox.cli.http;

import java.nio.charset.StandardCharsets;

/// A reply of the server that was not a problem: its body and its ETag (empty when there was none).
public final class ApiResponse {
  private final byte[] body;
  private final String etag;

  ApiResponse(byte[] body, String etag) {
    this.body = body;
    this.etag = etag;
  }

  /// The body as the server sent it.
  public byte[] bytes() {
    return body.clone();
  }

  /// The body as text, for `-o json`.
  public String text() {
    return new String(body, StandardCharsets.UTF_8).strip();
  }

  /// The body as a JSON object.
  public ApiObject object() {
    return ApiObject.parse(body);
  }

  public String etag() {
    return etag;
  }
}
