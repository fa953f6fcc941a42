package org.openlockbox.core.bundle;

import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.history.Erasures;
import org.openlockbox.core.history.Replay;
import org.openlockbox.core.history.Tickets;
import org.openlockbox.core.log.ErasedEvent;
import org.openlockbox.core.log.Inclusion;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.log.LogEntry;
import org.openlockbox.core.log.ProvenEntry;
import org.openlockbox.core.log.ProvenLog;
import org.openlockbox.core.log.RecoveryEvent;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.log.TicketEvent;
import org.openlockbox.core.log.Unproven;
import org.openlockbox.core.policy.Conditions;
import org.openlockbox.core.session.ClosingRecordBuilder;
import org.openlockbox.core.session.SessionReplay;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.core.statement.OpenedText;
import org.openlockbox.tlog.tree.Hash;

/// What came of checking a bundle offline, from its bytes alone (and the pin that the tenant kept).
public sealed interface BundleCheck {
  /// Every byte of the bundle is as it should be, and everything in it holds.
  record Valid(Story story) implements BundleCheck {}

  /// What does not hold, and where: a file of the bundle, an entry, the checkpoint, the pin.
  record Invalid(String what, String where) implements BundleCheck {}

  /// What is of a version or a release that this one does not know, and where. The bundle is not
  /// verified, and it is not false: a newer release can tell.
  record Newer(String what, String where) implements BundleCheck {}

  /// Why a bundle with other programs in it is not verified, although its evidence holds.
  String STRANGE =
      "of no release that this one knows; do not run it; if nobody changed it, this needs a newer"
          + " release of OpenLockbox";

  /// Reads the zip strictly, checks each file against the manifest, writes the bundle anew and
  /// compares every byte, so that nothing can ride along; then checks the whole evidence as
  /// [History] does, and each session. Without a pin the bundle's own genesis is believed, and the
  /// story says so.
  static BundleCheck verify(byte[] zip, Optional<Hash> pin, Conditions conditions) {
    try {
      var reader = BundleReader.read(Bytes.of(zip));
      var story = check(reader.bundle(), pin, conditions);
      return reader
          .strange()
          .<BundleCheck>map(file -> new Newer(STRANGE, file))
          .orElseGet(() -> new Valid(story));
    } catch (Unproven e) {
      return e.isNewer() ? new Newer(e.why(), e.where()) : new Invalid(e.why(), e.where());
    }
  }

  /// As [#verify(byte[], Optional, Conditions)], where no condition of a rule can be evaluated: a
  /// bundle that depends on one does not hold.
  static BundleCheck verify(byte[] zip, Optional<Hash> pin) {
    return verify(zip, pin, Conditions.NONE);
  }

  private static Story check(Bundle bundle, Optional<Hash> pin, Conditions conditions) {
    var tenant = tenant(bundle.entries().getFirst());
    var log =
        ProvenLog.open(
            pin,
            tenant.origin().tenant(),
            bundle.entries(),
            new Inclusion.Joint(bundle.proof()),
            bundle.checkpoint());
    var erasures = new Erasures();
    log.entries().forEach(erasures::take);
    var followed = new FollowedEntries(bundle, conditions, erasures);
    log.entries().forEach(followed::take);
    requireMentioned(bundle.texts(), followed.teller);
    return followed.story(log, pin.isPresent());
  }

  /// One bundle's entries, followed by everything that looks at them.
  final class FollowedEntries {
    private final Bundle bundle;
    private final Tickets tickets = new Tickets();
    private final Replay replay;
    private final SessionReplay sessions;
    private final StoryWriter teller;
    private final ClosingRecordBuilder closing;

    private FollowedEntries(Bundle bundle, Conditions conditions, Erasures erasures) {
      this.bundle = bundle;
      replay = new Replay(bundle.request(), conditions, tickets);
      sessions = new SessionReplay(bundle.request());
      teller = new StoryWriter(bundle.texts(), erasures);
      closing = new ClosingRecordBuilder(to -> Optional.ofNullable(bundle.texts().get(to)));
    }

    private void take(ProvenEntry proven) {
      switch (proven.entry().body()) {
        case KeyringEvent event -> {
          replay.take(proven);
          teller.keyring(proven, event);
        }
        case TicketEvent event -> {
          tickets.take(proven);
          teller.ticket(proven, event);
        }
        case RecoveryEvent event -> teller.recovery(proven, event);
        case ErasedEvent event -> teller.erased(proven, event);
        case RequestEvent event -> {
          replay.take(proven, event);
          teller.request(proven, event);
        }
        case SessionEvent event -> {
          sessions.take(proven, event, replay.standing());
          teller.session(
              proven, event, sessions, SessionReplay.late(proven, event, replay.standing()));
        }
      }
      closing.take(proven.entry());
    }

    private Story story(ProvenLog log, boolean pinned) {
      var standing =
          replay
              .standing()
              .orElseThrow(() -> new Unproven("request", "no entry of " + bundle.request()));
      return teller.story(log, standing, pinned, sessions, closing);
    }
  }

  private static LogEntry tenant(Bytes genesis) {
    try {
      return LogEntry.parse(genesis);
    } catch (MalformedJson e) {
      throw Unproven.read("entry 0", e);
    }
  }

  private static void requireMentioned(Map<Commitment, OpenedText> texts, StoryWriter teller) {
    var stray = new HashSet<>(texts.keySet());
    stray.removeAll(teller.mentioned());
    if (!stray.isEmpty()) {
      throw new Unproven(
          Bundle.TEXTS, "no entry commits to the text of " + stray.iterator().next());
    }
  }
}
