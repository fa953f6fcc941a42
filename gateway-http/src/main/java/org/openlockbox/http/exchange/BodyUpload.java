package org.openlockbox.http.exchange;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import org.openlockbox.gateway.budget.MemoryLimitExceeded;
import org.openlockbox.http.session.HttpTraffic;

/// Passes a long body on to the service, each part of it when it is on record.
final class BodyUpload {
  private static final int PART = 256 * 1024;

  private final HttpTraffic session;
  private final SessionGate gate;
  private final StreamRecord record;

  BodyUpload(HttpTraffic session, StreamRecord record) {
    this.session = session;
    this.gate = new SessionGate(session);
    this.record = record;
  }

  /// It is longer than its route allows. What came before that has been forwarded.
  static final class BodyTooLong extends IOException {
    private static final long serialVersionUID = 1L;

    BodyTooLong(long most) {
      super("the body is longer than %d bytes".formatted(most));
    }
  }

  /// The service takes no more of it. It may have answered already.
  static final class NotTaken extends IOException {
    private static final long serialVersionUID = 1L;

    NotTaken(IOException cause) {
      super("the service takes no more of the body", cause);
    }
  }

  void pass(ForwardedBody.LongBody body, OutputStream to) throws IOException {
    int held = 0;
    try {
      session.holds(PART);
      held = PART;
      long passed = 0;
      InputStream all =
          new SequenceInputStream(new ByteArrayInputStream(body.begun().toArray()), body.rest());
      byte[] part = new byte[PART];
      for (int n = all.readNBytes(part, 0, PART); n > 0; n = all.readNBytes(part, 0, PART)) {
        passed += n;
        if (passed > body.most()) {
          throw new BodyTooLong(body.most());
        }
        gate.awaitRoom();
        gate.passIn(record.part(part, n));
        write(to, part, n);
      }
      close(to);
    } catch (MemoryLimitExceeded e) {
      throw new IOException("too many such bodies at once", e);
    } finally {
      session.holds(-held);
    }
  }

  private static void write(OutputStream to, byte[] part, int length) throws NotTaken {
    try {
      to.write(part, 0, length);
      to.flush();
    } catch (IOException e) {
      throw new NotTaken(e);
    }
  }

  private static void close(OutputStream to) throws NotTaken {
    try {
      to.close();
    } catch (IOException e) {
      throw new NotTaken(e);
    }
  }
}
