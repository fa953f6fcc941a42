package org.openlockbox.postgres.relay;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.function.LongSupplier;
import org.openlockbox.gateway.budget.Budgets.Meter;
import org.openlockbox.gateway.budget.MemoryLimitExceeded;
import org.openlockbox.gateway.controlplane.ControlPlane;
import org.openlockbox.gateway.gate.SocketStates;
import org.openlockbox.gateway.notice.EndReason;
import org.openlockbox.gateway.session.SessionParts;
import org.openlockbox.net.Loop;
import org.openlockbox.net.SocketConnection;
import org.openlockbox.postgres.login.ServerLink;
import org.openlockbox.postgres.wire.ConnectionRefusal;
import org.openlockbox.postgres.wire.PgError;
import org.openlockbox.postgres.wire.ServerMessages;
import org.openlockbox.postgres.wire.WireViolation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Both sockets of one session on one loop. Except for [#adopt], [#begin], [#tell], [#leave],
/// [#discard] and [#closeLater], which only hand over, everything here runs on the loop's thread.
///
/// | state | from the client | to the client | left by | to |
/// |---|---|---|---|---|
/// | `Opening` | nothing: its line is another thread's | nothing | [#adopt] | `Adopted` |
/// | `Adopted` | nothing is read | nothing | [#begin] | `Relaying` |
/// | `Relaying` | messages ([ClientPump]) | what is durable ([ServerPump]) | | |
/// | `Leaving` | thrown away | why it ends ([SessionShutdown]) | it is closed | `Over` |
/// | `Over` | nothing | nothing | | |
///
/// [#leave] leads from `Opening` to `Over`, and from `Adopted` and `Relaying` to `Leaving`.
///
/// Whatever is thrown while bytes are on their way ends the session.
public final class Relay implements Loop.LoopHandler {
  private sealed interface Phase {
    record Opening() implements Phase {}

    record Adopted(SelectionKey client) implements Phase {}

    record Relaying(
        ClientPump up,
        ServerPump down,
        Outlet toDatabase,
        SelectionKey client,
        SelectionKey database)
        implements Phase {}

    record Leaving(SessionShutdown farewell, SelectionKey client, Runnable hungUp)
        implements Phase {}

    record Over() implements Phase {}
  }

  private record ToDatabase(SocketConnection line, SocketStates.Endpoints ends) {}

  private static final Logger LOG = LoggerFactory.getLogger(Relay.class);

  private final Loop loop;
  private final SessionContext talk;
  private final SocketConnection client;
  private final SocketStates.Endpoints toClientEnds;
  private final Outlet toClient;
  private final LongSupplier nanoTime;
  private final SessionParts.EndSignal ending;
  private final Queue<byte[]> notices = new ArrayDeque<>();
  private Phase phase = new Phase.Opening();
  private volatile Optional<ToDatabase> database = Optional.empty();

  public Relay(
      Loop loop,
      SessionContext talk,
      SocketConnection client,
      LongSupplier nanoTime,
      SessionParts.EndSignal ending) {
    this.loop = loop;
    this.talk = talk;
    this.client = client;
    this.toClientEnds = ends(client);
    this.toClient = new Outlet(client, talk.gate().out(), EndReason.CLIENT_LEFT);
    this.nanoTime = nanoTime;
    this.ending = ending;
  }

  private static SocketStates.Endpoints ends(SocketConnection line) {
    return new SocketStates.Endpoints(line.here(), line.there());
  }

  /// Takes the client's line over from the thread that logged it in, which must not use it any
  /// more.
  public void adopt() {
    loop.execute(
        () -> {
          if (!(phase instanceof Phase.Opening)) {
            return;
          }
          try {
            client.boundQueue();
            var channel = client.serveOn(loop.buffers(), toClient.way());
            phase = new Phase.Adopted(loop.register(channel, 0, this));
          } catch (IOException e) {
            ending.end(EndReason.CLIENT_LEFT, EndReason.CLIENT_LEFT.words());
          }
        });
  }

  /// Lets the client in, and relays from now on.
  public void begin(ServerLink database, Meter meter, Runnable cancel, byte[] greeting) {
    loop.execute(
        () -> {
          if (phase instanceof Phase.Adopted(var key) && !talk.gate().isShut()) {
            guarded(() -> start(key, database, meter, cancel, greeting));
          }
        });
  }

  private void start(
      SelectionKey ofClient, ServerLink database, Meter meter, Runnable cancel, byte[] greeting)
      throws PeerGone {
    Outlet toDatabase = new Outlet(database.line(), talk.gate().in(), EndReason.DATABASE_LEFT);
    var buffers = loop.buffers();
    var up = new ClientPump(client, toDatabase, talk, nanoTime, buffers);
    var down = new ServerPump(database, toClient, talk, meter, cancel, nanoTime, greeting, buffers);
    try {
      this.database = Optional.of(new ToDatabase(database.line(), ends(database.line())));
      database.line().boundQueue();
      SelectionKey key = loop.register(database.line().serveOn(buffers, toDatabase.way()), 0, this);
      phase = new Phase.Relaying(up, down, toDatabase, ofClient, key);
    } catch (IOException e) {
      throw new PeerGone(EndReason.DATABASE_LEFT, e);
    }
    // What came with the last bytes of the login is inside the line, and no socket tells of it.
    up.arrived();
    down.arrived();
    turn(false);
  }

  /// Tells the client something, as soon as it stands between two messages.
  public void tell(String message, String hint) {
    loop.execute(
        () -> {
          notices.add(ServerMessages.notice(message, hint));
          turn(false);
        });
  }

  /// Ends the client's connection: from the moment this runs nothing is read for the session, and
  /// nothing recorded but how much of a result had been passed on.
  ///
  /// @param words what the client is told; empty if it has said goodbye itself
  public void leave(Optional<PgError> words, Runnable quiet, Runnable hungUp) {
    loop.execute(
        () -> {
          try {
            end(words, hungUp);
          } finally {
            quiet.run();
          }
        });
  }

  private void end(Optional<PgError> words, Runnable hungUp) {
    if (phase instanceof Phase.Relaying relaying) {
      watch(relaying.database(), 0);
      relaying.down().cutOff(words.map(PgError::sqlState).orElse(PgError.CONNECTION_FAILURE));
    }
    switch (phase) {
      case Phase.Opening(), Phase.Over() -> {
        client.abort();
        phase = new Phase.Over();
        hungUp.run();
      }
      case Phase.Adopted(var key) -> goodbye(key, words, false, hungUp);
      case Phase.Relaying(_, var down, _, var key, _) ->
          goodbye(key, words, down.hasToldItsEnd(), hungUp);
      case Phase.Leaving(_, var key, _) -> goodbye(key, words, false, hungUp);
    }
    talk.judging().leave();
    talk.memory().fills(0);
  }

  private void goodbye(SelectionKey key, Optional<PgError> words, boolean told, Runnable hungUp) {
    var farewell = new SessionShutdown(toClient, talk.gate(), words, told, nanoTime);
    phase = new Phase.Leaving(farewell, key, hungUp);
    turn(false);
  }

  /// Whether nothing is on its way that the end of the lease has to stop: the client's system has
  /// acknowledged all that was sent to it, and where the session may write and has not ended, the
  /// database that of its own and has no statement to begin with. What was on its way to the
  /// database of a session that has ended is cut off already ([#cutDatabase]).
  public boolean isSettled(SocketStates states) {
    boolean mayWrite = talk.mayWrite() && !talk.gate().isShut();
    return states.isEmpty(toClientEnds)
        && !(mayWrite && talk.statements().isPipelined())
        && !(mayWrite && database.filter(to -> !states.isEmpty(to.ends())).isPresent());
  }

  /// Resets the connection to the database where that owes an answer. What the kernel holds for it
  /// is thrown away, and its backend gives up at its next answer, whatever it has received.
  public void cutDatabase() {
    loop.execute(
        () -> {
          if (phase instanceof Phase.Relaying relaying && talk.statements().isUnderWay()) {
            relaying.toDatabase().line().abort();
          }
        });
  }

  /// Throws away what the client has not fetched, and its connection with it.
  public void discard() {
    loop.execute(client::abort);
  }

  /// Closes the database's line, on the loop, which must let go of it first.
  public void closeLater(ServerLink database) {
    loop.execute(database::close);
  }

  @Override
  public void ready(SelectionKey key) {
    boolean fromClient = isOfClient(key);
    if (key.isReadable() && phase instanceof Phase.Relaying relaying) {
      if (fromClient) {
        relaying.up().arrived();
      } else {
        relaying.down().arrived();
      }
    }
    turn(fromClient && key.isReadable());
  }

  private boolean isOfClient(SelectionKey key) {
    return switch (phase) {
      case Phase.Opening(), Phase.Over() -> false;
      case Phase.Adopted adopted -> key.equals(adopted.client());
      case Phase.Relaying relaying -> key.equals(relaying.client());
      case Phase.Leaving leaving -> key.equals(leaving.client());
    };
  }

  @Override
  public boolean look() {
    turn(false);
    return isHeld();
  }

  private boolean isHeld() {
    return switch (phase) {
      case Phase.Opening(), Phase.Adopted(_) -> false;
      case Phase.Relaying relaying ->
          !talk.gate().isShut() && (relaying.up().isStalled() || relaying.down().isStalled());
      case Phase.Leaving ignored -> true;
      case Phase.Over() -> false;
    };
  }

  private void turn(boolean clientReadable) {
    switch (phase) {
      case Phase.Opening(), Phase.Adopted(_) -> {}
      case Phase.Relaying relaying -> guarded(() -> relay(relaying));
      case Phase.Leaving leaving -> leave(leaving, clientReadable);
      case Phase.Over() -> {}
    }
    if (isHeld()) {
      loop.hold(this);
    }
    if (phase instanceof Phase.Relaying relaying
        && relaying.up().isPausing()
        && !talk.gate().isShut()) {
      loop.again(this);
    }
  }

  /// First the answers, because the meaning of what the client sends may hang on them.
  private void relay(Phase.Relaying relaying) throws PeerGone {
    if (talk.gate().isShut()) {
      watch(relaying.client(), 0);
      watch(relaying.database(), 0);
      return;
    }
    if (!relaying.down().advance()) {
      ending.end(EndReason.DATABASE_LEFT, EndReason.DATABASE_LEFT.words());
    } else if (!relaying.up().advance()) {
      ending.end(EndReason.CLIENT_LEFT, EndReason.CLIENT_LEFT.words());
    }
    while (!notices.isEmpty() && toClient.say(notices.element())) {
      notices.remove();
    }
    talk.memory().fills(relaying.up().filled() + relaying.down().held() + toClient.line().unsent());
    if (toClient.hasTaken()) {
      talk.activity().fetched(nanoTime.getAsLong());
    }
    talk.activity().unfetched(toClient.waitsForSocket());
    talk.activity().stir();
    watch(relaying.client(), interest(relaying.up().hasArrived(), toClient));
    watch(relaying.database(), interest(relaying.down().hasArrived(), relaying.toDatabase()));
  }

  private static int interest(boolean hasArrived, Outlet outlet) {
    return (hasArrived ? 0 : SelectionKey.OP_READ)
        | (outlet.waitsForSocket() ? SelectionKey.OP_WRITE : 0);
  }

  private static void watch(SelectionKey key, int interest) {
    if (key.isValid() && key.interestOps() != interest) {
      key.interestOps(interest);
    }
  }

  private void leave(Phase.Leaving leaving, boolean clientReadable) {
    if (leaving.farewell().go(clientReadable)) {
      phase = new Phase.Over();
      leaving.hungUp().run();
    } else {
      watch(
          leaving.client(),
          SelectionKey.OP_READ | (leaving.farewell().isTelling() ? SelectionKey.OP_WRITE : 0));
    }
  }

  /// Something that passes bytes on.
  @FunctionalInterface
  private interface PassAction {
    void run() throws PeerGone;
  }

  private void guarded(PassAction passing) {
    try {
      passing.run();
    } catch (PeerGone e) {
      LOG.debug("a peer has gone: {}", e.getMessage());
      ending.end(e.reason(), e.reason().words());
    } catch (ConnectionRefusal e) {
      ending.end(EndReason.REFUSED, new ErrorWords(e.error()));
    } catch (WireViolation e) {
      LOG.warn("the protocol was violated: {}", e.getMessage());
      ending.end(EndReason.VIOLATION, new ErrorWords(e.error()));
    } catch (MemoryLimitExceeded e) {
      var violation = new WireViolation(e.message(), e.hint());
      ending.end(EndReason.VIOLATION, new ErrorWords(violation.error()));
    } catch (ControlPlane.NoReply e) {
      ending.end(EndReason.LEASE_LAPSED, EndReason.LEASE_LAPSED.words());
    } catch (RuntimeException | Error e) {
      ending.failed(e);
    }
  }
}
