package org.openlockbox.http.socket;

import java.util.List;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;

/// How a body is framed: by its length or in chunks, and in no other coding. Jetty takes any list
/// of codings that ends with `chunked`, and hands over what the others made of the body as if it
/// were the body itself. Who does not know a coding answers 501 (RFC 9112, 6.1), and closes the
/// connection, because somebody else may see the next request elsewhere.
public final class PlainFraming {
  /// What refuses any other.
  public static final String REFUSAL = "a body comes with its length, or in chunks alone";

  private PlainFraming() {}

  /// Whether these headers, of a request or of an answer, say so.
  public static boolean holds(HttpFields headers) {
    List<String> codings = headers.getValuesList(HttpHeader.TRANSFER_ENCODING);
    return codings.isEmpty() || codings.equals(List.of(HttpHeaderValue.CHUNKED.asString()));
  }
}
