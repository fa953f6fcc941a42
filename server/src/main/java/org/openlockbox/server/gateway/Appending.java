package org.openlockbox.server.gateway;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.evidence.EntryType;
import org.openlockbox.core.evidence.KeyringEvent;
import org.openlockbox.core.evidence.RecoveryEvent;
import org.openlockbox.core.evidence.RequestEvent;
import org.openlockbox.core.evidence.SessionEvent;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.server.log.LogBatch;
import org.openlockbox.server.log.StoredEntry;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.tenant.Store;

/// Appends what gateways record. A batch is one transaction over all its tenants; when the answer
/// goes out, it is durable. Sent again (the answer was lost), the same entries get the same
/// indices: each gateway boot numbers its entries of a tenant contiguously, and a gap is refused.
///
/// Statements wait for this, so it runs on platform threads: to a virtual one each round trip to
/// the database costs more wake-ups than the round trip itself.
public final class Appending implements AutoCloseable {
  private static final int AT_ONCE = 4;

  private final ExecutorService threads =
      Executors.newFixedThreadPool(AT_ONCE, Thread.ofPlatform().name("append-", 0).factory());
  private final Store store;
  private final Effects effects;
  private final Openings openings;

  public Appending(Store store, Effects effects, Openings openings) {
    this.store = store;
    this.effects = effects;
    this.openings = openings;
  }

  /// The index of each entry, in the order sent.
  public List<Long> append(GatewayId gateway, String boot, List<Sent> entries) {
    for (var sent : entries) {
      if (!sent.stamp().id().equals(gateway) || !sent.stamp().boot().equals(boot)) {
        throw Problem.refused("stamp", "an entry carries another gateway's mark");
      }
      checkSignature(sent);
    }
    return onItsThread(() -> store.within(() -> new Batch(gateway, boot, entries).write()));
  }

  private <T> T onItsThread(Callable<T> work) {
    try {
      return threads.submit(work).get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Problem.unavailable();
    } catch (RejectedExecutionException e) {
      throw Problem.unavailable(); // closing
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private void checkSignature(Sent sent) {
    if (!sent.body().type().isSignedByGateway()) {
      return;
    }
    var key = store.tenants().keyring(sent.tenant()).gateway(sent.stamp().id());
    if (key.filter(k -> sent.stamp().isSignedBy(k.key(), sent.tenant(), sent.body())).isEmpty()) {
      throw Problem.refused(
          "signature",
          "%s is not signed by the key that the genesis of %s names for gateway %s"
              .formatted(sent.body().type().word(), sent.tenant(), sent.stamp().id()));
    }
  }

  /// One call's work inside its transaction.
  private final class Batch {
    private final List<Sent> entries;
    private final LogBatch log;
    private final Map<SessionId, RequestId> opened = new HashMap<>();

    Batch(GatewayId gateway, String boot, List<Sent> entries) {
      this.entries = entries;
      var tenants = entries.stream().map(Sent::tenant).distinct().toList();
      this.log = store.logs().lock(tenants, gateway, boot);
    }

    List<Long> write() {
      var indices = new ArrayList<Long>(entries.size());
      boolean sign = false;
      for (var sent : entries) {
        long expected = log.nextCounter(sent.tenant());
        if (sent.stamp().seq() > expected) {
          throw Problem.conflict(
              "gap",
              "the next entry of %s has counter %d, not %d"
                  .formatted(sent.tenant(), expected, sent.stamp().seq()));
        }
        if (sent.stamp().seq() < expected) {
          indices.add(sameAsBefore(sent));
        } else {
          indices.add(append(sent));
          sign |= isSignedAtOnce(sent.body().type());
        }
      }
      if (sign) {
        store.logs().writeSigned(log);
      } else {
        store.logs().write(log);
      }
      return indices;
    }

    private long append(Sent sent) {
      var stamp = sent.stamp();
      var entry =
          log.append(sent.tenant(), sent.body(), Optional.of(stamp), Optional.of(request(sent)));
      sent.texts().forEach(text -> log.keep(sent.tenant(), text));
      effects.apply(sent, log, entry.seq());
      return entry.seq();
    }

    /// The request that an entry belongs to. A session is opened in the log before anything else is
    /// said about it, and only by the boot that goes on with it.
    private RequestId request(Sent sent) {
      return switch (sent.body()) {
        case SessionEvent.Opened begun -> {
          opened.put(begun.of(), begun.about());
          yield begun.about();
        }
        case SessionEvent.RemovalFailed failed -> {
          if (!failed.about().equals(opening(sent, failed))) {
            throw Problem.refused("request", failed.of() + " is no session of " + failed.about());
          }
          yield failed.about();
        }
        case SessionEvent event -> opening(sent, event);
        case KeyringEvent _, RequestEvent _, RecoveryEvent _ ->
            throw new IllegalStateException("not a gateway's entry: " + sent.body().type().word());
      };
    }

    private RequestId opening(Sent sent, SessionEvent event) {
      return Optional.ofNullable(opened.get(event.of()))
          .or(() -> openings.request(sent.tenant(), event.of(), sent.stamp()))
          .orElseThrow(
              () ->
                  Problem.refused(
                      "session", "this gateway's boot opened no session " + event.of()));
    }

    /// The index that this counter got when it was sent before; refuses another entry under it.
    private long sameAsBefore(Sent sent) {
      long seq =
          store
              .reader()
              .index(sent.tenant(), sent.stamp())
              .orElseThrow(() -> Problem.refused("counter", "a counter twice in one batch"));
      var stored = store.reader().entries(sent.tenant(), seq, 1).getFirst();
      if (!isSame(stored, sent)) {
        throw Problem.conflict("counter_reused", "another entry has this counter already");
      }
      return seq;
    }

    private boolean isSame(StoredEntry stored, Sent sent) {
      var entry = stored.read();
      return entry.body().equals(sent.body())
          && entry.gateway().filter(sent.stamp()::equals).isPresent();
    }
  }

  private static boolean isSignedAtOnce(EntryType type) {
    return switch (type) {
      case SESSION_OPEN, SESSION_CLOSE, REMOVAL_FAILED -> true;
      case STATEMENT, OUTCOME -> false;
      case GENESIS,
          KEY_ADD,
          KEY_REMOVE,
          SETTINGS,
          REQUEST,
          REVIEW,
          DECISION,
          REVOKE,
          WITHDRAW,
          LAPSE,
          END,
          SESSION_LOST,
          RECOVERY ->
          throw new IllegalStateException("not a gateway's entry: " + type.word());
    };
  }
}
