package org.openlockbox.check;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.cert.CertificateEncodingException;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.openlockbox.check.authzen.AuthzenApi;
import org.openlockbox.check.caller.CheckCaller;
import org.openlockbox.check.caller.CheckCallers;
import org.openlockbox.check.forward.ForwardAuth;
import org.openlockbox.check.forward.ProxyRequest;
import org.openlockbox.check.session.CallTime;
import org.openlockbox.check.session.CheckOrigin;
import org.openlockbox.check.session.CheckVerdict;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.gateway.gate.Clearance;
import org.openlockbox.http.socket.PlainFraming;
import org.openlockbox.http.socket.UnreadBody;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes each call to the interface that it is for, once the caller has proven who it is: by the
/// certificate of its connection, or by a secret. Nothing else of a call is believed before that.
final class CheckHandler extends Handler.Abstract {
  private static final Logger LOG = LoggerFactory.getLogger(CheckHandler.class);
  private static final int MOST = 64 * 1024;

  /// Of proxies: `Authorization` is the engineer's there.
  private static final String CALLER = "X-Lockbox-Caller";

  private static final String REQUEST_ID = "X-Request-ID";
  private static final String BEARER = "Bearer ";

  private final AuthzenApi api;
  private final ForwardAuth forward;
  private final Supplier<CheckCallers> callers;
  private final LongSupplier nanoTime;

  CheckHandler(
      AuthzenApi api, ForwardAuth forward, Supplier<CheckCallers> callers, LongSupplier nanoTime) {
    this.api = api;
    this.forward = forward;
    this.callers = callers;
    this.nanoTime = nanoTime;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    try {
      answer(request, response);
      UnreadBody.passOver(request);
      callback.succeeded();
    } catch (IOException e) {
      callback.failed(e);
    } catch (RuntimeException | Error e) {
      LOG.error("a call failed", e);
      callback.failed(e); // no answer is a no
    }
    return true;
  }

  private void answer(Request request, Response response) throws IOException {
    List<String> id = request.getHeaders().getValuesList(REQUEST_ID);
    if (id.size() == 1) {
      response.getHeaders().put(REQUEST_ID, id.getFirst());
    }
    if (!PlainFraming.holds(request.getHeaders())) {
      response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE);
      say(response, 501, PlainFraming.REFUSAL);
      return;
    }
    String path = Optional.ofNullable(request.getHttpURI().getPath()).orElse("");
    if (path.equals(AuthzenApi.METADATA) && request.getMethod().equals("GET")) {
      send(response, 200, "application/json", api.metadata());
      return;
    }
    CallTime time = CallTime.from(nanoTime);
    Bytes body = body(request);
    boolean isForward = ForwardAuth.hasPath(path);
    Optional<CheckCaller> caller = caller(request, isForward);
    if (caller.isEmpty()) {
      response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer realm=\"lockbox\"");
      say(response, 401, "this caller is not known");
      return;
    }
    AnswerEndPoint.under(request.getConnectionMetaData().getConnection().getEndPoint()).known();
    var from = (InetSocketAddress) request.getConnectionMetaData().getRemoteSocketAddress();
    var origin = new CheckOrigin(caller.get(), from.getAddress(), time);
    if (isForward) {
      forward(request, response, origin);
    } else if (!api.hasPath(path)) {
      say(response, 404, "there is nothing here");
    } else if (!request.getMethod().equals("POST")) {
      say(response, 405, "this takes POST");
    } else {
      var type = Optional.ofNullable(request.getHeaders().get(HttpHeader.CONTENT_TYPE));
      evaluate(new Call(request, response), origin, path, type, body);
    }
  }

  private Optional<CheckCaller> caller(Request request, boolean isForward) throws IOException {
    CheckCallers known = callers.get();
    Optional<CheckCaller> shown = certificate(request).flatMap(known::byCertificate);
    if (shown.isPresent()) {
      return shown;
    }
    List<String> sent =
        request
            .getHeaders()
            .getValuesList(isForward ? CALLER : HttpHeader.AUTHORIZATION.asString());
    if (sent.size() != 1) {
      return Optional.empty();
    }
    return Optional.of(sent.getFirst())
        .filter(text -> isForward || text.startsWith(BEARER))
        .map(text -> isForward ? text : text.substring(BEARER.length()))
        .flatMap(known::bySecret);
  }

  private static Optional<Bytes> certificate(Request request) throws IOException {
    EndPoint.SslSessionData tls =
        request.getConnectionMetaData().getConnection().getEndPoint().getSslSessionData();
    if (tls == null || tls.peerCertificates() == null || tls.peerCertificates().length == 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(Bytes.of(tls.peerCertificates()[0].getEncoded()));
    } catch (CertificateEncodingException e) {
      throw new IOException("the caller's certificate cannot be read", e);
    }
  }

  /// All of it, or one byte too much. It is read also of a stranger: what is left unread would end
  /// the connection, and with it the next question. The stream is not closed, because that would
  /// fail the request while its caller still sends.
  private static Bytes body(Request request) throws IOException {
    InputStream from = Request.asInputStream(request);
    Bytes body = Bytes.of(from.readNBytes(MOST + 1));
    from.skipNBytes(from.available()); // of a piece that the stream holds, and nobody else has
    return body;
  }

  private record Call(Request request, Response response) {
    /// Sends what may leave only while all of these are open.
    void release(List<Clearance> clearances, String type, Bytes body) throws IOException {
      AnswerEndPoint socket =
          AnswerEndPoint.under(request.getConnectionMetaData().getConnection().getEndPoint());
      socket.requires(clearances);
      send(response, 200, type, body);
      socket.requires(List.of());
    }
  }

  private void evaluate(
      Call call, CheckOrigin origin, String path, Optional<String> type, Bytes body)
      throws IOException {
    Response response = call.response();
    if (body.size() > MOST) {
      say(response, 413, "the body is longer than %d bytes".formatted(MOST));
      return;
    }
    switch (api.answer(path, origin, type, body).orElseThrow()) {
      case AuthzenApi.ApiResult.Answered(Bytes json, List<Clearance> clearances) -> {
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        call.release(clearances, "application/json", json);
      }
      case AuthzenApi.ApiResult.BadRequest(String message) -> say(response, 400, message);
      case AuthzenApi.ApiResult.NoAnswerNow(String message) -> say(response, 503, message);
    }
  }

  private void forward(Request request, Response response, CheckOrigin origin) throws IOException {
    HttpFields headers = request.getHeaders();
    String host = Optional.ofNullable(headers.get(HttpHeader.HOST)).orElse("");
    String target = Optional.ofNullable(request.getHttpURI().getPathQuery()).orElse("");
    CheckVerdict verdict =
        forward.decide(origin, target, new ProxyRequest(request.getMethod(), host, headers));
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    switch (verdict) {
      case CheckVerdict.AllowedCheck allowed -> {
        name(response, allowed.access());
        new Call(request, response)
            .release(allowed.clearances(), "text/plain;charset=utf-8", Bytes.empty());
      }
      case CheckVerdict.DeniedCheck denied -> refuse(response, denied);
    }
  }

  /// What the service behind the proxy may know of the access.
  private static void name(Response response, CheckVerdict.CheckedAccess access) {
    response
        .getHeaders()
        .put("X-Lockbox-Request", access.request().value())
        .put("X-Lockbox-Session", access.session().value())
        .put("X-Lockbox-Tenant", access.tenant().value())
        .put("X-Lockbox-Engineer", access.engineer().value())
        .put("X-Lockbox-Level", access.level().word());
  }

  /// 401 or 403: nginx takes any other status for a fault of ours.
  private static void refuse(Response response, CheckVerdict.DeniedCheck denied)
      throws IOException {
    int status =
        switch (denied.kind()) {
          case NOT_SIGNED_IN -> 401;
          case FORBIDDEN, UNKNOWN -> 403;
        };
    if (status == 401) {
      response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer realm=\"lockbox\"");
    }
    Json problem =
        Json.object()
            .put("code", denied.code())
            .put("detail", denied.detail())
            .put("hint", denied.next())
            .put("status", status)
            .build();
    send(response, status, "application/problem+json", Bytes.of(CanonicalJson.bytes(problem)));
  }

  /// An error as the API says it: a message.
  private static void say(Response response, int status, String message) throws IOException {
    send(response, status, "text/plain;charset=utf-8", Bytes.of(message.getBytes(UTF_8)));
  }

  private static void send(Response response, int status, String type, Bytes body)
      throws IOException {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.size());
    Content.Sink.write(response, true, ByteBuffer.wrap(body.toArray()));
  }
}
