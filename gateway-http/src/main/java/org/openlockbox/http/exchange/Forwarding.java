package org.openlockbox.http.exchange;

import java.io.IOException;
import java.util.Optional;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.openlockbox.gateway.admission.Permit;
import org.openlockbox.http.assertion.AssertionClaims.AssertedCall;
import org.openlockbox.http.assertion.Assertions;
import org.openlockbox.http.catalogue.HttpSpec;
import org.openlockbox.http.websocket.WebSocketLeg;
import org.openlockbox.http.websocket.WebSocketServices.WebSocketStart;
import org.openlockbox.http.websocket.WebSocketUpgrades;

/// How one request of a session reaches its service: with the assertion of its own operation, where
/// the service takes one.
record Forwarding(EngineerRequest from, Permit permit, HttpSpec spec, ForwardingParts parts)
    implements Exchange.Sending {
  /// A request as it came.
  ///
  /// @param callback ends its handling
  record EngineerRequest(Request request, Response response, Callback callback) {}

  /// What all requests are forwarded with.
  record ForwardingParts(Upstreams upstreams, WebSocketUpgrades upgrades, Assertions assertions) {}

  @Override
  public SentRequest send(AcceptedRequest request, long number) {
    return parts.upstreams().send(permit.session(), asserted(request, number));
  }

  @Override
  public Optional<String> connect(AcceptedRequest request, long number, WebSocketLeg leg)
      throws IOException {
    return parts
        .upstreams()
        .webSockets()
        .connect(
            new WebSocketStart(
                request.upstream(),
                request.target(),
                permit.session(),
                asserted(request, number).headers(),
                request.subprotocol()),
            leg);
  }

  @Override
  public boolean accept(WebSocketLeg leg, Optional<String> subprotocol) {
    return parts
        .upgrades()
        .accept(from.request(), from.response(), from.callback(), leg, subprotocol);
  }

  private AcceptedRequest asserted(AcceptedRequest accepted, long number) {
    String method = accepted.route().method().name();
    return spec.assertion()
        .map(
            rule ->
                accepted.with(
                    parts
                        .assertions()
                        .headers(
                            permit,
                            rule,
                            new AssertedCall(number, method, accepted.path().toString()))))
        .orElse(accepted);
  }
}
