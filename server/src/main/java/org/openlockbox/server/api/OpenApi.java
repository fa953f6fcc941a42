package org.openlockbox.server.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// The description of this interface, OpenAPI 3.1. Written by hand; a test compares its paths with
/// those that are really served.
@RestController
public final class OpenApi {
  private final byte[] document;

  public OpenApi() {
    try (var file = Objects.requireNonNull(OpenApi.class.getResourceAsStream("/openapi.json"))) {
      document = file.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @GetMapping("/openapi.json")
  ResponseEntity<byte[]> document() {
    return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(document.clone());
  }
}
