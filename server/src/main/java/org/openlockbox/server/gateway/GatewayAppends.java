package org.openlockbox.server.gateway;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.openlockbox.core.keyring.GatewayCertificate;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.server.database.DatabaseOutage;
import org.openlockbox.server.metrics.ServerMeters;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.tenant.Store;
import org.openlockbox.server.trace.ServerTraces;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Appends what gateways record; when the answer goes out, it is durable. Sent again (the answer
/// was lost), the same entries get the same indices: each gateway boot numbers its entries of a
/// tenant contiguously, and a gap is refused.
///
/// Calls that only write the log share transactions ([GroupCommit]). A call that opens or ends a
/// session changes rows as well and has a transaction of its own. So has a call of a log that
/// somebody else has locked at the moment, which must not hold up the others, and each call of a
/// group that failed, because one of them may be why.
///
/// Statements wait for this, so it runs on platform threads: to a virtual one each round trip to
/// the database costs more wake-ups than the round trip itself.
public final class GatewayAppends implements AutoCloseable {
  private static final int ALONE_AT_ONCE = 4;
  private static final int MOST_ALONE = 1_000;
  private static final Logger LOG = LoggerFactory.getLogger(GatewayAppends.class);

  private final Store store;
  private final GatewayAuthority authority;
  private final ServerMeters meters;
  private final ServerTraces traces;
  private final AppendGroup group;
  private final GroupCommit together = new GroupCommit(this::together);
  private final Semaphore room = new Semaphore(MOST_ALONE);
  private final ExecutorService threads =
      Executors.newFixedThreadPool(ALONE_AT_ONCE, Thread.ofPlatform().name("append-", 0).factory());

  public GatewayAppends(
      Store store,
      EntryEffects effects,
      SessionOpenings openings,
      GatewayAuthority authority,
      ServerMeters meters,
      ServerTraces traces) {
    this.meters = meters;
    this.traces = traces;
    this.store = store;
    this.authority = authority;
    this.group = new AppendGroup(store, effects, openings);
  }

  /// The index of each entry, in the order sent.
  public List<Long> append(GatewayId gateway, String boot, List<SubmittedEntry> entries) {
    long began = System.nanoTime();
    try (var _ = traces.commit(entries.size())) {
      var indices = appended(gateway, boot, entries);
      meters.appended(System.nanoTime() - began);
      return indices;
    }
  }

  private List<Long> appended(GatewayId gateway, String boot, List<SubmittedEntry> entries) {
    if (authority.isRevoked(gateway, boot)) {
      throw Problem.conflict("revoked", "the key of gateway %s was revoked".formatted(gateway));
    }
    for (var sent : entries) {
      if (!sent.stamp().id().equals(gateway) || !sent.stamp().boot().equals(boot)) {
        throw Problem.refused("stamp", "an entry carries another gateway's mark");
      }
      checkSignature(sent);
    }
    var call = new AppendCall(gateway, boot, entries);
    if (call.isLogOnly()) {
      return together.add(call).await();
    }
    alone(call);
    return call.await();
  }

  /// Whether somebody commits what comes.
  public boolean isRunning() {
    return together.isRunning();
  }

  /// How many calls wait for the next group.
  public int waiting() {
    return together.size();
  }

  private static void checkSignature(SubmittedEntry sent) {
    if (sent.body() instanceof SessionEvent.Opened opened) {
      SignedByGateway.require(sent, GatewayCertificate.parse(opened.certificate()).key());
    }
  }

  private void together(List<AppendCall> calls) {
    meters.grouped(calls.size());
    try {
      group.commit(calls).forEach(this::alone);
    } catch (RuntimeException e) {
      if (calls.size() == 1
          || DatabaseOutage.isOfAll(e, () -> DatabaseOutage.isOver(store.jdbc()))) {
        calls.forEach(call -> call.answer(new AppendCall.AppendAnswer.NotAppended(e)));
      } else {
        LOG.debug("{} calls are appended one by one: {}", calls.size(), e.toString());
        calls.forEach(this::alone);
      }
    } catch (Error e) {
      // The thread that commits for all must not end by what one group met.
      LOG.error("{} calls are not answered for", calls.size(), e);
      calls.forEach(
          call -> call.answer(new AppendCall.AppendAnswer.NotAppended(Problem.unavailable())));
    }
  }

  private void alone(AppendCall call) {
    if (!room.tryAcquire()) {
      call.answer(new AppendCall.AppendAnswer.NotAppended(Problem.busy()));
      return;
    }
    try {
      threads.execute(() -> commitAlone(call));
    } catch (RejectedExecutionException e) {
      call.answer(new AppendCall.AppendAnswer.NotAppended(Problem.unavailable())); // closing
    }
  }

  private void commitAlone(AppendCall call) {
    try {
      group.commit(call);
    } catch (RuntimeException e) {
      call.answer(new AppendCall.AppendAnswer.NotAppended(e));
    } finally {
      call.answer(
          new AppendCall.AppendAnswer.NotAppended(Problem.unavailable())); // if nothing else has
      room.release();
    }
  }

  @Override
  public void close() {
    together.close();
    threads.shutdownNow();
  }
}
