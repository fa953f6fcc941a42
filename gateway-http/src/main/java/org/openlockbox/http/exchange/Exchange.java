package org.openlockbox.http.exchange;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.log.StreamPart;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.gateway.admission.Permit;
import org.openlockbox.gateway.notice.ClientNotice;
import org.openlockbox.gateway.notice.EndReason;
import org.openlockbox.gateway.session.SessionRecord;
import org.openlockbox.http.catalogue.AnswerForm;
import org.openlockbox.http.json.UnfitAnswer;
import org.openlockbox.http.session.HttpTraffic;
import org.openlockbox.http.session.UnderWay;
import org.openlockbox.http.websocket.WebSocketLeg;
import org.openlockbox.http.websocket.WebSocketServices;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One request of a session, on a thread that may wait:
///
/// ```text
///   held against the catalogue ─▶ on record, durable ─▶ forwarded ─▶ answer paid for ─▶ released
///     ─▶ outcome on record
/// ```
///
/// A crash after the record leaves an operation whose outcome nobody knows.
final class Exchange implements UnderWay {
  private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
  private static final String KIND = "request";
  private static final int FAILURES = 400;

  private final HttpTraffic session;
  private final EngineerAnswer answer;
  private final SessionGate gate;
  private final String tenant;
  private volatile @Nullable SentRequest sent;
  private volatile @Nullable WebSocketRelay relayed;
  private volatile boolean aborted;

  /// @param tenant what stands for the tenant in answers
  Exchange(HttpTraffic session, EngineerAnswer answer, String tenant) {
    this.session = session;
    this.answer = answer;
    this.gate = new SessionGate(session);
    this.tenant = tenant;
  }

  /// How a request reaches the session's upstream.
  interface Sending {
    /// Begins to send it; its answer comes later.
    ///
    /// @param number that of the request's operation
    SentRequest send(AcceptedRequest request, long number);

    /// Begins a WebSocket with the service, and waits until it has agreed.
    ///
    /// @return the subprotocol that the service has chosen
    Optional<String> connect(AcceptedRequest request, long number, WebSocketLeg leg)
        throws IOException;

    /// Makes a WebSocket of the engineer's request; false if it cannot be one.
    boolean accept(WebSocketLeg leg, Optional<String> subprotocol);
  }

  /// Answers the request, or begins a WebSocket, which is then to be run.
  Optional<WebSocketRelay> run(RequestReader.ReadRequest read, Sending sending) throws IOException {
    gate.awaitRoom();
    switch (read.outcome()) {
      case RequestReader.ReadOutcome.MustNotPass(HttpRefusal why) ->
          tell(recorded(read, Bytes.empty(), why.recorded()), why);
      case RequestReader.ReadOutcome.MayPass(AcceptedRequest request) -> {
        RecordedExchange recorded = recorded(read, request.body().kept(), Optional.empty());
        gate.passIn(recorded);
        if (request.route().answer().form() == AnswerForm.WEBSOCKET) {
          return webSocket(recorded, request, sending);
        }
        forward(recorded, request, sending);
      }
    }
    return Optional.empty();
  }

  private Optional<WebSocketRelay> webSocket(
      RecordedExchange recorded, AcceptedRequest request, Sending sending) throws IOException {
    WebSocketLeg engineer = new WebSocketLeg();
    WebSocketLeg service = new WebSocketLeg();
    WebSocketRelay relay =
        new WebSocketRelay(
            this, session, recorded, engineer, service, request.route().takesMessages());
    relayed = relay;
    if (aborted) {
      relay.abort();
    }
    boolean agreed = false;
    try {
      Optional<String> subprotocol =
          sending.connect(request, recorded.operation().number(), service);
      gate.passOut(recorded);
      agreed = sending.accept(engineer, subprotocol);
      if (!agreed) {
        tell(recorded, HttpRefusal.noWebSocket("this is no good beginning of a WebSocket"));
      }
    } catch (WebSocketServices.NoWebSocket e) {
      tell(recorded, HttpRefusal.ofWebSocket(e.status()));
    } catch (SessionGate.AccessEnded e) {
      throw e;
    } catch (IOException e) {
      SessionGate.require(session.isOpen());
      LOG.debug("no WebSocket with a service", e);
      tell(recorded, HttpRefusal.upstream("the resource does not answer"));
    } finally {
      if (!agreed) {
        relay.abort();
      }
    }
    return agreed ? Optional.of(relay) : Optional.empty();
  }

  private RecordedExchange recorded(
      RequestReader.ReadRequest read, Bytes body, Optional<String> refused) {
    var queued =
        session
            .parts()
            .record()
            .operation(
                KIND,
                Bytes.ofUtf8(read.text()),
                body,
                read.facts(),
                refused,
                RecordedExchange.wakesCaller());
    return new RecordedExchange(queued.operation(), queued.entry());
  }

  private void tell(RecordedExchange recorded, HttpRefusal why) throws IOException {
    gate.passOut(recorded);
    try {
      answer.refuse(why);
    } finally {
      outcome(recorded, why.status(), 0, 0, Optional.empty());
    }
  }

  private void forward(RecordedExchange recorded, AcceptedRequest request, Sending sending)
      throws IOException {
    SentRequest now = sending.send(request, recorded.operation().number());
    sent = now;
    if (aborted) {
      now.abort();
    }
    if (request.body() instanceof ForwardedBody.LongBody body && !uploaded(recorded, body, now)) {
      return;
    }
    SentRequest.UpstreamAnswer from;
    try {
      from = now.answer();
    } catch (IOException e) {
      SessionGate.require(session.isOpen());
      tell(recorded, HttpRefusal.upstream("the resource does not answer"));
      return;
    }
    AnswerFilter filter =
        new AnswerFilter(request.route(), session.parts().permit().level(), tenant);
    if (!filter.passes(from.status(), from.headers())) {
      now.abort();
      tell(recorded, HttpRefusal.upstream("the resource answers in a way that does not pass"));
    } else if (from.status() >= FAILURES && filter.hidesError(from.headers())) {
      now.abort();
      tell(recorded, HttpRefusal.ofService(from.status()));
    } else {
      release(recorded, filter, from);
    }
  }

  /// Whether an answer may come: a service may answer before it has taken all of a body.
  private boolean uploaded(RecordedExchange recorded, ForwardedBody.LongBody body, SentRequest to)
      throws IOException {
    try {
      new BodyUpload(session, stream(recorded, StreamPart.Direction.IN))
          .pass(body, to.body().orElseThrow());
      return true;
    } catch (BodyUpload.NotTaken e) {
      SessionGate.require(session.isOpen());
      LOG.debug("a service takes no more of a body", e);
      return true;
    } catch (BodyUpload.BodyTooLong e) {
      to.abort();
      tell(recorded, HttpRefusal.tooLong(body.most()));
      return false;
    } catch (IOException | RuntimeException e) {
      to.abort();
      throw e;
    }
  }

  private void release(
      RecordedExchange recorded, AnswerFilter filter, SentRequest.UpstreamAnswer from)
      throws IOException {
    AnswerRelease out =
        new AnswerRelease(
            this,
            session,
            recorded,
            answer,
            from.status(),
            filter.headers(from.headers()),
            filter.isStream()
                ? Optional.of(stream(recorded, StreamPart.Direction.OUT))
                : Optional.empty());
    try (out;
        InputStream _ = from.body()) {
      filter.copy(from, session, out);
      out.end();
      outcome(recorded, from.status(), out);
    } catch (SessionGate.BudgetSpent e) {
      instead(recorded, out, from, HttpRefusal.spent(session.meter().budget()), e);
    } catch (UpstreamBody.BrokenOff e) {
      if (aborted) {
        outcome(recorded, from.status(), out);
        throw e;
      }
      instead(recorded, out, from, HttpRefusal.upstream("the resource's answer broke off"), e);
    } catch (UnfitAnswer e) {
      String why = "the resource's answer does not pass: " + e.getMessage();
      instead(recorded, out, from, HttpRefusal.upstream(why), e);
    } catch (AnswerFilter.ForeignAnswer e) {
      instead(recorded, out, from, HttpRefusal.upstream("the resource's answer does not pass"), e);
      end(recorded);
    } catch (IOException e) {
      outcome(recorded, from.status(), out);
      throw e;
    } finally {
      session.fetched(this);
    }
  }

  private StreamRecord stream(RecordedExchange recorded, StreamPart.Direction way) {
    return new StreamRecord(session.parts().record(), recorded.operation(), way);
  }

  /// The engineer is told why there is no answer, or gets no more of one that has begun.
  private void instead(
      RecordedExchange recorded,
      AnswerRelease out,
      SentRequest.UpstreamAnswer from,
      HttpRefusal why,
      IOException cause)
      throws IOException {
    abort();
    if (answer.hasBegun()) {
      outcome(recorded, from.status(), out);
      throw cause;
    }
    tell(recorded, why);
  }

  /// A service that answers for another tenant is not asked again.
  private void end(RecordedExchange recorded) {
    Permit permit = session.parts().permit();
    LOG.error(
        "{} answered for another tenant than {}: operation {} of {}; the session ends",
        permit.protection().id(),
        permit.tenant(),
        recorded.operation().number(),
        permit.session());
    session
        .parts()
        .end()
        .end(
            EndReason.FENCE_DRIFTED,
            ClientNotice.of(
                "the resource answered for another customer",
                "Nothing of that was shown. Tell your platform team."));
  }

  private void outcome(RecordedExchange recorded, int status, AnswerRelease out) {
    long bytes = answer.bytes();
    outcome(
        recorded,
        status,
        bytes == 0 ? 0 : out.rows(),
        bytes,
        Optional.of(out.committed()).filter(_ -> bytes > 0));
  }

  private void outcome(
      RecordedExchange recorded, int status, long rows, long bytes, Optional<Commitment> result) {
    session
        .parts()
        .record()
        .cutOff(
            recorded.operation().number(),
            new SessionRecord.OperationResult(Integer.toString(status), rows, bytes, 0, result));
  }

  @Override
  public void abort() {
    aborted = true;
    SentRequest now = sent;
    if (now != null) {
      now.abort();
    }
    WebSocketRelay relay = relayed;
    if (relay != null) {
      relay.abort();
    }
  }
}
