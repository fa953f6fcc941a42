package org.openlockbox.gateway.controlplane;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.epoch.WitnessView;
import org.openlockbox.core.limits.Amount;
import org.openlockbox.core.tenant.TenantId;

/// The gateway door of the control plane, as the gateway sees it.
///
/// Every call either answers or throws [NoReply]; after that nobody knows whether it took effect,
/// and every call may be repeated. Nothing that comes back is believed: connect statements and
/// histories are proofs that `core` checks, and a lease can only keep what a proof has opened.
public interface ControlPlane {
  /// Renews the lease and learns what has ended.
  ///
  /// @throws CertificateRefused when this gateway gets no lease any more
  LeaseAnswer lease(List<WatchedLog> watched);

  /// The connect statement that was made for this PostgreSQL user name.
  Optional<ConnectOffer> connect(String user);

  /// The connect statements that engineers have signed for this resource and that are in force, the
  /// newest first: a list to choose from, of which nothing is checked.
  List<ConnectOffer> connects(TenantId tenant, ResourceId resource);

  /// The proof of one request's state; with a consistency proof from `seen` if that is given.
  ///
  /// @throws LogShrunk when the log has fewer entries than that
  HistoryAnswer history(TenantId tenant, RequestId request, OptionalLong seen);

  /// What the witnesses of this tenant's settings have cosigned, with proofs from a log of `size`
  /// entries and an epoch log of `epochs`.
  WitnessView witnessed(TenantId tenant, long size, long epochs);

  /// Claims rows and bytes of a grant's budgets before they are released, or gives some back.
  ///
  /// @param amount what this boot wants to have claimed in all
  /// @return what it has claimed now: less than that when the budgets leave no more
  Amount claim(TenantId tenant, RequestId request, Amount amount);

  /// Has the tenant told that this gateway refused a history. Returns when that is certain.
  void alarm(TenantId tenant, RequestId request, String problem);

  /// Appends entries in order. Durable when it returns; idempotent by each entry's counter.
  ///
  /// @throws AppendRefused when an entry can never be taken
  void append(List<GatewayEntry> entries);

  /// No usable answer: down, too slow, or broken. Repeat.
  final class NoReply extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean fault;

    public NoReply(String message) {
      this(message, false);
    }

    public NoReply(String message, Throwable cause) {
      super(message, cause);
      this.fault = false;
    }

    private NoReply(String message, boolean fault) {
      super(message);
      this.fault = fault;
    }

    /// It answered with this status, and nothing of use.
    static NoReply answered(int status, String message) {
      return new NoReply(message, status == 500);
    }

    /// It answered that it failed.
    public static NoReply failed(String message) {
      return new NoReply(message, true);
    }

    /// Whether it is there and failed: with what is of other tenants it may not.
    public boolean isFault() {
      return fault;
    }

    /// What a person is told who cannot get in because of it.
    public String words() {
      return fault
          ? "access cannot be checked now: the control plane failed, and its log says why"
          : "access cannot be checked now: the control plane does not answer";
    }
  }

  /// The control plane says that a log has fewer entries than were seen of it.
  final class LogShrunk extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LogShrunk(String message) {
      super(message);
    }
  }

  /// The control plane does not know this gateway: its token is wrong, or another gateway's, or a
  /// client certificate is missing. Nothing that is repeated helps.
  final class TokenRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TokenRefused(String message) {
      super(message);
    }
  }

  /// The control plane does not accept this gateway's certificate: its key was revoked, its time is
  /// over, or another authority signed it. Only another certificate helps.
  final class CertificateRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public CertificateRefused(String message) {
      super(message);
    }
  }

  /// The control plane will not take these entries, now or later.
  final class AppendRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final String ROLLED_BACK = "log_rolled_back";

    public AppendRefused(String message) {
      super(message);
    }

    /// What a problem of this HTTP status means for an append: it is refused for good, or nobody
    /// knows. A log that was set back is the fault of that log alone.
    ///
    /// @param said with the problem's code
    public static RuntimeException ofStatus(int status, String said) {
      return switch (status) {
        case 400, 404, 409, 413, 422 ->
            new AppendRefused("the control plane refuses an entry: " + said);
        default ->
            status == 503 && said.contains(ROLLED_BACK)
                ? NoReply.failed("append answered " + said)
                : NoReply.answered(status, "append answered %d: %s".formatted(status, said));
      };
    }
  }
}
