package org.openlockbox.http.exchange;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.gateway.budget.Budgets.ChargeResult;
import org.openlockbox.gateway.gate.Gate;
import org.openlockbox.gateway.recorder.PendingEntry;
import org.openlockbox.gateway.session.SessionRecord;
import org.openlockbox.http.session.HttpTraffic;
import org.openlockbox.http.session.UnderWay;
import org.openlockbox.tlog.tree.Hash;

/// One request of a session, on a thread that may wait:
///
/// ```text
///   held against the catalogue ─▶ on record, durable ─▶ forwarded ─▶ answer paid for ─▶ released
///     ─▶ outcome on record
/// ```
///
/// A crash after the record leaves an operation whose outcome nobody knows.
final class Exchange implements UnderWay {
  private static final int CHUNK = 16 * 1024;
  private static final String KIND = "request";

  private final HttpTraffic session;
  private final EngineerAnswer answer;
  private volatile Upstreams.@Nullable SentRequest sent;
  private volatile boolean aborted;

  Exchange(HttpTraffic session, EngineerAnswer answer) {
    this.session = session;
    this.answer = answer;
  }

  /// How a request is sent to the session's upstream.
  @FunctionalInterface
  interface Sending {
    Upstreams.SentRequest send(AcceptedRequest request);
  }

  /// The session has ended; what was not released stays where it is.
  static final class AccessEnded extends IOException {
    private static final long serialVersionUID = 1L;

    AccessEnded() {
      super("the access has ended");
    }
  }

  void run(RequestReader.ReadRequest read, Sending sending)
      throws IOException, InterruptedException {
    SessionRecord record = session.parts().record();
    require(session.await(record::hasRoom));
    switch (read.outcome()) {
      case RequestReader.ReadOutcome.MustNotPass(HttpRefusal why) -> refuse(read, why);
      case RequestReader.ReadOutcome.MayPass(AcceptedRequest request) ->
          forward(recorded(read, request.body(), Optional.empty()), request, sending);
    }
  }

  /// An operation, and the entry that must be durable before anything of it passes.
  private record RecordedExchange(
      SessionRecord.RecordedOperation operation, @Nullable PendingEntry entry) {}

  private RecordedExchange recorded(
      RequestReader.ReadRequest read, Bytes body, Optional<String> refused) {
    SessionRecord record = session.parts().record();
    SessionRecord.RecordedOperation operation =
        record.operation(KIND, Bytes.ofUtf8(read.text()), body, read.facts(), refused);
    return new RecordedExchange(operation, record.newest());
  }

  private void refuse(RequestReader.ReadRequest read, HttpRefusal why)
      throws IOException, InterruptedException {
    RecordedExchange recorded = recorded(read, Bytes.empty(), why.recorded());
    tell(recorded, why);
  }

  private void tell(RecordedExchange recorded, HttpRefusal why)
      throws IOException, InterruptedException {
    pass(session.parts().gate().out(), recorded);
    answer.refuse(why);
    outcome(recorded, why.status(), Optional.empty());
  }

  private void forward(RecordedExchange recorded, AcceptedRequest request, Sending sending)
      throws IOException, InterruptedException {
    pass(session.parts().gate().in(), recorded);
    Upstreams.SentRequest now = sending.send(request);
    sent = now;
    if (aborted) {
      now.abort();
    }
    Upstreams.UpstreamAnswer from;
    try {
      from = now.answer();
    } catch (IOException e) {
      require(session.isOpen());
      tell(recorded, HttpRefusal.upstream("the resource does not answer"));
      return;
    }
    if ((from.status() >= 300 && from.status() < 400)
        || from.headers().contains("content-encoding")) {
      now.abort();
      tell(recorded, HttpRefusal.upstream("the resource answers in a way that does not pass"));
      return;
    }
    release(recorded, from);
  }

  /// Each piece is paid for and passes the gate by itself.
  private void release(RecordedExchange recorded, Upstreams.UpstreamAnswer from)
      throws IOException, InterruptedException {
    MessageDigest digest = Hash.begun();
    digest.update(recorded.operation().salt().toArray());
    try (InputStream body = from.body()) {
      pass(session.parts().gate().out(), recorded);
      answer.head(from.status(), HeaderRules.toEngineer(from.headers()));
      byte[] chunk = new byte[CHUNK];
      for (int n = body.read(chunk); n >= 0; n = body.read(chunk)) {
        if (!paid(n)) {
          spent(recorded, digest);
          return;
        }
        pass(session.parts().gate().out(), recorded);
        session.offers(this);
        answer.write(chunk, n);
        session.fetched(this);
        digest.update(chunk, 0, n);
      }
      pass(session.parts().gate().out(), recorded);
      answer.end();
      outcome(recorded, from.status(), Optional.of(committed(digest)));
    } catch (IOException e) {
      cutOff(recorded, from.status(), digest);
      throw e;
    } finally {
      session.fetched(this);
    }
  }

  private static Commitment committed(MessageDigest digest) {
    return new Commitment(Hash.of(digest.digest()));
  }

  /// What the client has got of an answer that did not come to its end.
  private void cutOff(RecordedExchange recorded, int status, MessageDigest digest) {
    outcome(recorded, status, Optional.of(committed(digest)));
  }

  private void spent(RecordedExchange recorded, MessageDigest digest)
      throws IOException, InterruptedException {
    abort();
    if (answer.hasBegun()) {
      throw new IOException("the budget is spent");
    }
    tell(recorded, HttpRefusal.spent(session.meter().budget()));
    digest.reset();
  }

  /// An answer is one unit, and costs its bytes.
  private boolean paid(int bytes) throws IOException, InterruptedException {
    ChargeResult charged = charge(bytes);
    while (charged == ChargeResult.ASKED) {
      require(session.pause());
      charged = charge(bytes);
    }
    return charged == ChargeResult.TAKEN;
  }

  private ChargeResult charge(int bytes) {
    return answer.bytes() == 0 ? session.meter().take(bytes) : session.meter().takeText(bytes);
  }

  private void outcome(RecordedExchange recorded, int status, Optional<Commitment> committed) {
    long bytes = committed.isEmpty() ? 0 : answer.bytes();
    var result =
        new SessionRecord.OperationResult(
            Integer.toString(status),
            bytes == 0 ? 0 : 1,
            bytes,
            0,
            committed.filter(_ -> bytes > 0));
    session.parts().record().cutOff(recorded.operation().number(), result);
  }

  private void pass(Gate.GatePassage way, RecordedExchange recorded)
      throws IOException, InterruptedException {
    require(session.await(() -> way.isOpenFor(recorded.entry())));
  }

  private static void require(boolean goesOn) throws AccessEnded {
    if (!goesOn) {
      throw new AccessEnded();
    }
  }

  @Override
  public void abort() {
    aborted = true;
    Upstreams.SentRequest now = sent;
    if (now != null) {
      now.abort();
    }
  }
}
