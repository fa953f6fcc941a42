package org.openlockbox.client.session;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.TextRules;
import org.openlockbox.core.operation.HttpFacts;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.admission.Permit;
import org.openlockbox.gateway.application.ApplicationAction;
import org.openlockbox.gateway.application.ApplicationSpec;
import org.openlockbox.gateway.notice.EndReason;
import org.openlockbox.gateway.recorder.PendingEntry;
import org.openlockbox.gateway.session.SessionRecord;
import org.openlockbox.gateway.session.SessionRecord.RecordedOperation;

/// An engineer's session in the application, by one approved request. It shows nothing by itself:
///
/// ```text
///   session ─▶ [#record]: listed, at this level, of this tenant ─▶ on record, durable, lease fresh
///     ─▶ RecordedAction ─▶ paid for, the gate open ─▶ released ─▶ outcome on record
/// ```
///
/// It ends with the access, within a second of a revocation, and when nobody uses it.
public final class AccessSession implements AutoCloseable {
  private static final String KIND = "action";

  /// An engineer who waits longer has given up.
  private static final Duration RECORDED_WITHIN = Duration.ofSeconds(5);

  private final ApplicationTraffic traffic;
  private final ApplicationSpec spec;

  AccessSession(ApplicationTraffic traffic, ApplicationSpec spec) {
    this.traffic = traffic;
    this.spec = spec;
  }

  private Permit permit() {
    return traffic.parts().permit();
  }

  /// Whose data it opens, and nobody else's.
  public TenantId tenant() {
    return permit().tenant();
  }

  /// What stands for the tenant in the application.
  public String tenantValue() {
    return Optional.ofNullable(spec.tenants().get(tenant())).orElseThrow();
  }

  public SubjectId engineer() {
    return permit().grant().submission().engineer().id();
  }

  public RequestId request() {
    return permit().request();
  }

  public SessionId id() {
    return permit().session();
  }

  /// How much it may show: the application masks at [Level#MASKED].
  public Level level() {
    return permit().level();
  }

  /// When it ends, if nobody ends it before.
  public Instant until() {
    return permit().end().at();
  }

  public boolean isOpen() {
    return traffic.isOpen();
  }

  /// Calls this when the session is over, once; at once if it is. Its thread is one of its own.
  public void whenOver(Runnable told) {
    traffic.whenOver(told);
  }

  /// Records an action. Waits until the record is durable, up to five seconds; an action that the
  /// catalogue does not allow is on record as refused.
  public RecordResult record(ActionCall call) {
    if (!traffic.enter()) {
      return new RecordResult.NotRecorded(traffic.over());
    }
    try {
      if (!traffic.await(traffic.parts().record()::hasRoom, RECORDED_WITHIN)) {
        return notRecorded("no more can be recorded of this access now");
      }
      Optional<ActionFault> fault = fault(call);
      return fault.isPresent() ? refused(call, fault.get()) : recorded(call);
    } finally {
      traffic.leave();
    }
  }

  /// Records an action that the application itself refuses before it looks at any data, if there is
  /// room for that now. It never gets a proof.
  ///
  /// @param why in one word of lower-case letters
  public void recordRefusal(ApplicationAction action, String text, String why) {
    if (!traffic.enter()) {
      return;
    }
    try {
      if (traffic.await(traffic.parts().record()::hasRoom, RECORDED_WITHIN)) {
        outcome(write(new ActionCall(action, tenant(), text), Optional.of(why)), "403");
      }
    } finally {
      traffic.leave();
    }
  }

  /// Why an action is not allowed.
  ///
  /// @param word for the record
  private record ActionFault(String word, String message, String hint) {}

  private Optional<ActionFault> fault(ActionCall call) {
    if (!call.tenant().equals(tenant())) {
      return Optional.of(
          new ActionFault(
              "tenant",
              "this access is for another customer's data",
              "Connect with what `lockbox connect` prints for a request to this customer."));
    }
    if (call.text().length() > ActionCall.LONGEST) {
      return misspelt("length", "has more than %d characters".formatted(ActionCall.LONGEST));
    }
    if (call.input().size() > ActionCall.MOST_INPUT) {
      return misspelt("length", "comes with more than %d bytes".formatted(ActionCall.MOST_INPUT));
    }
    if (!TextRules.allowsLine(call.text())) {
      return misspelt("characters", "has characters that nobody can see");
    }
    return spec.levelOf(call.action())
        .map(this::tooHigh)
        .orElseGet(
            () ->
                Optional.of(
                    new ActionFault(
                        "action",
                        "the catalogue does not list " + call.action(),
                        "Ask your platform team to add it to the resource.")));
  }

  private static Optional<ActionFault> misspelt(String word, String how) {
    return Optional.of(
        new ActionFault(word, "the text of the action " + how, "Ask for less at once."));
  }

  private Optional<ActionFault> tooHigh(Level needed) {
    return Optional.of(needed)
        .filter(level -> level.isWiderThan(level()))
        .map(
            level ->
                new ActionFault(
                    "level",
                    "this needs the level %s, and the access has %s"
                        .formatted(level.word(), level().word()),
                    "Ask with a new request at the level that you need."));
  }

  private RecordResult refused(ActionCall call, ActionFault fault) {
    outcome(write(call, Optional.of(fault.word())), "403");
    return new RecordResult.NotRecorded(
        new AccessRefusal(
            AccessRefusal.RefusalKind.FORBIDDEN, fault.word(), fault.message(), fault.hint()));
  }

  private RecordResult recorded(ActionCall call) {
    RecordedOperation operation = write(call, Optional.empty());
    PendingEntry entry = traffic.parts().record().newest();
    var way = traffic.parts().gate().in();
    RecordedAction made = new RecordedAction(traffic, operation);
    if (traffic.await(() -> way.isOpenFor(entry), RECORDED_WITHIN) && traffic.begin(made)) {
      if (made.mayGoOn()) { // also after a pause just now
        return made;
      }
      made.cutOff();
    } else {
      outcome(operation, "503");
    }
    return traffic.isOpen()
        ? notRecorded("the action could not be recorded in time")
        : new RecordResult.NotRecorded(traffic.over());
  }

  private static RecordResult notRecorded(String why) {
    return new RecordResult.NotRecorded(AccessRefusal.unavailable(why));
  }

  private RecordedOperation write(ActionCall call, Optional<String> refused) {
    boolean listed = spec.levelOf(call.action()).isPresent();
    Optional<String> route = Optional.of(call.action().value()).filter(_ -> listed);
    return traffic
        .parts()
        .record()
        .operation(
            KIND,
            Bytes.ofUtf8(shown(call.text())),
            call.input().size() > ActionCall.MOST_INPUT ? Bytes.empty() : call.input(),
            new HttpFacts(HttpFacts.OTHER, route),
            refused);
  }

  /// What is refused may be of any length and have any characters.
  private static String shown(String text) {
    String some = text.length() > ActionCall.LONGEST ? text.substring(0, ActionCall.LONGEST) : text;
    return TextRules.allowsLine(some) ? some : TextRules.shown(some);
  }

  private void outcome(RecordedOperation operation, String status) {
    traffic
        .parts()
        .record()
        .cutOff(
            operation.number(),
            new SessionRecord.OperationResult(status, 0, 0, 0, Optional.empty()));
  }

  /// Ends it for everybody who uses its token. The token opens another one while its login lasts.
  @Override
  public void close() {
    traffic.parts().end().end(EndReason.CLIENT_LEFT, EndReason.CLIENT_LEFT.words());
  }
}
