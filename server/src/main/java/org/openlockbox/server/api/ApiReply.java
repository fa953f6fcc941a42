package org.openlockbox.server.api;

import java.util.Optional;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/// An answer, as it is sent and as it is remembered for a retry.
public record ApiReply(int status, Optional<String> etag, Bytes body) {
  public static ApiReply ok(Json json) {
    return new ApiReply(200, Optional.empty(), Bytes.of(CanonicalJson.bytes(json)));
  }

  static ApiReply of(int status, Json json) {
    return new ApiReply(status, Optional.empty(), Bytes.of(CanonicalJson.bytes(json)));
  }

  public static ApiReply created(Json json) {
    return new ApiReply(201, Optional.empty(), Bytes.of(CanonicalJson.bytes(json)));
  }

  public ApiReply tagged(String tag) {
    return new ApiReply(status, Optional.of(tag), body);
  }

  public ResponseEntity<byte[]> send() {
    var headers = new HttpHeaders();
    headers.setContentType(MediaType.APPLICATION_JSON);
    headers.setCacheControl("no-store");
    etag.ifPresent(headers::setETag);
    return new ResponseEntity<>(body.toArray(), headers, status);
  }
}
