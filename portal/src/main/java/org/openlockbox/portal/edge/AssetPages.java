package org.openlockbox.portal.edge;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Objects;
import org.openlockbox.server.problem.Problem;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/// Serves the [Assets].
@Controller
public final class AssetPages {
  private static final String FOR_EVER = "public, max-age=31536000, immutable";

  private final Assets assets;

  public AssetPages(Assets assets) {
    this.assets = assets;
  }

  @GetMapping("/assets/{name}")
  ResponseEntity<byte[]> asset(HttpServletRequest request) {
    var asset = assets.find(request.getRequestURI()).orElseThrow(Problem::notFound);
    var accepted = Objects.requireNonNullElse(request.getHeader(HttpHeaders.ACCEPT_ENCODING), "");
    var headers = new HttpHeaders();
    headers.set(HttpHeaders.CONTENT_TYPE, contentType(asset.type()));
    headers.set(HttpHeaders.CACHE_CONTROL, FOR_EVER);
    headers.set(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
    boolean compressed = accepted.contains("gzip");
    if (compressed) {
      headers.set(HttpHeaders.CONTENT_ENCODING, "gzip");
    }
    var body = compressed ? asset.compressed() : asset.plain();
    return new ResponseEntity<>(body.toArray(), headers, 200);
  }

  private static String contentType(String type) {
    return type.equals("image/png") ? type : type + ";charset=utf-8";
  }
}
