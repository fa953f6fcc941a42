package org.openlockbox.http.socket;

import java.nio.ByteBuffer;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;

/// What Jetty itself refuses, or what could not be finished, as a problem of RFC 9457. It says why
/// a request cannot be read, and nothing of what was sent or of what went wrong here.
public final class ProblemErrors implements Request.Handler {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z][A-Za-z /-]{0,80}");

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    int status =
        request.getAttribute(ErrorHandler.ERROR_STATUS) instanceof Integer said
            ? said
            : HttpStatus.INTERNAL_SERVER_ERROR_500;
    byte[] body =
        status == HttpStatus.INTERNAL_SERVER_ERROR_500 ? fault() : unread(request, status);
    HttpFields.Mutable headers = response.getHeaders();
    headers.put(HttpHeader.CONTENT_TYPE, "application/problem+json");
    headers.put(HttpHeader.CACHE_CONTROL, "no-store");
    headers.put("x-content-type-options", "nosniff");
    headers.put(HttpHeader.CONTENT_LENGTH, body.length);
    response.setStatus(status);
    response.write(true, ByteBuffer.wrap(body), callback);
    return true;
  }

  private static byte[] fault() {
    return problem(
        HttpStatus.INTERNAL_SERVER_ERROR_500,
        "fault",
        "the request could not be finished",
        "Try again; the gateway's log says why it failed.");
  }

  private static byte[] unread(Request request, int status) {
    String why = String.valueOf(request.getAttribute(ErrorHandler.ERROR_MESSAGE));
    return problem(
        status,
        "request",
        "the request cannot be read"
            + (PLAIN.matcher(why).matches() && !why.equals("null") ? ": " + why : ""),
        "Send it as RFC 9112 has it, with a client that speaks HTTP/1.1.");
  }

  private static byte[] problem(int status, String code, String detail, String hint) {
    return CanonicalJson.bytes(
        Json.object()
            .put("code", code)
            .put("detail", detail)
            .put("hint", hint)
            .put("status", status)
            .build());
  }
}
