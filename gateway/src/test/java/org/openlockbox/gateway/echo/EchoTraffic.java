package org.openlockbox.gateway.echo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.operation.HttpFacts;
import org.openlockbox.gateway.budget.Budgets.ChargeResult;
import org.openlockbox.gateway.budget.Budgets.Meter;
import org.openlockbox.gateway.gate.Gate;
import org.openlockbox.gateway.gate.SocketStates;
import org.openlockbox.gateway.notice.ClientNotice;
import org.openlockbox.gateway.notice.EndReason;
import org.openlockbox.gateway.session.Activity;
import org.openlockbox.gateway.session.OpenOperations;
import org.openlockbox.gateway.session.RemovalFailure;
import org.openlockbox.gateway.session.SessionParts;
import org.openlockbox.gateway.session.SessionRecord;
import org.openlockbox.gateway.session.Traffic;

/// The echo's half of a session, on one thread that may wait.
final class EchoTraffic implements Traffic, OpenOperations {
  private static final long LOOK_NANOS = 2_000_000L;

  private final EchoClient client;
  private final SessionParts parts;
  private final Activity activity = new Activity(this);
  private final String login;
  private final AtomicBoolean running = new AtomicBoolean();
  private final CountDownLatch quiet = new CountDownLatch(1);
  private volatile @Nullable Socket upstream;
  private volatile boolean begun;

  EchoTraffic(EchoClient client, SessionParts parts) {
    this.client = client;
    this.parts = parts;
    this.login = "once-" + parts.permit().session();
  }

  @Override
  public void adopt() {}

  @Override
  public void dial() throws IOException {
    client.service().add(login);
    upstream = client.service().connect(login);
  }

  @Override
  public void begin(Meter meter) {
    begun = true;
    Thread.ofVirtual().start(() -> relay(meter));
  }

  private void relay(Meter meter) {
    try {
      var service = upstream;
      if (service == null) {
        throw new IllegalStateException("nobody has dialled");
      }
      var answers = new BufferedReader(new InputStreamReader(service.getInputStream(), UTF_8));
      say("welcome");
      for (String line = client.in().readLine(); line != null; line = client.in().readLine()) {
        exchange(line, service, answers, meter);
      }
      end(EndReason.CLIENT_LEFT);
    } catch (IOException e) {
      end(EndReason.DATABASE_LEFT);
    } catch (Ended e) {
      // nothing more is recorded, and the client is told why
    } catch (RuntimeException | Error e) {
      parts.end().failed(e);
    } finally {
      quiet.countDown();
    }
  }

  private void end(EndReason reason) {
    parts.end().end(reason, reason.words());
  }

  /// The session has ended while something waited.
  private static final class Ended extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /// Recorded and durable, then forwarded; answered, paid for, then released.
  private void exchange(String line, Socket service, BufferedReader answers, Meter meter)
      throws IOException {
    running.set(true);
    activity.asked(client.nanoTime().getAsLong());
    var facts = new HttpFacts("POST", Optional.of("echo"));
    SessionRecord.RecordedOperation recorded =
        parts
            .record()
            .operation("request", Bytes.ofUtf8(line), Bytes.empty(), facts, Optional.empty());
    awaitGate(parts.gate().in());
    service.getOutputStream().write((line + "\n").getBytes(UTF_8));
    String answer = answers.readLine();
    if (answer == null) {
      throw new IOException("the service has closed the connection");
    }
    ChargeResult taking = taken(meter, answer.length());
    boolean spent = taking == ChargeResult.SPENT;
    awaitGate(parts.gate().out());
    say(spent ? "the budget is spent" : answer);
    parts.record().outcome(recorded.number(), answered(answer, spent));
    running.set(false);
    activity.ended(client.nanoTime().getAsLong());
    activity.stir();
  }

  private static SessionRecord.OperationResult answered(String answer, boolean spent) {
    return spent
        ? new SessionRecord.OperationResult("429", 0, 0, 0, Optional.empty())
        : new SessionRecord.OperationResult("200", 1, answer.length(), 0, Optional.empty());
  }

  private ChargeResult taken(Meter meter, int bytes) {
    ChargeResult taking = meter.take(bytes);
    while (taking == ChargeResult.ASKED) {
      pause();
      taking = meter.take(bytes);
    }
    return taking;
  }

  private void awaitGate(Gate.GatePassage way) {
    while (!way.isOpenFor(parts.record().newest())) {
      pause();
    }
  }

  private void pause() {
    if (parts.gate().isShut()) {
      throw new Ended();
    }
    LockSupport.parkNanos(LOOK_NANOS);
  }

  private synchronized void say(String line) throws IOException {
    byte[] bytes = (line + "\n").getBytes(UTF_8);
    client.socket().getOutputStream().write(bytes);
  }

  @Override
  public Activity activity() {
    return activity;
  }

  @Override
  public void tell(String message, String hint) {
    try {
      say("notice " + message);
    } catch (IOException e) {
      // the client has gone
    }
  }

  /// An echo is over before anybody could stop it.
  @Override
  public void cancel() {}

  @Override
  public void cut() {
    client.service().step();
    hangUp();
  }

  @Override
  public void leave(EndReason reason, Optional<ClientNotice> words, Runnable hungUp) {
    words.ifPresent(each -> tell(each.message(), each.hint()));
    if (!begun) {
      quiet.countDown();
    }
    discard();
    hungUp.run();
  }

  @Override
  public void awaitQuiet() throws InterruptedException {
    if (!quiet.await(10, TimeUnit.SECONDS)) {
      throw new AssertionError("the session's thread is stuck");
    }
  }

  @Override
  public Optional<RemovalFailure> remove() {
    client.service().step();
    client.service().remove(login);
    return Optional.empty();
  }

  @Override
  public void hangUp() {
    close(upstream);
  }

  @Override
  public void discard() {
    close(client.socket());
  }

  private static void close(@Nullable Socket socket) {
    if (socket != null) {
      try {
        socket.close();
      } catch (IOException e) {
        // a socket that fails to close is closed
      }
    }
  }

  @Override
  public void forgotten() {}

  @Override
  public boolean isUnderWay() {
    return running.get();
  }

  @Override
  public boolean runsByItself() {
    return running.get();
  }

  @Override
  public boolean awaitsClient() {
    return !running.get();
  }

  @Override
  public boolean isSettled(SocketStates states) {
    client.service().asked();
    client.service().step();
    var here = (InetSocketAddress) client.socket().getLocalSocketAddress();
    var there = (InetSocketAddress) client.socket().getRemoteSocketAddress();
    return states.isEmpty(new SocketStates.Endpoints(here, there));
  }
}
