package org.openlockbox.gateway.session;

import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.gateway.postgres.BoundValues;
import org.openlockbox.gateway.postgres.ClientLink;
import org.openlockbox.gateway.postgres.ClientMessage;
import org.openlockbox.gateway.postgres.ClientMessages;
import org.openlockbox.gateway.postgres.MessageBuffer;
import org.openlockbox.gateway.postgres.PgError;
import org.openlockbox.gateway.postgres.Refused;
import org.openlockbox.gateway.postgres.WireViolation;

/// From the client to the database: every message is decoded, every statement recorded, and what
/// has come in one piece goes on in one piece. At `write` level nothing goes on before its record
/// is durable; below, the record must exist, and the result waits for its durability.
final class ClientPump {
  private static final int PARTIAL_MILLIS = 30_000;
  private static final long ANSWER_MILLIS = 20;

  private final ClientLink client;
  private final OutputStream database;
  private final Conversation talk;
  private final MessageBuffer buffer = new MessageBuffer();
  private MessageDigest copied = sha256();
  private long copiedBytes;
  private int copy;

  ClientPump(ClientLink client, OutputStream database, Conversation talk) {
    this.client = client;
    this.database = database;
    this.talk = talk;
  }

  /// Runs until the client leaves or the session ends.
  EndReason run() throws IOException, InterruptedException {
    while (!talk.gate().isShut()) {
      client.readWithin(buffer.holdsPart() ? PARTIAL_MILLIS : 0);
      if (!buffer.fill(client.in())) {
        return EndReason.CLIENT_LEFT;
      }
      while (buffer.nextHead() && buffer.nextWhole(ClientMessages.limit(buffer.type()))) {
        ClientMessage message = ClientMessages.parse(buffer);
        if (message instanceof ClientMessage.Terminate) {
          return EndReason.CLIENT_LEFT;
        }
        if (!take(message) && !forward(true)) {
          return EndReason.REFUSED;
        }
      }
      if (!forward(false)) {
        return EndReason.REFUSED;
      }
    }
    return EndReason.CLIENT_LEFT;
  }

  /// Writes what is kept; with `dropCurrent` the current message is left out.
  private boolean forward(boolean dropCurrent) throws IOException {
    if (buffer.pending() > 0) {
      recordParses();
      boolean held = talk.holdsBeforeForward();
      if (!talk.gate().await(held ? talk.record().newest() : null)) {
        return false;
      }
      buffer.writeBefore(database);
      database.flush();
    }
    if (dropCurrent) {
      buffer.drop();
    }
    return true;
  }

  /// What is parsed is recorded before it is forwarded, unless an Execute has recorded that text.
  private void recordParses() {
    for (Step step : talk.statements().unrecordedParses()) {
      step.recordedAs(recorded("parse", step.text().orElse(Bytes.empty())));
    }
  }

  /// False if the message is not to be passed on.
  private boolean take(ClientMessage message) throws IOException, InterruptedException {
    if (talk.copyingIn()) {
      return takeWhileCopying(message);
    }
    Statements statements = talk.statements();
    switch (message) {
      case ClientMessage.Query(Bytes sql) -> statements.query(sql, recorded("query", sql));
      case ClientMessage.Parse(String name, Bytes sql) -> statements.parse(name, sql);
      case ClientMessage.Bind bind -> {
        awaitMeaning(false, bind.statement());
        statements.bind(
            bind.portal(),
            Optional.of(textOf(false, bind.statement(), "prepared statement")),
            BoundValues.line(bind));
      }
      case ClientMessage.Execute(String portal) -> {
        awaitMeaning(true, portal);
        Bytes text = textOf(true, portal, "portal");
        statements.execute(portal, text, recorded("execute", text, statements.values(portal)));
      }
      case ClientMessage.Describe(char kind, String name) -> statements.describe(kind == 'P', name);
      case ClientMessage.Close(char kind, String name) -> statements.close(kind == 'P', name);
      case ClientMessage.Sync() -> {
        recordParses();
        statements.sync();
      }
      case ClientMessage.Flush() -> {}
      case ClientMessage.CopyData(), ClientMessage.CopyDone(), ClientMessage.CopyFail() -> {
        return false; // left over from a COPY that the database has ended already
      }
      case ClientMessage.Terminate() -> throw new IllegalStateException("handled before");
    }
    return true;
  }

  private boolean takeWhileCopying(ClientMessage message) {
    if (copy != talk.copiesIn()) {
      copy = talk.copiesIn();
      copied = sha256();
      copiedBytes = 0;
    }
    switch (message) {
      case ClientMessage.CopyData() -> {
        buffer.digestBody(copied);
        copiedBytes += buffer.length() - 4;
      }
      case ClientMessage.CopyDone() -> {
        String summary =
            "copied %d bytes, sha256 %s"
                .formatted(copiedBytes, HexFormat.of().formatHex(copied.digest()));
        recorded("copy", Bytes.ofUtf8(summary));
        talk.copyInEnded();
      }
      case ClientMessage.CopyFail() -> talk.copyInEnded();
      case ClientMessage.Flush(), ClientMessage.Sync() -> {
        return false; // ignored by the server while it copies
      }
      default -> throw new WireViolation("another message than copy data while copying");
    }
    return true;
  }

  private long recorded(String kind, Bytes sql) {
    return recorded(kind, sql, Bytes.empty());
  }

  private long recorded(String kind, Bytes sql, Bytes parameters) {
    while (!talk.record().hasRoom() && !talk.gate().isShut()) {
      LockSupport.parkNanos(5_000_000L);
    }
    return talk.record().statement(kind, sql, parameters);
  }

  /// Waits until the server has answered what decides the meaning of a name; first sends what it is
  /// still to answer.
  private void awaitMeaning(boolean portal, String name) throws IOException, InterruptedException {
    if (!talk.statements().mustWait(portal, name)) {
      return;
    }
    if (!forward(false)) {
      return;
    }
    while (!talk.gate().isShut()) {
      if (talk.statements().awaitAnswer(portal, name, ANSWER_MILLIS)) {
        return;
      }
    }
    throw new Refused(PgError.fatal(PgError.ADMIN_SHUTDOWN, "the session has ended", ""));
  }

  private Bytes textOf(boolean portal, String name, String what) {
    return talk.statements()
        .text(portal, name)
        .orElseGet(
            () -> Bytes.ofUtf8("-- " + what + " \"" + name + "\", made by an earlier statement"));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is part of every JDK", e);
    }
  }
}
