package org.openlockbox.gateway.recorder;

import java.util.List;
import org.openlockbox.gateway.controlplane.ControlPlane;
import org.openlockbox.gateway.controlplane.GatewayEntry;

/// How one call that appends entries went.
sealed interface AppendResult {
  /// They are in the log for good.
  record Durable() implements AppendResult {}

  /// They will never be; of this call nothing was written.
  record Rejected(String why) implements AppendResult {}

  /// The control plane answered that it failed. The log of one tenant may be why.
  record Failed(String why) implements AppendResult {}

  /// No usable answer.
  record Unanswered(String why) implements AppendResult {}

  /// Makes the call. Only [Durable] and [Rejected] say what has become of the entries; after all
  /// else they are sent again as they were.
  static AppendResult of(ControlPlane controlPlane, List<GatewayEntry> entries) {
    try {
      controlPlane.append(entries);
      return new Durable();
    } catch (ControlPlane.AppendRefused e) {
      return new Rejected(String.valueOf(e.getMessage()));
    } catch (ControlPlane.NoReply e) {
      return e.isFault() ? new Failed(e.toString()) : new Unanswered(e.toString());
    } catch (RuntimeException | Error e) {
      return new Unanswered(e.toString());
    }
  }
}
