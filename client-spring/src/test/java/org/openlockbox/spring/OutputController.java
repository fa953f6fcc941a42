package org.openlockbox.spring;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import jakarta.servlet.http.HttpUpgradeHandler;
import jakarta.servlet.http.WebConnection;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.openlockbox.client.session.RecordedAction;
import org.openlockbox.core.access.Level;
import org.springframework.boot.web.error.ErrorPage;
import org.springframework.boot.web.error.ErrorPageRegistrar;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ResponseBody;

/// Methods that answer in unusual ways.
@Controller
public class OutputController {
  static final AtomicBoolean CHANGED = new AtomicBoolean();

  public OutputController() {
    CHANGED.set(false);
  }

  @GetMapping("/{tenant}/thread")
  @LockboxProtected(resource = "helpdesk", action = "tickets.list", level = Level.READ)
  @ResponseBody
  public void thread(HttpServletRequest request) {
    AsyncContext later = request.startAsync();
    later.start(
        () -> {
          write(later, "written later");
          later.complete();
        });
  }

  /// Goes on until it cannot, and calls that a complete answer.
  @GetMapping("/{tenant}/thread-watch")
  @LockboxProtected(resource = "helpdesk", action = "tickets.list", level = Level.READ)
  @ResponseBody
  public void watch(HttpServletRequest request) {
    AsyncContext later = request.startAsync();
    later.start(
        () -> {
          while (write(later, "a ticket\n")) {
            LockSupport.parkNanos(1_000_000L);
          }
          later.complete();
        });
  }

  private static boolean write(AsyncContext to, String text) {
    try {
      to.getResponse().getOutputStream().write(text.getBytes(UTF_8));
      to.getResponse().flushBuffer();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @GetMapping("/{tenant}/elsewhere")
  @LockboxProtected(resource = "helpdesk", action = "tickets.list", level = Level.READ)
  @ResponseBody
  public void elsewhere(HttpServletRequest request) {
    request.startAsync().dispatch("/2/drop");
  }

  @GetMapping("/{tenant}/drop")
  @LockboxProtected(resource = "helpdesk", action = "tickets.change", level = Level.WRITE)
  @ResponseBody
  public String drop() {
    CHANGED.set(true);
    return "dropped";
  }

  @GetMapping("/forwards")
  public String forward() {
    return "forward:/1/tickets";
  }

  @GetMapping("/error-page")
  public void fail(HttpServletResponse response) throws IOException {
    response.sendError(HttpStatus.GONE.value());
  }

  @GetMapping("/{tenant}/trailers")
  @LockboxProtected(resource = "helpdesk", action = "tickets.list", level = Level.READ)
  @ResponseBody
  public void trailers(HttpServletResponse response) {
    response.setTrailerFields(() -> Map.of("Requester", "pat@acme.example"));
  }

  @GetMapping("/{tenant}/upgrade")
  @LockboxProtected(resource = "helpdesk", action = "tickets.list", level = Level.READ)
  @ResponseBody
  public void upgrade(HttpServletRequest request) throws Exception {
    request.upgrade(Upgraded.class);
  }

  /// Would speak for itself.
  public static final class Upgraded implements HttpUpgradeHandler {
    @Override
    public void init(WebConnection connection) {}

    @Override
    public void destroy() {}
  }

  @GetMapping("/{tenant}/hundred")
  @LockboxProtected(resource = "helpdesk", action = "tickets.list", level = Level.READ)
  @ResponseBody
  public String hundred(RecordedAction action) {
    action.shows(100);
    return "a hundred";
  }

  @GetMapping("/{tenant}/view")
  @LockboxProtected(resource = "helpdesk", action = "tickets.list", level = Level.READ)
  public String view() {
    return "forward:/page";
  }

  /// What a view writes.
  @GetMapping("/page")
  @ResponseBody
  public String page() {
    return "a page";
  }

  /// An error page that shows a customer's data.
  @Bean
  static ErrorPageRegistrar pages() {
    return registry -> registry.addErrorPages(new ErrorPage(HttpStatus.GONE, "/1/tickets"));
  }

  /// Takes the stream before anything is written, as some compressing filters do.
  @Bean
  static FilterRegistrationBean<Filter> eager() {
    return new FilterRegistrationBean<>(
        (request, response, chain) -> {
          if (request instanceof HttpServletRequest asked
              && "eager=yes".equals(asked.getQueryString())) {
            ServletOutputStream taken = response.getOutputStream();
            chain.doFilter(
                request,
                new HttpServletResponseWrapper((HttpServletResponse) response) {
                  @Override
                  public ServletOutputStream getOutputStream() {
                    return taken;
                  }
                });
          } else {
            chain.doFilter(request, response);
          }
        });
  }
}
