package org.openlockbox.http.websocket;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.Configuration;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.server.ServerUpgradeRequest;
import org.eclipse.jetty.websocket.core.server.ServerUpgradeResponse;
import org.eclipse.jetty.websocket.core.server.WebSocketMappings;
import org.eclipse.jetty.websocket.core.server.WebSocketNegotiator;
import org.eclipse.jetty.websocket.core.server.WebSocketServerComponents;
import org.openlockbox.http.catalogue.HttpRoute;

/// Makes WebSockets of engineers' requests. No extension is agreed on: what passes is what is
/// recorded, and nothing is compressed.
public final class WebSocketUpgrades {
  /// How much of a frame is read at once. A longer frame passes in several.
  static final int PIECE = 16 * 1024;

  /// 16 bytes in base64.
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9+/]{21}[AQgw]==");

  private final WebSocketMappings mappings;

  /// @param server before its start
  public WebSocketUpgrades(Server server) {
    this.mappings =
        new WebSocketMappings(WebSocketServerComponents.ensureWebSocketComponents(server));
  }

  /// How both ends read. A WebSocket may be silent for long, because it ends with its session.
  static Configuration.ConfigurationCustomizer configuration() {
    var configuration = new Configuration.ConfigurationCustomizer();
    configuration.setIdleTimeout(Duration.ofHours(1));
    configuration.setInputBufferSize(PIECE);
    configuration.setOutputBufferSize(PIECE);
    configuration.setMaxFrameSize(PIECE);
    configuration.setAutoFragment(true);
    return configuration;
  }

  /// Whether a request wants to become a WebSocket.
  public static boolean isAskedBy(Request request) {
    return "websocket".equalsIgnoreCase(request.getHeaders().get(HttpHeader.UPGRADE));
  }

  /// Whether it is a whole beginning of one (RFC 6455, section 4.2.1). It is looked at before the
  /// service hears of it.
  public static boolean isWhole(Request request) {
    HttpFields headers = request.getHeaders();
    return isAskedBy(request)
        && headers.contains(HttpHeader.CONNECTION, HttpHeader.UPGRADE.asString())
        && headers.getValuesList(HttpHeader.SEC_WEBSOCKET_VERSION).equals(List.of("13"))
        && headers.getValuesList(HttpHeader.SEC_WEBSOCKET_KEY).stream()
            .map(key -> KEY.matcher(key).matches())
            .toList()
            .equals(List.of(true));
  }

  /// The first that the engineer's client speaks and the route lists.
  public static Optional<String> subprotocol(Request request, HttpRoute route) {
    return request.getHeaders().getCSV(HttpHeader.SEC_WEBSOCKET_SUBPROTOCOL, true).stream()
        .filter(route.request().subprotocols()::contains)
        .findFirst();
  }

  /// Makes a WebSocket of the request. Then the callback is the library's; if it is false, the
  /// request is no good beginning of one, and nothing was answered.
  ///
  /// @param subprotocol what the service has agreed on
  public boolean accept(
      Request request,
      Response response,
      Callback callback,
      WebSocketLeg leg,
      Optional<String> subprotocol) {
    return mappings.upgrade(
        new AgreedWebSocket(leg, subprotocol), request, response, callback, configuration());
  }

  private record AgreedWebSocket(WebSocketLeg leg, Optional<String> subprotocol)
      implements WebSocketNegotiator {
    @Override
    public FrameHandler negotiate(
        ServerUpgradeRequest request, ServerUpgradeResponse response, Callback callback) {
      response.setExtensions(List.of());
      subprotocol.ifPresent(response::setAcceptedSubProtocol);
      return leg;
    }
  }
}
