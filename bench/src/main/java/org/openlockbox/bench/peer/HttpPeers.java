package org.openlockbox.bench.peer;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.openlockbox.node.process.Ports;

/// The peers of one run over HTTP: straight to the service, through nginx and Caddy as plain
/// reverse proxies, through a gateway that records nothing, and through one that records. The
/// service is an nginx that answers from memory; all but the first way have TLS.
///
/// Both gateways run in this program, under the demo's authority, with the demo's catalogue in
/// which the API has another address and three more routes.
public final class HttpPeers implements AutoCloseable {
  /// How many connections share a session: as many as a session may have.
  public static final int CONNECTIONS = 64;

  public static final String RECORDED = "gateway, recorded";

  private static final long LARGE_BYTES = 100L << 20;
  private static final String MASKED = "masked";
  private static final String READ = "read";
  private static final String ROUTES =
      """
          routes:
            bench.small: {method: GET, path: '/v1/tenants/{tenant}/bench-small', level: read}
            bench.large: {method: GET, path: '/v1/tenants/{tenant}/bench-large', level: read, opaque: true}
            bench.masked:
              method: GET
              path: '/v1/tenants/{tenant}/bench-masked'
              level: masked
              show: [id, status]
              mask: {requester.email: email, subject: redact}
              tenant: [tenant]
            tickets.list:
      """;

  private final Path state;
  private final Path directory;
  private final Deque<AutoCloseable> running = new ArrayDeque<>();
  private final List<HttpPeer> all = new ArrayList<>();

  private HttpPeers(Path state) throws IOException {
    this.state = state.toAbsolutePath();
    this.directory = Files.createTempDirectory("lockbox-http-bench");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /// Starts the service and all ways to it, against the running demo.
  ///
  /// @param tokens how many sessions one run needs
  public static HttpPeers start(Path state, int tokens) throws IOException {
    var peers = new HttpPeers(state);
    try {
      peers.startAll(tokens);
      return peers;
    } catch (IOException | RuntimeException | Error e) {
      peers.close();
      throw e;
    }
  }

  private void startAll(int tokens) throws IOException {
    try (var large = new RandomAccessFile(directory.resolve("large").toFile(), "rw")) {
      large.setLength(LARGE_BYTES);
    }
    Map<String, HttpGrant> grants =
        Map.of(READ, granted(READ, tokens), MASKED, granted(MASKED, tokens));
    String service = String.valueOf(Ports.free());
    Process upstream = nginx("service", service, service(service));
    all.add(peer("direct", "http://127.0.0.1:" + service, upstream));
    String nginx = String.valueOf(Ports.free());
    Process proxy = nginx("proxy", nginx, proxy(nginx, service));
    all.add(peer("nginx", "https://127.0.0.1:" + nginx, proxy));
    String caddy = String.valueOf(Ports.free());
    all.add(peer("Caddy", "https://127.0.0.1:" + caddy, caddy(caddy, service)));
    gateway("gateway, unrecorded", "gw-bench-1", service, false, grants);
    gateway(RECORDED, "gw-bench-2", service, true, grants);
  }

  private HttpGrant granted(String level, int tokens) {
    HttpGrant grant = HttpGrant.open(level, tokens);
    running.push(grant::revoke);
    return grant;
  }

  private static HttpPeer peer(String name, String base, Process by) {
    return new HttpPeer(name, base, _ -> List.of(), Optional.of(by.toHandle()));
  }

  private Process nginx(String name, String port, String server) throws IOException {
    Path file =
        Files.writeString(
            directory.resolve(name + ".conf"),
            """
            daemon off;
            worker_processes 2;
            pid %1$s/%2$s.pid;
            error_log stderr crit;
            events { worker_connections 2048; }
            http {
              access_log off;
              keepalive_requests 100000000;
              sendfile on;
              client_body_temp_path %1$s/%2$s-body;
              proxy_temp_path %1$s/%2$s-proxy;
              fastcgi_temp_path %1$s/%2$s-fastcgi;
              uwsgi_temp_path %1$s/%2$s-uwsgi;
              scgi_temp_path %1$s/%2$s-scgi;
              %3$s
            }
            """
                .formatted(directory, name, server));
    return started(new Command(Map.of(), "nginx", "-c", file.toString()).listening(number(port)));
  }

  private String service(String port) {
    return """
    server {
      listen 127.0.0.1:%s backlog=1024;
      default_type application/json;
      location = /v1/tenants/acme/bench-small { return 200 '{"id":4711,"status":"open","tenant":"acme"}'; }
      location = /v1/tenants/acme/bench-masked {
        return 200 '{"id":4711,"requester":{"email":"kim@acme.example"},"status":"open","subject":"Cannot log in","tenant":"acme"}';
      }
      location = /v1/tenants/acme/bench-large { alias %s; default_type application/octet-stream; }
    }
    """
        .formatted(port, directory.resolve("large"));
  }

  private String proxy(String port, String service) {
    return """
    upstream service { server 127.0.0.1:%s; keepalive 256; }
    server {
      listen 127.0.0.1:%s ssl backlog=1024;
      ssl_certificate %s;
      ssl_certificate_key %s;
      location / {
        proxy_pass http://service;
        proxy_http_version 1.1;
        proxy_set_header Connection "";
        proxy_max_temp_file_size 0;
      }
    }
    """
        .formatted(service, port, tls("server.pem"), tls("server.key"));
  }

  private Process caddy(String port, String service) throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("Caddyfile"),
            """
            {
              admin off
              auto_https off
              servers {
                protocols h1
              }
              log {
                level ERROR
              }
            }
            https://:%s {
              bind 127.0.0.1
              tls %s %s
              reverse_proxy 127.0.0.1:%s {
                transport http {
                  keepalive_idle_conns_per_host 256
                }
              }
            }
            """
                .formatted(port, tls("server.pem"), tls("server.key"), service));
    return started(
        new Command(
                Map.of("HOME", directory.toString()),
                "caddy",
                "run",
                "--adapter",
                "caddyfile",
                "--config",
                file.toString())
            .listening(number(port)));
  }

  private Path tls(String file) {
    return state.resolve("tls").resolve(file);
  }

  private Process started(Process process) {
    running.push(
        () -> {
          process.destroy();
          process.onExit().join();
        });
    return process;
  }

  private void gateway(
      String name, String id, String service, boolean records, Map<String, HttpGrant> grants)
      throws IOException {
    String port = String.valueOf(Ports.free());
    Path resources = state.resolve(id + "-resources.yaml");
    Path config = state.resolve(id + ".yaml");
    running.push(() -> remove(resources, config));
    String catalogue = Files.readString(state.resolve("resources.yaml"));
    catalogue = replaced(catalogue, ":" + Peers.port(state, "api") + "'", ":" + service + "'");
    catalogue = replaced(catalogue, ", assertion: {}", ""); // nginx could not check any
    Files.writeString(resources, replaced(catalogue, "    routes:\n      tickets.list:\n", ROUTES));
    String text = Files.readString(state.resolve("lockbox.yaml"));
    text = replaced(text, "resources: resources.yaml", "resources: " + resources.getFileName());
    text =
        replaced(
            text,
            "  listen: 127.0.0.1:" + Peers.port(state, "gateway"),
            "  listen: 127.0.0.1:" + Ports.free());
    text =
        replaced(
            text,
            "http: {listen: 127.0.0.1:" + Peers.port(state, "http"),
            "http: {listen: 127.0.0.1:" + port);
    text =
        replaced(
            text,
            "listen: 127.0.0.1:" + Peers.port(state, "checks"),
            "listen: 127.0.0.1:" + Ports.free());
    Files.writeString(config, text);
    running.push(OwnGateway.at(state, config, id, records));
    all.add(
        new HttpPeer(
            name,
            "https://127.0.0.1:" + port,
            level -> Optional.ofNullable(grants.get(level)).orElseThrow().headers(),
            Optional.of(ProcessHandle.current())));
  }

  private static void remove(Path... files) throws IOException {
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
  }

  private static String replaced(String text, String from, String to) {
    if (!text.contains(from)) {
      throw new IllegalStateException("the demo's configuration has changed: no " + from);
    }
    return text.replace(from, to);
  }

  private static int number(String port) {
    return Integer.parseInt(port);
  }

  public List<HttpPeer> all() {
    return List.copyOf(all);
  }

  @Override
  public void close() {
    while (!running.isEmpty()) {
      try {
        running.pop().close();
      } catch (Exception e) {
        System.err.println("while stopping: " + e.getMessage());
      }
    }
  }
}
