package org.openlockbox.node.service;

import java.util.List;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.log.GatewayStamp;
import org.openlockbox.core.statement.OpenedText;
import org.openlockbox.gateway.controlplane.Appends;
import org.openlockbox.gateway.controlplane.ControlPlane;
import org.openlockbox.gateway.controlplane.GatewayEntry;
import org.openlockbox.gateway.controlplane.GatewayIdentity;
import org.openlockbox.server.LockboxServer;
import org.openlockbox.server.gateway.SubmittedEntry;
import org.openlockbox.server.problem.Outage;
import org.openlockbox.server.problem.Problem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The gateway and the server of one process: an entry goes to the log by a call. The server judges
/// it as one that came over HTTPS.
final class LocalAppends implements Appends {
  private static final Logger LOG = LoggerFactory.getLogger(LocalAppends.class);

  private final LockboxServer server;

  LocalAppends(LockboxServer server) {
    this.server = server;
  }

  @Override
  public void append(GatewayIdentity identity, List<GatewayEntry> entries) {
    try {
      server.append(
          identity.id(), identity.boot(), entries.stream().map(e -> sent(identity, e)).toList());
    } catch (Problem e) {
      throw ControlPlane.AppendRefused.ofStatus(e.status(), e.code() + ": " + e.detail());
    } catch (MalformedJson e) {
      throw new ControlPlane.AppendRefused("the control plane refuses an entry: " + e.getMessage());
    } catch (RuntimeException e) {
      if (Outage.isOne(e)) {
        throw new ControlPlane.NoReply("the database does not answer: " + e.getMessage(), e);
      }
      LOG.error("an append failed", e);
      throw ControlPlane.NoReply.failed("the control plane failed: " + e.getMessage());
    }
  }

  private static SubmittedEntry sent(GatewayIdentity identity, GatewayEntry entry) {
    return new SubmittedEntry(
        entry.tenant(),
        entry.body(),
        new GatewayStamp(identity.id(), identity.boot(), entry.counter(), entry.signature()),
        entry.texts().stream().map(text -> new OpenedText(text.salt(), text.text())).toList());
  }
}
