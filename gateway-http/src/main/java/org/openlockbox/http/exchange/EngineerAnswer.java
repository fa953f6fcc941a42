package org.openlockbox.http.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Response;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.http.browser.BrowserLaunches;
import org.openlockbox.http.browser.ScriptPage;

/// What goes to the engineer. Each write waits until the socket has taken it.
final class EngineerAnswer {
  private final Response response;
  private final AnswerAudience reader;
  private long bytes;

  /// Who reads it.
  enum AnswerAudience {
    PROGRAM,
    /// A script of a page.
    BROWSER,
    /// Somebody who went to a page.
    PERSON
  }

  EngineerAnswer(Response response, AnswerAudience reader) {
    this.response = response;
    this.reader = reader;
  }

  /// Whether the head has left.
  boolean hasBegun() {
    return response.isCommitted();
  }

  /// How many bytes of a body have left, at most.
  long bytes() {
    return bytes;
  }

  void head(int status, HttpFields headers) {
    response.setStatus(status);
    response.getHeaders().clear();
    response.getHeaders().add(headers);
  }

  /// Counts first: of a write that fails, some may have left.
  ///
  /// @param last whether the answer is whole by that
  void write(byte[] chunk, int length, boolean last) throws IOException {
    bytes += length;
    Content.Sink.write(response, last, ByteBuffer.wrap(chunk, 0, length));
  }

  /// What everybody may read, and keep for a few minutes.
  void publish(String type, String text) throws IOException {
    byte[] body = text.getBytes(UTF_8);
    HttpFields.Mutable headers = HttpFields.build();
    headers.put("content-type", type);
    headers.put("cache-control", "max-age=300");
    headers.put("content-length", body.length);
    head(200, headers);
    Content.Sink.write(response, true, ByteBuffer.wrap(body));
  }

  /// A page of the gateway's own.
  void page(ScriptPage page) throws IOException {
    head(200, page.headers());
    Content.Sink.write(response, true, ByteBuffer.wrap(page.body()));
  }

  /// Gives a browser its cookie, and says where to go. What the origin had stored goes.
  void launched(String secret, String next) throws IOException {
    byte[] body = CanonicalJson.bytes(Json.object().put("next", next).build());
    HttpFields.Mutable headers = HttpFields.build();
    headers.put("content-type", "application/json");
    headers.put("cache-control", "no-store");
    headers.put("content-length", body.length);
    headers.put("clear-site-data", "\"storage\"");
    headers.put("set-cookie", cookie(secret) + "; HttpOnly");
    head(200, headers);
    Content.Sink.write(response, true, ByteBuffer.wrap(body));
  }

  private static String cookie(String value) {
    return BrowserLaunches.COOKIE + "=" + value + "; Path=/; Secure; SameSite=Strict";
  }

  /// Says why there is no other answer, as a problem of RFC 9457; to a person in plain text.
  void refuse(HttpRefusal why) throws IOException {
    refuse(why, HttpFields.EMPTY);
  }

  /// The same to somebody whose access is over: a browser forgets what it has of this origin. Its
  /// other cookies, which may be those of other sites of the domain, stay.
  void refuseForGood(HttpRefusal why) throws IOException {
    HttpFields.Mutable forgets = HttpFields.build();
    if (reader != AnswerAudience.PROGRAM) {
      forgets.put("clear-site-data", "\"cache\", \"storage\"");
      forgets.put("set-cookie", cookie("") + "; Max-Age=0; HttpOnly");
    }
    refuse(why, forgets);
  }

  /// Nothing more is read from this connection: where the next request begins is in doubt.
  void refuseAndClose(HttpRefusal why) throws IOException {
    refuse(why, HttpFields.build().put("connection", "close"));
  }

  private void refuse(HttpRefusal why, HttpFields more) throws IOException {
    byte[] body = reader == AnswerAudience.PERSON ? text(why) : problem(why);
    HttpFields.Mutable headers = HttpFields.build(more);
    headers.put(
        "content-type",
        reader == AnswerAudience.PERSON ? "text/plain; charset=utf-8" : "application/problem+json");
    headers.put("cache-control", "no-store");
    headers.put("x-content-type-options", "nosniff");
    headers.put("content-length", body.length);
    if (why.status() == 401 && reader == AnswerAudience.PROGRAM) {
      headers.put("www-authenticate", "Bearer realm=\"lockbox\"");
    }
    head(why.status(), headers);
    Content.Sink.write(response, true, ByteBuffer.wrap(body));
    bytes += body.length;
  }

  private static byte[] problem(HttpRefusal why) {
    return CanonicalJson.bytes(
        Json.object()
            .put("code", why.word())
            .put("detail", why.detail())
            .put("hint", why.next())
            .put("status", why.status())
            .build());
  }

  private static byte[] text(HttpRefusal why) {
    return "OpenLockbox: %s.%n%s%n".formatted(why.detail(), why.next()).getBytes(UTF_8);
  }
}
