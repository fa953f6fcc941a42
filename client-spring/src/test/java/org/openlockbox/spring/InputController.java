package org.openlockbox.spring;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.Part;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.util.concurrent.atomic.AtomicReference;
import org.openlockbox.core.access.Level;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.filter.ForwardedHeaderFilter;

/// Methods that take what is sent along, behind filters as applications have them.
@RestController
public class InputController {
  static final AtomicReference<String> SEEN = new AtomicReference<>("");

  public InputController() {
    SEEN.set("");
  }

  @RequestMapping(
      path = "/{tenant}/status",
      method = {RequestMethod.PUT, RequestMethod.PATCH, RequestMethod.DELETE})
  @LockboxProtected(resource = "helpdesk", action = "tickets.change", level = Level.WRITE)
  public String status(@RequestParam("status") String status) {
    return "status " + status;
  }

  @PostMapping("/{tenant}/upload")
  @LockboxProtected(resource = "helpdesk", action = "tickets.change", level = Level.WRITE)
  public String upload(@RequestParam("file") Part file) {
    SEEN.set(file.getName());
    return "uploaded";
  }

  @PostMapping("/{tenant}/cached")
  @LockboxProtected(resource = "helpdesk", action = "tickets.change", level = Level.WRITE)
  public String cached(HttpServletRequest request) throws IOException {
    SEEN.set(request.getReader().readLine());
    return "cached";
  }

  @Bean
  static FilterRegistrationBean<ForwardedHeaderFilter> forwarded() {
    return new FilterRegistrationBean<>(new ForwardedHeaderFilter());
  }

  /// Reads a body early, and shows it to whoever comes later.
  @Bean
  static FilterRegistrationBean<Filter> early() {
    return new FilterRegistrationBean<>(
        (request, response, chain) -> {
          if (!(request instanceof HttpServletRequest asked)
              || !"early=yes".equals(asked.getQueryString())) {
            chain.doFilter(request, response);
            return;
          }
          String body = new String(asked.getInputStream().readAllBytes(), UTF_8);
          chain.doFilter(
              new HttpServletRequestWrapper(asked) {
                @Override
                public BufferedReader getReader() {
                  return new BufferedReader(new StringReader(body));
                }
              },
              response);
        });
  }
}
