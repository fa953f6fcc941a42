package org.openlockbox.demo.mail;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.openlockbox.node.process.Ports;
import org.openlockbox.portal.edge.DesignBook;

/// The demo's mail in a browser: `/mail`, `/mail?to=ADDRESS`, `/mail/NUMBER`, each with `.json` for
/// programs; and `/design`, the components of the portal's pages. It listens on the loopback
/// address alone and answers only to the name of this machine, so that no page of another site can
/// read a sign-in code by pointing its own name here. A message's HTML shows in a frame that may
/// run nothing and load nothing.
public final class MailPage implements AutoCloseable {
  private static final int MOST_SHOWN = 500;
  private static final Pattern MESSAGE = Pattern.compile("/mail/(\\d{4,9})(\\.json|/html)?");
  private static final String PAGE_POLICY =
      "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self';"
          + " frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
  private static final String MESSAGE_POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-popups"
          + " allow-popups-to-escape-sandbox; frame-ancestors 'self'";

  private static final String DESIGN_POLICY =
      "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final PageResponse NOT_FOUND =
      PageResponse.refused(404, "there is no such message");

  private final HttpServer server;
  private final ExecutorService threads;
  private final Mailbox mailbox;
  private final DesignBook design = new DesignBook();

  private MailPage(HttpServer server, ExecutorService threads, Mailbox mailbox) {
    this.server = server;
    this.threads = threads;
    this.mailbox = mailbox;
  }

  /// Shows the messages in this directory of a [MailSink].
  public static MailPage start(int port, Path directory) throws IOException {
    Ports.check(port, "the demo's mail page");
    var threads = Executors.newVirtualThreadPerTaskExecutor();
    var server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    var page = new MailPage(server, threads, new Mailbox(directory));
    server.setExecutor(threads);
    server.createContext("/", page::handle);
    server.start();
    return page;
  }

  int port() {
    return server.getAddress().getPort();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      send(exchange, answer(exchange));
    }
  }

  /// One answer; `policy` is its Content-Security-Policy.
  private record PageResponse(int status, String type, String policy, String body) {
    static PageResponse page(String body) {
      return new PageResponse(200, "text/html", PAGE_POLICY, body);
    }

    static PageResponse json(String body) {
      return new PageResponse(200, "application/json", PAGE_POLICY, body);
    }

    static PageResponse refused(int status, String why) {
      return new PageResponse(status, "text/plain", PAGE_POLICY, why + "\n");
    }
  }

  private PageResponse answer(HttpExchange exchange) throws IOException {
    if (!isThisMachine(exchange.getRequestHeaders().getFirst("Host"))) {
      return PageResponse.refused(421, "the mail page answers to localhost alone");
    }
    if (!exchange.getRequestMethod().equals("GET")) {
      return PageResponse.refused(405, "mail can only be read");
    }
    var to = address(exchange);
    return switch (exchange.getRequestURI().getPath()) {
      case "/", "/mail" ->
          PageResponse.page(
              MailPageHtml.list(mailbox.newest(to, MOST_SHOWN), mailbox.addresses(), to));
      case "/mail.json" -> PageResponse.json(MailPageHtml.json(mailbox.newest(to, MOST_SHOWN)));
      case "/mail/count" -> new PageResponse(200, "text/plain", PAGE_POLICY, mailbox.count() + "");
      case "/mail.css" ->
          new PageResponse(200, "text/css", PAGE_POLICY, MailPageHtml.resource("mail.css"));
      case "/mail.js" ->
          new PageResponse(200, "text/javascript", PAGE_POLICY, MailPageHtml.resource("mail.js"));
      case String path when path.equals("/design") || path.startsWith("/assets/") ->
          design(path, exchange.getRequestURI().getQuery());
      default -> message(exchange.getRequestURI().getPath());
    };
  }

  private PageResponse design(String path, @Nullable String query) {
    return design
        .find(path, Objects.requireNonNullElse(query, ""))
        .map(file -> new PageResponse(200, file.type(), DESIGN_POLICY, file.text()))
        .orElse(NOT_FOUND);
  }

  private PageResponse message(String path) throws IOException {
    var asked = MESSAGE.matcher(path);
    var found = asked.matches() ? mailbox.find(asked.group(1)) : Optional.<ReceivedMail>empty();
    if (found.isEmpty()) {
      return NOT_FOUND;
    }
    var message = found.get();
    return switch (Objects.requireNonNullElse(asked.group(2), "")) {
      case ".json" -> PageResponse.json(MailPageHtml.json(message));
      case "/html" ->
          message
              .html()
              .map(
                  html ->
                      new PageResponse(200, "text/html", MESSAGE_POLICY, MailPageHtml.framed(html)))
              .orElse(NOT_FOUND);
      default -> PageResponse.page(MailPageHtml.message(message));
    };
  }

  private static boolean isThisMachine(@Nullable String host) {
    return host != null && host.matches("(localhost|127\\.0\\.0\\.1)(:\\d+)?");
  }

  private static Optional<String> address(HttpExchange exchange) {
    String query = Objects.requireNonNullElse(exchange.getRequestURI().getRawQuery(), "");
    return Arrays.stream(query.split("&"))
        .filter(parameter -> parameter.startsWith("to="))
        .map(parameter -> URLDecoder.decode(parameter.substring(3), StandardCharsets.UTF_8))
        .findFirst();
  }

  private static void send(HttpExchange exchange, PageResponse answer) throws IOException {
    byte[] body = answer.body.getBytes(StandardCharsets.UTF_8);
    var headers = exchange.getResponseHeaders();
    headers.set("Content-Type", answer.type + "; charset=utf-8");
    headers.set("Content-Security-Policy", answer.policy);
    headers.set("Cache-Control", "no-store");
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Referrer-Policy", "no-referrer");
    headers.set("Cross-Origin-Resource-Policy", "same-origin");
    exchange.sendResponseHeaders(answer.status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
