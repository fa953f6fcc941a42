package org.openlockbox.spring;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Puts each answer where it can be held. It comes before all that could write one, and ends the
/// action when the answer is complete, also where another thread completes it. Of an answer that
/// was cut the connection breaks, so that nobody takes it for a whole one.
final class ProtectedFilter implements Filter {
  private static final Logger LOG = LoggerFactory.getLogger(ProtectedFilter.class);

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (request instanceof HttpServletRequest asked
        && response instanceof HttpServletResponse answer) {
      switch (asked.getDispatcherType()) {
        case REQUEST -> {
          ProtectedExchange exchange = new ProtectedExchange(asked, answer);
          serve(exchange, exchange.request(), exchange.response(), chain);
        }
        case ASYNC -> goOn(ProtectedExchange.of(asked).orElseThrow(), asked, answer, chain);
        case FORWARD -> {
          chain.doFilter(request, response);
          leave(asked);
        }
        case INCLUDE, ERROR -> chain.doFilter(request, response);
      }
    } else {
      chain.doFilter(request, response);
    }
  }

  /// A container takes nothing more of an answer once a forward is over.
  private static void leave(HttpServletRequest request) throws IOException {
    Optional<ProtectedExchange> exchange = ProtectedExchange.of(request);
    if (exchange.isPresent() && exchange.get().call().isPresent() && !request.isAsyncStarted()) {
      exchange.get().response().flushBuffer();
    }
  }

  private static void goOn(
      ProtectedExchange exchange,
      HttpServletRequest request,
      HttpServletResponse response,
      FilterChain chain)
      throws IOException, ServletException {
    if (exchange.brokenBy().isPresent()) {
      throw exchange.brokenBy().get();
    }
    serve(exchange, request, response, chain);
  }

  private static void serve(
      ProtectedExchange exchange,
      HttpServletRequest request,
      HttpServletResponse response,
      FilterChain chain)
      throws IOException, ServletException {
    try {
      chain.doFilter(request, response);
    } catch (IOException | ServletException | RuntimeException | Error e) {
      if (!exchange.end(false)) {
        throw e;
      }
      return;
    }
    if (!request.isAsyncStarted()) {
      exchange.end(true);
    } else if (request.getDispatcherType() == DispatcherType.REQUEST) {
      request.getAsyncContext().addListener(new LateEnd(exchange));
    }
  }

  /// The end of an answer that another thread writes.
  private record LateEnd(ProtectedExchange exchange) implements AsyncListener {
    @Override
    public void onComplete(AsyncEvent event) {
      end(event.getThrowable() == null);
    }

    @Override
    public void onTimeout(AsyncEvent event) {
      end(false);
    }

    @Override
    public void onError(AsyncEvent event) {
      end(false);
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
      event.getAsyncContext().addListener(this);
    }

    private void end(boolean whole) {
      try {
        exchange.end(whole);
      } catch (IOException e) {
        LOG.info("the rest of an answer was not released: {}", e.getMessage());
      }
    }
  }
}
