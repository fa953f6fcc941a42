package org.openlockbox.spring;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;

/// An answer that another thread writes. It is complete only when its rest was released; where that
/// was refused, the request comes back to [ProtectedFilter], which breaks the connection.
record HeldAsync(AsyncContext held, ProtectedExchange exchange) implements AsyncContext {
  @Override
  public void complete() {
    if (exchange.isEndedWhole()) {
      held.complete();
    } else {
      held.dispatch();
    }
  }

  @Override
  public ServletRequest getRequest() {
    return held.getRequest();
  }

  @Override
  public ServletResponse getResponse() {
    return held.getResponse();
  }

  @Override
  public boolean hasOriginalRequestAndResponse() {
    return held.hasOriginalRequestAndResponse();
  }

  @Override
  public void dispatch() {
    held.dispatch();
  }

  @Override
  public void dispatch(String path) {
    held.dispatch(path);
  }

  @Override
  public void dispatch(ServletContext context, String path) {
    held.dispatch(context, path);
  }

  @Override
  public void start(Runnable run) {
    held.start(run);
  }

  @Override
  public void addListener(AsyncListener listener) {
    held.addListener(listener);
  }

  @Override
  public void addListener(
      AsyncListener listener, ServletRequest request, ServletResponse response) {
    held.addListener(listener, request, response);
  }

  @Override
  public <T extends AsyncListener> T createListener(Class<T> type) throws ServletException {
    return held.createListener(type);
  }

  @Override
  public void setTimeout(long millis) {
    held.setTimeout(millis);
  }

  @Override
  public long getTimeout() {
    return held.getTimeout();
  }
}
