package org.openlockbox.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.InetAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.OpCode;
import org.eclipse.jetty.websocket.core.server.WebSocketNegotiator;
import org.eclipse.jetty.websocket.core.server.WebSocketUpgradeHandler;
import org.jspecify.annotations.Nullable;

/// A service with WebSockets, on Jetty: `…/echo` sends back what it is sent, `…/flood` sends as
/// much as is taken, `…/plain` is no WebSocket.
public final class WebSocketService implements AutoCloseable {
  private static final byte[] PIECE = "0123456789abcdef".repeat(512).getBytes(UTF_8);

  private final Server server = new Server();
  private final ServerConnector connector = new ServerConnector(server);
  private final List<HttpFields> asked = new CopyOnWriteArrayList<>();
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private final AtomicLong flooded = new AtomicLong();

  public WebSocketService() throws Exception {
    connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
    server.addConnector(connector);
    var upgrades = new WebSocketUpgradeHandler();
    upgrades.addMapping(
        "/*",
        WebSocketNegotiator.from(
            (request, response, callback) -> {
              asked.add(HttpFields.build(request.getHeaders()).asImmutable());
              if (request.hasSubProtocol("chat")) {
                response.setAcceptedSubProtocol("chat");
              }
              String path = request.getHttpURI().getPath();
              return path.endsWith("/plain") ? null : path;
            },
            (path, _, _) -> new Peer(path.toString().endsWith("/flood"))));
    upgrades.setHandler(
        new Handler.Abstract() {
          @Override
          public boolean handle(Request request, Response response, Callback callback) {
            response.setStatus(404);
            callback.succeeded();
            return true;
          }
        });
    server.setHandler(upgrades);
    server.start();
  }

  public URI base() {
    return URI.create("http://127.0.0.1:" + connector.getLocalPort());
  }

  List<HttpFields> asked() {
    return asked;
  }

  /// The texts that it was sent.
  List<String> heard() {
    return heard;
  }

  /// How many bytes of floods were taken.
  long floods() {
    return flooded.get();
  }

  private final class Peer implements FrameHandler {
    private final boolean floods;
    private @Nullable CoreSession session;

    Peer(boolean floods) {
      this.floods = floods;
    }

    @Override
    public void onOpen(CoreSession opened, Callback callback) {
      session = opened;
      callback.succeeded();
      opened.demand();
      if (floods) {
        flood(opened);
      }
    }

    private CoreSession session() {
      return Objects.requireNonNull(session, "it is open");
    }

    private void flood(CoreSession to) {
      to.sendFrame(
          new Frame(OpCode.TEXT, ByteBuffer.wrap(PIECE)),
          Callback.from(
              () -> {
                flooded.addAndGet(PIECE.length);
                Thread.startVirtualThread(() -> flood(to));
              },
              _ -> {}),
          false);
    }

    @Override
    public void onFrame(Frame frame, Callback callback) {
      if (!frame.isDataFrame()) {
        callback.succeeded(); // a close is answered by the library
        session().demand();
        return;
      }
      heard.add(frame.getPayloadAsUTF8());
      session()
          .sendFrame(
              Frame.copy(frame).setMask(null),
              Callback.from(
                  () -> {
                    callback.succeeded();
                    session().demand();
                  },
                  callback::failed),
              false);
    }

    @Override
    public void onError(Throwable cause, Callback callback) {
      callback.succeeded();
    }

    @Override
    public void onClosed(CloseStatus status, Callback callback) {
      callback.succeeded();
    }
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the service did not stop", e);
    }
  }
}
