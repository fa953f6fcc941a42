package org.openlockbox.http.exchange;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.openlockbox.core.log.StreamPart;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.gateway.session.SessionRecord;
import org.openlockbox.http.session.HttpTraffic;
import org.openlockbox.http.session.UnderWay;
import org.openlockbox.http.websocket.WebSocketLeg;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Passes frames between an engineer and a service, in both directions at once. Each frame with
/// content is a part on record before it passes; what passes to the engineer is paid for. Where the
/// route only listens, the engineer's first message ends it.
///
/// A crash leaves at most one part in each direction that is on record and did not pass.
final class WebSocketRelay {
  private static final Logger LOG = LoggerFactory.getLogger(WebSocketRelay.class);
  private static final int POLICY_VIOLATION = 1008;
  private static final long GOODBYE_MILLIS = 2_000;

  private final UnderWay request;
  private final HttpTraffic session;
  private final SessionGate gate;
  private final RecordedExchange recorded;
  private final WebSocketLeg engineer;
  private final WebSocketLeg service;
  private final StreamRecord outward;
  private final StreamRecord inward;
  private final boolean takesMessages;
  private final CountDownLatch outEnded = new CountDownLatch(1);
  private long bytes;
  private Optional<Commitment> released = Optional.empty();

  /// @param request as which it is under way in the session
  /// @param takesMessages whether the engineer may send any
  WebSocketRelay(
      UnderWay request,
      HttpTraffic session,
      RecordedExchange recorded,
      WebSocketLeg engineer,
      WebSocketLeg service,
      boolean takesMessages) {
    this.request = request;
    this.takesMessages = takesMessages;
    this.session = session;
    this.gate = new SessionGate(session);
    this.recorded = recorded;
    this.engineer = engineer;
    this.service = service;
    SessionRecord record = session.parts().record();
    this.outward = new StreamRecord(record, recorded.operation(), StreamPart.Direction.OUT);
    this.inward = new StreamRecord(record, recorded.operation(), StreamPart.Direction.IN);
  }

  /// Goes on until one end has no more to say. Then the other has a moment for its goodbye.
  void run() {
    Thread other = Thread.ofVirtual().name("websocket-in").start(this::in);
    try {
      passing(this::pumpOut);
      outEnded.countDown();
      other.join(GOODBYE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      abort();
      outcome();
    }
  }

  /// Whoever has left hears nothing more, however long the service is silent.
  private void in() {
    passing(this::pumpIn);
    try {
      if (!outEnded.await(GOODBYE_MILLIS, TimeUnit.MILLISECONDS)) {
        abort();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      abort();
    }
  }

  private interface FramePump {
    void run() throws IOException;
  }

  /// Where one direction fails, the other ends as well.
  private void passing(FramePump pump) {
    try {
      pump.run();
    } catch (IOException e) {
      LOG.debug("a WebSocket ends", e);
      abort();
    } catch (RuntimeException e) {
      LOG.error("a WebSocket failed", e);
      abort();
    }
  }

  private void pumpIn() throws IOException {
    for (var next = engineer.next(); next.isPresent(); next = engineer.next()) {
      if (next.get().isMessage() && !takesMessages) {
        engineer.close(POLICY_VIOLATION, "this route only listens");
        abort();
        return;
      }
      byte[] payload = next.get().payload();
      gate.passIn(payload.length == 0 ? recorded : part(inward, payload));
      service.send(next.get());
      next.get().done();
    }
  }

  private void pumpOut() throws IOException {
    for (var next = service.next(); next.isPresent(); next = service.next()) {
      byte[] payload = next.get().payload();
      if (payload.length == 0) {
        gate.passOut(recorded);
      } else if (!isPaid(payload.length)) {
        return;
      } else {
        gate.passOut(part(outward, payload));
      }
      session.offers(request);
      engineer.send(next.get());
      session.fetched(request);
      bytes += payload.length;
      released = Optional.of(outward.committed());
      next.get().done();
    }
  }

  private RecordedExchange part(StreamRecord record, byte[] payload) throws IOException {
    gate.awaitRoom();
    return record.part(payload, payload.length);
  }

  private boolean isPaid(int length) throws IOException {
    try {
      gate.pay(bytes == 0 ? 1 : 0, length);
      return true;
    } catch (SessionGate.BudgetSpent e) {
      engineer.close(POLICY_VIOLATION, "budget: " + session.meter().budget());
      return false;
    }
  }

  private void outcome() {
    session.fetched(request);
    Optional<Commitment> result = released.filter(_ -> bytes > 0);
    session
        .parts()
        .record()
        .cutOff(
            recorded.operation().number(),
            new SessionRecord.OperationResult("101", bytes == 0 ? 0 : 1, bytes, 0, result));
  }

  /// Closes both ends at once. Never waits.
  void abort() {
    engineer.abort();
    service.abort();
  }
}
