package org.openlockbox.portal.signing;

import io.nayuki.qrcodegen.QrCode;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.server.problem.Problem;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/// The way from a desktop to a phone that has the passkey: a QR code of the address of a page. It
/// holds no secret, and whoever scans it has to sign in there.
@Controller
public final class PhonePages {
  /// The pages on which somebody signs, or makes a passkey.
  private static final Pattern SIGNED_AT =
      Pattern.compile("/(?:requests/R-[0-9A-Z]{1,20}|proposals/P-[0-9A-Z]{1,20}|keys|founding)");

  /// The white around a code without which cameras do not find it (ISO/IEC 18004).
  private static final int QUIET = 4;

  private final PortalEdge.Parts parts;

  public PhonePages(PortalEdge.Parts parts) {
    this.parts = parts;
  }

  @GetMapping("/phone.svg")
  ResponseEntity<byte[]> code(Visitor visitor, @RequestParam(defaultValue = "") String path) {
    if (!SIGNED_AT.matcher(path).matches()) {
      throw Problem.notFound();
    }
    var code = QrCode.encodeText(parts.sites().portal() + path, QrCode.Ecc.MEDIUM);
    var headers = new HttpHeaders();
    headers.set(HttpHeaders.CONTENT_TYPE, "image/svg+xml;charset=utf-8");
    headers.set(HttpHeaders.CACHE_CONTROL, "private, max-age=3600");
    return new ResponseEntity<>(svg(code).getBytes(StandardCharsets.UTF_8), headers, 200);
  }

  /// Black on white also in the dark, as cameras want it.
  private static String svg(QrCode code) {
    int size = code.size + 2 * QUIET;
    var squares = new StringBuilder();
    for (int y = 0; y < code.size; y++) {
      for (int x = 0; x < code.size; x++) {
        if (code.getModule(x, y)) {
          squares.append("M%d %dh1v1h-1z".formatted(x + QUIET, y + QUIET));
        }
      }
    }
    return """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges">\
    <path fill="#fff" d="M0 0h%dv%dh-%dz"/><path d="%s"/></svg>
    """
        .formatted(size, size, size, size, size, squares);
  }
}
