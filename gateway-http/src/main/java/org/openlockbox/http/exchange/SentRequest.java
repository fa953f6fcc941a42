package org.openlockbox.http.exchange;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;

/// A request on its way to a service, for the one thread that waits for its answer. What the client
/// tells of it never waits, so the client's own thread may tell it.
final class SentRequest implements Response.Listener {
  private final Request request;
  private final Optional<OutputStream> body;
  private final Set<SentRequest> awaited;
  private final CountDownLatch settled = new CountDownLatch(1);
  private volatile @Nullable UpstreamAnswer answer;
  private volatile @Nullable Throwable failure;
  private volatile long since;

  /// @param body takes a long body, part by part
  /// @param awaited those whose answer somebody waits for; whoever keeps them aborts those that
  ///   take too long
  SentRequest(Request request, Optional<OutputStream> body, Set<SentRequest> awaited) {
    this.request = request;
    this.body = body;
    this.awaited = awaited;
  }

  /// An answer whose head has come.
  record UpstreamAnswer(int status, HttpFields headers, UpstreamBody body) {}

  Optional<OutputStream> body() {
    return body;
  }

  void send() {
    request.send(this);
  }

  /// What is no answer yet, and of no kind that is passed over, has no end.
  @Override
  public void onHeaders(Response response) {
    if (HttpStatus.isInformational(response.getStatus())) {
      abort(new IOException("an answer of status " + response.getStatus()));
    }
  }

  @Override
  public void onContentSource(Response response, Content.Source source) {
    answer =
        new UpstreamAnswer(
            response.getStatus(), response.getHeaders(), new UpstreamBody(source, this::abort));
    settled.countDown();
  }

  @Override
  public void onComplete(Result result) {
    failure = result.getFailure();
    settled.countDown();
  }

  /// Waits for the head of the answer.
  UpstreamAnswer answer() throws IOException {
    since = System.nanoTime();
    awaited.add(this);
    try {
      settled.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted").initCause(e);
    } finally {
      awaited.remove(this);
    }
    UpstreamAnswer come = answer;
    if (come == null) {
      throw new IOException("no answer", failure);
    }
    return come;
  }

  /// Gives it up if somebody has waited so long for its answer.
  void abortAfter(Duration patience, long now) {
    if (now - since > patience.toNanos()) {
      abort(new IOException("no answer within " + patience.toSeconds() + " s"));
    }
  }

  void abort() {
    abort(new IOException("the access has ended"));
  }

  private void abort(IOException why) {
    var _ = request.abort(why);
  }
}
