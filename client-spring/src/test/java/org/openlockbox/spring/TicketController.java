package org.openlockbox.spring;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.openlockbox.client.session.AccessSession;
import org.openlockbox.client.session.RecordedAction;
import org.openlockbox.core.access.Level;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/// A helpdesk of two customers: `1` is acme, `2` is globex.
@RestController
public class TicketController {
  static final AtomicInteger RUN = new AtomicInteger();
  private static final byte[] LINE = "a ticket\n".getBytes(UTF_8);

  @GetMapping("/health")
  public String health() {
    return "up";
  }

  @GetMapping("/{tenant}/tickets")
  @LockboxProtected(resource = "helpdesk", action = "tickets.list", level = Level.READ)
  public String list(AccessSession session, RecordedAction action) {
    RUN.incrementAndGet();
    return "tickets of " + session.tenant() + ", operation " + action.number();
  }

  @PostMapping("/{tenant}/search")
  @LockboxProtected(resource = "helpdesk", action = "tickets.list", level = Level.READ)
  public String search(@RequestBody String body) {
    return "found " + body;
  }

  @PostMapping("/{tenant}/form")
  @LockboxProtected(resource = "helpdesk", action = "tickets.list", level = Level.READ)
  public String form(@RequestParam("status") String status) {
    return "status " + status;
  }

  @PostMapping("/{tenant}/change")
  @LockboxProtected(resource = "helpdesk", action = "tickets.change", level = Level.WRITE)
  public String change() {
    RUN.incrementAndGet();
    return "changed";
  }

  @GetMapping("/{tenant}/fails")
  @LockboxProtected(resource = "helpdesk", action = "tickets.list", level = Level.READ)
  public String fail() {
    throw new IllegalStateException("pat@acme.example");
  }

  @GetMapping("/{tenant}/missing")
  @LockboxProtected(resource = "helpdesk", action = "tickets.list", level = Level.READ)
  public ResponseEntity<String> missing() {
    return new ResponseEntity<>("no such ticket", HttpStatus.NOT_FOUND);
  }

  @GetMapping("/{tenant}/later")
  @LockboxProtected(resource = "helpdesk", action = "tickets.list", level = Level.READ)
  public Callable<String> later() {
    return () -> "later";
  }

  @GetMapping("/{tenant}/watch")
  @LockboxProtected(resource = "helpdesk", action = "tickets.list", level = Level.READ)
  public void watch(HttpServletResponse response) throws IOException {
    while (true) {
      response.getOutputStream().write(LINE);
      response.flushBuffer();
      LockSupport.parkNanos(5_000_000L);
    }
  }

  @GetMapping("/{tenant}/reset")
  @LockboxProtected(resource = "helpdesk", action = "tickets.list", level = Level.READ)
  public void startOver(HttpServletResponse response) throws IOException {
    response.getOutputStream().write(LINE);
    response.resetBuffer();
    response.getOutputStream().write("nothing".getBytes(UTF_8));
  }

  /// Spring does not pass on that a body is flushed.
  @GetMapping("/{tenant}/export")
  @LockboxProtected(resource = "helpdesk", action = "tickets.list", level = Level.READ)
  public StreamingResponseBody export() {
    return out -> {
      while (true) {
        out.write(LINE);
        LockSupport.parkNanos(50_000L);
      }
    };
  }
}
