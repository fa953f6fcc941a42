package org.openlockbox.portal.edge;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.Utf8ByteOutput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;

/// Renders pages. A template is compiled Java: it can neither be missing nor ask for what it was
/// not given without a test or the compiler saying so, and each value is escaped by where it
/// stands.
public final class Pages {
  private final TemplateEngine engine;

  Pages() {
    engine = TemplateEngine.createPrecompiled(ContentType.Html);
  }

  /// The page with this status. `model` are the parameters of the template.
  public ResponseEntity<byte[]> page(int status, String template, Map<String, Object> model) {
    var headers = new HttpHeaders();
    headers.set(HttpHeaders.CONTENT_TYPE, "text/html;charset=utf-8");
    return new ResponseEntity<>(html(template, model), headers, status);
  }

  public ResponseEntity<byte[]> page(String template, Map<String, Object> model) {
    return page(200, template, model);
  }

  byte[] html(String template, Map<String, Object> model) {
    var output = new Utf8ByteOutput();
    engine.render(template + ".jte", model, output);
    var bytes = new ByteArrayOutputStream(output.getContentLength());
    try {
      output.writeTo(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /// On to another page, which a reload then loads again.
  public static ResponseEntity<byte[]> seeOther(String location) {
    var headers = new HttpHeaders();
    headers.setLocation(URI.create(location));
    return new ResponseEntity<>(new byte[0], headers, 303);
  }
}
