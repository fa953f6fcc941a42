package org.openlockbox.core.bundle;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.openlockbox.core.access.Allowance;
import org.openlockbox.core.access.GrantTerms;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.history.Erasures;
import org.openlockbox.core.history.VerifiedRequest;
import org.openlockbox.core.keyring.AuthorityChange;
import org.openlockbox.core.keyring.GatewayRevocation;
import org.openlockbox.core.keyring.Genesis;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.keyring.TextKind;
import org.openlockbox.core.limits.ExactStatements;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.log.ErasedEvent;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.log.ProvenEntry;
import org.openlockbox.core.log.ProvenLog;
import org.openlockbox.core.log.RecoveryEvent;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.log.StreamPart;
import org.openlockbox.core.log.TicketEvent;
import org.openlockbox.core.operation.FactsJson;
import org.openlockbox.core.session.ClosingRecordBuilder;
import org.openlockbox.core.session.SessionReplay;
import org.openlockbox.core.signing.Signature;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.core.statement.Count;
import org.openlockbox.core.statement.Erasure;
import org.openlockbox.core.statement.OpenedText;

/// Tells each proven entry as one line for people.
public final class StoryWriter {
  private static final int LONGEST_LIST = 10;
  private static final String CHAINED = "in the chain that the gateway signed at the close";
  private static final String UNCHAINED = "the server's word: the session has no signed close";

  private final StoryTexts texts;
  private final List<PendingLine> told = new ArrayList<>();

  /// A line, told when all is known: what proves a statement depends on how its session ended.
  private sealed interface PendingLine {
    Story.StoryLine line(SessionReplay sessions);

    record ReadyLine(Story.StoryLine line) implements PendingLine {
      @Override
      public Story.StoryLine line(SessionReplay sessions) {
        return line;
      }
    }

    record SessionLine(ProvenEntry proven, SessionId session, String what) implements PendingLine {
      @Override
      public Story.StoryLine line(SessionReplay sessions) {
        var by = sessions.isClosed(session) ? CHAINED : UNCHAINED;
        return StoryWriter.line(proven, "session " + session, what, by);
      }
    }
  }

  StoryWriter(Map<Commitment, OpenedText> texts, Erasures erasures) {
    this.texts = new StoryTexts(texts, erasures);
  }

  /// The commitments that any entry made.
  Set<Commitment> mentioned() {
    return texts.mentioned();
  }

  /// `closing` has taken the same entries.
  Story story(
      ProvenLog log,
      VerifiedRequest standing,
      boolean pinned,
      SessionReplay sessions,
      ClosingRecordBuilder closing) {
    var state = standing.state();
    return new Story(
        state.submission().tenant(),
        standing.ref(),
        state.state(),
        log.keyring().pin(),
        pinned,
        log.checkpoint().size(),
        sessions.operations(),
        sessions.unclosed(),
        closing.record().orElseThrow(),
        told.stream().map(line -> line.line(sessions)).toList());
  }

  void keyring(ProvenEntry proven, KeyringEvent event) {
    if (event instanceof KeyringEvent.LogKeysChanged) {
      tell(
          proven,
          "provider",
          rotated(proven.keyring()),
          "signatures by both old log keys and both new ones");
      return;
    }
    var signers =
        event.envelope().signatures().stream()
            .map(Signature::keyId)
            .map(keyId -> keyId.hex().substring(0, 12))
            .collect(Collectors.joining(", "));
    var payload = event.envelope().payloadJson();
    var what =
        switch (event) {
          case KeyringEvent.Founded _ -> {
            var genesis = Genesis.parse(payload);
            yield "founded the log with %d keys; %d of %d approvers must agree"
                .formatted(
                    genesis.keys().size(), genesis.quorum(), proven.keyring().approvers().size());
          }
          case KeyringEvent.KeyAdded _,
              KeyringEvent.KeyRemoved _,
              KeyringEvent.SettingsChanged _,
              KeyringEvent.PolicyChanged _,
              KeyringEvent.AuthorityObjected _ ->
              ofTenant(KeyringChange.parse(payload).change());
          case KeyringEvent.AuthorityChanged _,
              KeyringEvent.GatewayRevoked _,
              KeyringEvent.LogKeysChanged _ ->
              ofProvider(event);
        };
    var who = event.step(proven.seq(), proven.entry().time(), proven.sha256()).isOfTenant();
    tell(proven, who ? "approvers" : "gateway authority", what, "signatures by keys " + signers);
  }

  private static String ofTenant(KeyringChange.Edit change) {
    return switch (change) {
      case KeyringChange.Edit.AddKey(var key) ->
          "added a key of %s (%s)".formatted(key.approver(), StoryText.quoted(key.name()));
      case KeyringChange.Edit.RemoveKey(var keyId) ->
          "removed key %s".formatted(keyId.hex().substring(0, 12));
      case KeyringChange.Edit.ReplaceSettings(var settings) ->
          "set what is demanded: " + settings.words();
      case KeyringChange.Edit.ReplacePolicy(var policy) ->
          StoryText.line("set the policy: " + policy.words());
      case KeyringChange.Edit.ObjectToAuthority(var to) ->
          "objected to the new gateway authority of entry %s: the old one stays"
              .formatted(to.hex().substring(0, 12));
    };
  }

  private static String ofProvider(KeyringEvent event) {
    if (event instanceof KeyringEvent.AuthorityChanged(var envelope)) {
      var change = AuthorityChange.parse(envelope);
      return "named a new gateway authority, %s, that takes effect at %s"
          .formatted(change.authority().keyId().hex().substring(0, 12), change.takesEffect());
    }
    var revoked = GatewayRevocation.parse(event.envelope());
    return "revoked key %s of gateway %s: %s"
        .formatted(
            revoked.key().hex().substring(0, 12),
            revoked.gateway(),
            StoryText.quoted(revoked.reason()));
  }

  /// What an entry says that brought this keyring.
  public static String rotated(Keyring keyring) {
    return "replaced the keys of the log; they sign checkpoints of more than %d entries: %s"
        .formatted(
            keyring.since(),
            keyring.checkpointKeys().newest().keys().stream()
                .map(key -> key.vkey().substring(0, key.vkey().indexOf('+') + 9))
                .collect(Collectors.joining(", ")));
  }

  void ticket(ProvenEntry proven, TicketEvent event) {
    tell(
        proven,
        event.claimed().by().value(),
        "signed for the ticket %s until %s"
            .formatted(StoryText.word(event.claimed().ticket()), event.claimed().notAfter()),
        signature(event.envelope().signatures().getFirst()));
  }

  void recovery(ProvenEntry proven, RecoveryEvent event) {
    tell(proven, "provider", lost(proven.seq(), event), "the provider's own entry in the log");
  }

  /// What an entry with this index admits.
  public static String lost(long seq, RecoveryEvent event) {
    var signed =
        "had been signed with %d entries, root %s, and went on"
            .formatted(event.lostSize(), event.lostRoot().hex());
    return switch (event) {
      case RecoveryEvent.EntriesLost(var _, var _, var reason) ->
          "LOST ENTRIES: the log %s from %d: %s".formatted(signed, seq, StoryText.quoted(reason));
      case RecoveryEvent.EpochsLost(int generation, var _, var _, var reason) ->
          "LOST EPOCHS: the epoch log %s as generation %d: %s"
              .formatted(signed, generation, StoryText.quoted(reason));
    };
  }

  void erased(ProvenEntry proven, ErasedEvent event) {
    switch (event) {
      case ErasedEvent.SignedErasure signed -> {
        var claimed = signed.claimed();
        var which =
            switch (claimed.scope()) {
              case Erasure.ErasureScope.ChosenEntries(var indices) ->
                  "the texts of entries " + shortened(indices);
              case Erasure.ErasureScope.Everything() -> "every text of the log so far";
            };
        tell(
            proven,
            Erasures.who(proven.keyring(), signed),
            "erased %s: %s".formatted(which, StoryText.quoted(claimed.reason())),
            signed.envelope().signatures().stream()
                .map(StoryWriter::signature)
                .collect(Collectors.joining(", ")));
      }
      case ErasedEvent.RetentionOver expired ->
          tell(
              proven,
              "server",
              "erased what had been kept for as long as entry %d lets it: %s"
                  .formatted(
                      expired.settings(),
                      expired.before().entrySet().stream()
                          .map(each -> each.getKey().word() + " before entry " + each.getValue())
                          .collect(Collectors.joining(", "))),
              "the retention periods that the approvers signed, checked again");
    }
  }

  private static String shortened(List<Long> indices) {
    return indices.size() <= LONGEST_LIST
        ? indices.toString()
        : "[%d … %d]".formatted(indices.getFirst(), indices.getLast());
  }

  void request(ProvenEntry proven, RequestEvent event) {
    switch (event) {
      case RequestEvent.Requested requested -> requested(proven, requested);
      case RequestEvent.Reviewed reviewed ->
          tell(
              proven,
              reviewed.reviewer().value(),
              "reviewed for the provider: " + reviewed.verdict().word(),
              "entry in the log");
      case RequestEvent.Automatic automatic -> automatic(proven, automatic);
      case RequestEvent.Decided decided ->
          tell(
              proven,
              decided.claimed().approver().value(),
              decided.claimed().allowance().map(StoryWriter::allowed).orElse("denied")
                  + comment(decided.claimed().comment()),
              signature(decided.envelope().signatures().getFirst()));
      case RequestEvent.Revoked revoked ->
          tell(
              proven,
              revoked.claimed().approver().value(),
              "revoked the grant" + comment(revoked.claimed().comment()),
              signature(revoked.envelope().signatures().getFirst()));
      case RequestEvent.Withdrawn withdrawn ->
          tell(proven, withdrawn.by().value(), "withdrew the request", "entry in the log");
      case RequestEvent.Lapsed _ ->
          tell(proven, "server", "the request lapsed: nobody decided in time", "entry in the log");
      case RequestEvent.Ended ended ->
          tell(
              proven,
              ended.by().value(),
              "the grant ended: " + ended.reason().word() + comment(ended.comment()),
              "entry in the log (ending needs no signature)");
    }
  }

  private void automatic(ProvenEntry proven, RequestEvent.Automatic automatic) {
    tell(
        proven,
        "policy",
        "%s by %s"
            .formatted(
                automatic.grant().map(StoryWriter::granted).orElse("denied"), automatic.words()),
        "the policy that the approvers signed, evaluated again");
  }

  private void requested(ProvenEntry proven, RequestEvent.Requested requested) {
    var submission = requested.submission();
    var terms = submission.terms();
    var who = submission.engineer();
    tell(
        proven,
        who.id().value(),
        "asked for %s on %s (%s) for %s%s; purpose %s; ticket %s; %s; %s; %s%s"
            .formatted(
                terms.level().word(),
                terms.resource(),
                submission.assurance().word(),
                terms.duration(),
                limits(terms.limits()),
                submission.purpose().word(),
                submission.ticket().isEmpty() ? "none" : StoryText.word(submission.ticket()),
                texts.labelled(proven, TextKind.REASON, requested.reason()),
                texts.labelled(proven, TextKind.NAME, requested.name()),
                FactsJson.words(who.facts()),
                statements(proven, terms.limits().statements())),
        "entry in the log");
  }

  private String statements(ProvenEntry proven, ExactStatements exact) {
    return exact.commitments().stream()
        .map(
            hash -> "; to send only: " + texts.of(proven, TextKind.OPERATION, new Commitment(hash)))
        .collect(Collectors.joining());
  }

  private static String limits(Limits limits) {
    return limits.words().entrySet().stream()
        .map(limit -> ", %s: %s".formatted(limit.getKey().label(), limit.getValue()))
        .collect(Collectors.joining());
  }

  private static String granted(GrantTerms terms) {
    return "approved without asking, %s from %s to %s%s"
        .formatted(
            terms.level().word(),
            terms.window().notBefore(),
            terms.window().notAfter(),
            limits(terms.limits()));
  }

  private static String allowed(Allowance allowance) {
    return "approved %s from %s to %s%s"
        .formatted(
            allowance.level().word(),
            allowance.window().notBefore(),
            allowance.window().notAfter(),
            limits(allowance.limits()));
  }

  void session(ProvenEntry proven, SessionEvent event, SessionReplay sessions, String late) {
    var gateway = proven.entry().gateway().map(stamp -> "gateway " + stamp.id()).orElse("server");
    switch (event) {
      case SessionEvent.Opened opened ->
          tell(
              proven,
              opened.engineer().value(),
              "opened session %s (%s) at level %s from %s"
                  .formatted(
                      opened.of(),
                      opened.protocol().word(),
                      opened.level().word(),
                      StoryText.word(opened.clientAddress())),
              "signature of the engineer and of " + gateway);
      case SessionEvent.Operation operation ->
          chained(proven, operation, texts.operation(proven, operation) + late);
      case StreamPart part -> chained(proven, part, streamed(part) + late);
      case SessionEvent.Outcome outcome -> chained(proven, outcome, result(outcome) + late);
      case SessionEvent.Closed closed ->
          tell(
              proven,
              gateway,
              closing(closed, sessions),
              "signature of " + gateway + " over totals and chain");
      case SessionEvent.Lost lost ->
          tell(
              proven,
              gateway,
              "session %s never closed: %s".formatted(lost.of(), StoryText.quoted(lost.reason())),
              "entry in the log; no gateway vouches for the operations of this session");
      case SessionEvent.RemovalFailed failed ->
          tell(
              proven,
              gateway,
              "could not remove what session %s left: %s"
                  .formatted(failed.of(), StoryText.quoted(failed.why())),
              "entry in the log");
    }
  }

  private static String streamed(StreamPart part) {
    return "part %d %s of operation %d: %s"
        .formatted(part.part(), part.direction().word(), part.n(), Count.of(part.bytes(), "byte"));
  }

  private static String result(SessionEvent.Outcome outcome) {
    return "result of "
        + outcome.n()
        + ": "
        + Count.of(outcome.units(), outcome.status().protocol().unit())
        + ", "
        + Count.of(outcome.bytes(), "byte")
        + (outcome.changed() > 0 ? ", %d changed".formatted(outcome.changed()) : "")
        + (outcome.status().isFailure() ? ", " + outcome.status().spoken() : "");
  }

  private static String closing(SessionEvent.Closed closed, SessionReplay sessions) {
    return "closed session %s (%s): %s, %s, %s%s%s"
        .formatted(
            closed.of(),
            StoryText.word(closed.reason()),
            Count.of(closed.operations(), "operation"),
            Count.of(closed.units(), sessions.unit(closed.of())),
            Count.of(closed.bytes(), "byte"),
            sessions.unknownOutcomes(closed.of()),
            closed.released() ? "" : "; WHAT IT WAS GIVEN STILL STANDS");
  }

  private void tell(ProvenEntry proven, String who, String what, String by) {
    told.add(new PendingLine.ReadyLine(line(proven, who, what, by)));
  }

  private void chained(ProvenEntry proven, SessionEvent event, String what) {
    told.add(new PendingLine.SessionLine(proven, event.of(), what));
  }

  private static Story.StoryLine line(ProvenEntry proven, String who, String what, String by) {
    return new Story.StoryLine(
        proven.entry().time(), who, what, "entry " + proven.seq() + ", " + by);
  }

  private static String signature(Signature signature) {
    return "%s signature by key %s"
        .formatted(signature.scheme().word(), signature.keyId().hex().substring(0, 12));
  }

  private static String comment(String comment) {
    return comment.isEmpty() ? "" : ": " + StoryText.quoted(comment);
  }
}
