import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.openlockbox.client.ClientConfigReader;
import org.openlockbox.client.LockboxClient;
import org.openlockbox.client.session.AccessRefusal;
import org.openlockbox.client.session.AccessSession;
import org.openlockbox.client.session.ActionCall;
import org.openlockbox.client.session.CallOrigin;
import org.openlockbox.client.session.AccessOpening;
import org.openlockbox.client.session.RecordResult;
import org.openlockbox.client.session.RecordedAction;
import org.openlockbox.client.session.ReleasedStream;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.application.ApplicationAction;
import org.openlockbox.gateway.login.BearerToken;

/// A helpdesk that is its own gateway: `GET /acme/tickets` lists a customer's tickets, `GET
/// /acme/watch` shows one each moment, and goes on until the customer ends the access.
///
/// Arguments: the file that says who it is, and the port.
public final class HelpdeskApplication {
  private static final ResourceId HELPDESK = new ResourceId("helpdesk-app");
  private static final Map<String, ApplicationAction> ACTIONS =
      Map.of("tickets", new ApplicationAction("tickets.list"), "watch", new ApplicationAction("tickets.watch"));

  private final LockboxClient lockbox;

  private HelpdeskApplication(LockboxClient lockbox) {
    this.lockbox = lockbox;
  }

  public static void main(String[] args) throws IOException {
    var config = ClientConfigReader.read(Path.of(args[0]), InstantSource.system());
    var application = new HelpdeskApplication(LockboxClient.start(config));
    var server =
        HttpServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(args[1])), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", application::serve);
    Runtime.getRuntime().addShutdownHook(new Thread(application.lockbox::close));
    server.start();
    System.out.println("the helpdesk listens on " + server.getAddress());
  }

  private void serve(HttpExchange exchange) throws IOException {
    Optional<BearerToken> token =
        Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
            .flatMap(BearerToken::parse);
    if (token.isEmpty()) {
      answer(exchange, 401, "show the token of `lockbox connect`");
      return;
    }
    switch (lockbox.open(token.get(), HELPDESK, caller(exchange))) {
      case AccessOpening.RefusedAccess(AccessRefusal why) -> answer(exchange, 403, why.toString());
      case AccessOpening.OpenedAccess(AccessSession session) -> serve(exchange, session);
    }
  }

  /// Whoever has no access does not even learn which customers there are.
  private void serve(HttpExchange exchange, AccessSession session) throws IOException {
    String[] path = exchange.getRequestURI().getPath().split("/", -1);
    Optional<TenantId> tenant =
        lockbox.resources().getFirst().tenantOf(path.length == 3 ? path[1] : "");
    if (tenant.isEmpty() || !ACTIONS.containsKey(path[2])) {
      answer(exchange, 404, "nothing is called so");
      return;
    }
    String text = exchange.getRequestMethod() + " " + exchange.getRequestURI();
    switch (session.record(new ActionCall(ACTIONS.get(path[2]), tenant.get(), text))) {
      case RecordResult.NotRecorded(AccessRefusal why) -> answer(exchange, 403, why.toString());
      case RecordedAction action -> show(exchange, session, action, path[2]);
    }
  }

  private static CallOrigin caller(HttpExchange exchange) {
    return new CallOrigin(exchange.getRemoteAddress().getAddress(), "helpdesk");
  }

  /// Everything leaves through the action's own stream. A refusal in the middle breaks the
  /// connection, because this method throws it: nobody takes the answer for a whole one.
  private static void show(
      HttpExchange exchange, AccessSession session, RecordedAction action, String what)
      throws IOException {
    List<String> tickets = tickets(action, session.tenant(), session.level());
    exchange.sendResponseHeaders(200, 0);
    try (action; ReleasedStream out = action.releaseTo(exchange.getResponseBody(), 2)) {
      do {
        for (String ticket : tickets) {
          out.write((ticket + "\n").getBytes(UTF_8));
        }
        out.flush();
        LockSupport.parkNanos(100_000_000L);
      } while (what.equals("watch"));
    }
    exchange.close();
  }

  /// The only way to the data wants the proof that the action is on record.
  private static List<String> tickets(RecordedAction proof, TenantId tenant, Level level) {
    String requester = level == Level.MASKED ? "***" : "pat@" + tenant + ".example";
    return List.of("1 Printer is on fire, " + requester, "2 Cannot log in, " + requester);
  }

  private static void answer(HttpExchange exchange, int status, String why) throws IOException {
    byte[] text = (why + "\n").getBytes(UTF_8);
    exchange.sendResponseHeaders(status, text.length);
    try (exchange) {
      exchange.getResponseBody().write(text);
    }
  }
}
