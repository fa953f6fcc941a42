package org.openlockbox.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.LifeCycle;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.gateway.testing.Await;
import org.openlockbox.http.catalogue.HttpUpstream;

/// [HostileRequests], to nginx and to Jetty: through the gateway none arrives there. Without it
/// some do, which shows that the suite can fail; `target/attacks` keeps which.
@Tag("slow")
class SmugglingTest {
  private static final int TOGETHER = 8;

  @TempDir private Path directory;

  /// A server as anybody runs it, and what has reached the application behind it.
  private interface PlainServer extends AutoCloseable {
    URI base();

    List<String> arrived();

    @Override
    void close();
  }

  enum ServerKind {
    NGINX,
    JETTY
  }

  private PlainServer started(ServerKind kind) throws Exception {
    return switch (kind) {
      case NGINX -> new NginxInFront(directory);
      case JETTY -> new PlainJetty();
    };
  }

  @ParameterizedTest
  @EnumSource
  void nothingHostileArrives(ServerKind kind) throws Exception {
    try (PlainServer server = started(kind);
        HttpFixture http = new HttpFixture()) {
      http.upstream = Optional.of(new HttpUpstream.SharedUpstream(server.base()));
      http.reload();
      String token = http.token(http.approved(Level.WRITE));
      try (var threads = Executors.newFixedThreadPool(TOGETHER)) {
        List<Future<?>> sent = new ArrayList<>();
        HostileRequests.all("Authorization: Bearer " + token + "\r\n")
            .forEach(each -> sent.add(threads.submit(() -> say(http.socket(), each))));
        for (Future<?> each : sent) {
          each.get();
        }
      }
      assertThat(server.arrived()).isEmpty();
      assertThat(http.get(token, "/t/acme/tickets/1").statusCode()).isEqualTo(200);
      assertThat(server.arrived()).containsExactly("GET /t/acme/tickets/1");
    }
  }

  @ParameterizedTest
  @EnumSource
  void withoutTheGatewaySomeArrive(ServerKind kind) throws Exception {
    List<String> control = new ArrayList<>();
    try (PlainServer server = started(kind)) {
      for (String request : HostileRequests.all("").toList()) {
        int before = server.arrived().size();
        say(new Socket(InetAddress.getLoopbackAddress(), server.base().getPort()), request);
        List<String> more = server.arrived().subList(before, server.arrived().size());
        if (!more.isEmpty()) {
          control.add(more + " of " + request.replace("\r", "\\r").replace("\n", "\\n"));
        }
      }
    }
    Path kept = Files.createDirectories(Path.of("target/attacks"));
    Files.write(
        kept.resolve("http-control-" + kind.name().toLowerCase(Locale.ROOT) + ".txt"), control);
    assertThat(control).hasSizeGreaterThan(20);
  }

  /// Sends it, and reads until there is nothing more for a moment.
  private static Void say(Socket to, String request) {
    try (to) {
      to.setSoTimeout(500);
      to.getOutputStream().write(request.getBytes(ISO_8859_1));
      byte[] piece = new byte[8192];
      while (to.getInputStream().read(piece) >= 0) {}
    } catch (IOException e) {
      // refused, or nothing more comes
    }
    return null;
  }

  /// nginx as Debian has it, before a [TicketService].
  private static final class NginxInFront implements PlainServer {
    private final TicketService service = new TicketService();
    private final Process nginx;
    private final int port;

    NginxInFront(Path directory) throws IOException {
      port = freePort();
      Path configuration = directory.resolve("nginx.conf");
      Files.writeString(
          configuration,
          """
          daemon off;
          pid %1$s/nginx.pid;
          error_log %1$s/error.log;
          events {}
          http {
            access_log off;
            client_body_temp_path %1$s/body;
            proxy_temp_path %1$s/proxy;
            fastcgi_temp_path %1$s/fastcgi;
            uwsgi_temp_path %1$s/uwsgi;
            scgi_temp_path %1$s/scgi;
            server {
              listen 127.0.0.1:%2$d;
              location / { proxy_pass %3$s; }
            }
          }
          """
              .formatted(directory, port, service.base()));
      nginx =
          new ProcessBuilder("nginx", "-p", directory.toString(), "-c", configuration.toString())
              .inheritIO()
              .start();
      Await.until(() -> isListening(port) || !nginx.isAlive());
      assertThat(nginx.isAlive()).isTrue();
    }

    @Override
    public URI base() {
      return URI.create("http://127.0.0.1:" + port);
    }

    @Override
    public List<String> arrived() {
      return service.heard().stream().map(TicketService.Heard::line).toList();
    }

    @Override
    public void close() {
      nginx.destroy();
      nginx.onExit().join();
      service.close();
    }
  }

  private static int freePort() throws IOException {
    try (var any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return any.getLocalPort();
    }
  }

  private static boolean isListening(int port) {
    try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /// Jetty with nothing set, and an application that takes whatever comes.
  private static final class PlainJetty implements PlainServer {
    private final List<String> arrived = new CopyOnWriteArrayList<>();
    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);

    PlainJetty() throws Exception {
      connector.setHost("127.0.0.1");
      server.addConnector(connector);
      server.setHandler(
          new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback)
                throws IOException {
              Content.Source.consumeAll(request);
              arrived.add(request.getMethod() + " " + request.getHttpURI().getPathQuery());
              response.getHeaders().put("Content-Type", "application/json");
              Content.Sink.write(response, true, "{}", callback);
              return true;
            }
          });
      server.start();
    }

    @Override
    public URI base() {
      return URI.create("http://127.0.0.1:" + connector.getLocalPort());
    }

    @Override
    public List<String> arrived() {
      return List.copyOf(arrived);
    }

    @Override
    public void close() {
      LifeCycle.stop(server);
    }
  }
}
