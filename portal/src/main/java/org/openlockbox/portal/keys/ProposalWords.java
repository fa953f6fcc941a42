package org.openlockbox.portal.keys;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.keyring.ApproverKey;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.keyring.ProviderAccess;
import org.openlockbox.core.keyring.Settings;
import org.openlockbox.core.policy.Policy;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.portal.edge.PageContext;
import org.openlockbox.portal.wording.FindingLine;
import org.openlockbox.portal.wording.PolicyWords;
import org.openlockbox.portal.wording.SentencePart;
import org.openlockbox.tlog.NoteVerifier;

/// Says what a change of a keyring does, made from the payload that is signed and from the keyring
/// that it names as the one before it.
final class ProposalWords {
  private final PageContext frame;
  private final Keyring before;
  private final KeyringChange change;
  private final Function<Policy, PolicyPreviews.PolicyPreview> looking;

  ProposalWords(PageContext frame, Keyring before, KeyringChange change) {
    this(frame, before, change, policy -> PolicyPreviews.PolicyPreview.of(before, policy));
  }

  /// With what a proposed policy would do from here.
  ProposalWords(
      PageContext frame,
      Keyring before,
      KeyringChange change,
      Function<Policy, PolicyPreviews.PolicyPreview> looking) {
    this.looking = looking;
    this.frame = frame;
    this.before = before;
    this.change = change;
  }

  /// What is changed.
  String title() {
    return frame.say(
        switch (change.change()) {
          case KeyringChange.Edit.AddKey _, KeyringChange.Edit.RemoveKey _ ->
              "proposal.sign.title.keys";
          case KeyringChange.Edit.ReplaceSettings _, KeyringChange.Edit.ObjectToAuthority _ ->
              "proposal.sign.title.settings";
          case KeyringChange.Edit.ReplacePolicy _ -> "proposal.sign.title.policy";
        });
  }

  /// The change in one sentence.
  List<SentencePart> sentence() {
    return switch (change.change()) {
      case KeyringChange.Edit.AddKey(var key) ->
          said("add", key.name(), frame.name(key.approver()));
      case KeyringChange.Edit.RemoveKey(var id) ->
          before
              .key(id)
              .map(key -> said("remove", key.name(), frame.name(key.approver())))
              .orElseGet(() -> said("remove.unknown", id.toString()));
      case KeyringChange.Edit.ReplaceSettings(var wanted) -> settings(wanted);
      case KeyringChange.Edit.ReplacePolicy(var policy) -> policy(policy);
      case KeyringChange.Edit.ObjectToAuthority _ -> said("objection");
    };
  }

  private List<SentencePart> policy(Policy wanted) {
    if (wanted.withAbsences(before.policy().absences()).equals(before.policy())) {
      return said("policy.absences");
    }
    return said(
        "policy",
        wanted
            .mode()
            .map(mode -> frame.say("mode." + mode.word()))
            .orElseGet(() -> frame.say("proposal.policy.rules", wanted.ownRules().size())));
  }

  private List<SentencePart> settings(Settings wanted) {
    return isAccessAlone(wanted)
        ? said("access", access(wanted.access()), access(before.settings().access()))
        : said("settings");
  }

  /// Whether nothing but access is switched.
  private boolean isAccessAlone(Settings wanted) {
    var now = before.settings();
    return wanted.access() != now.access() && wanted.with(now.access()).equals(now);
  }

  private String access(ProviderAccess access) {
    return frame.say("access." + access.word());
  }

  private List<SentencePart> said(String id, String... values) {
    return SentencePart.sentence(frame.words().pattern("proposal.sentence." + id), List.of(values));
  }

  /// What is different afterwards, one line each.
  List<String> lines() {
    var lines = new ArrayList<String>();
    switch (change.change()) {
      case KeyringChange.Edit.AddKey(var key) -> lines.add(kind(key));
      case KeyringChange.Edit.RemoveKey _ -> lines.add(frame.say("proposal.remove.note"));
      case KeyringChange.Edit.ReplaceSettings(var wanted) -> lines.addAll(different(wanted));
      case KeyringChange.Edit.ReplacePolicy(var policy) -> lines.addAll(rules(policy));
      case KeyringChange.Edit.ObjectToAuthority(var to) ->
          lines.add(frame.say("proposal.objection", to.hex()));
    }
    if (change.quorum() != before.quorum()) {
      lines.add(frame.say("proposal.quorum", change.quorum(), before.quorum()));
    }
    return lines;
  }

  private String kind(ApproverKey key) {
    return frame.say("keys.kind", KeyLine.kind(frame, key.key()), key.key().keyId().hex());
  }

  private List<String> different(Settings wanted) {
    var lines = new ArrayList<String>();
    var now = before.settings();
    if (isAccessAlone(wanted)) {
      return List.of(frame.say("access." + wanted.access().word() + ".does"));
    }
    if (wanted.access() != now.access()) {
      lines.add(frame.say("proposal.access", access(wanted.access()), access(now.access())));
      lines.add(frame.say("access." + wanted.access().word() + ".does"));
    }
    if (!wanted.words().equals(now.words())) {
      lines.add(frame.say("proposal.settings", wanted.words(), now.words()));
    }
    lines.addAll(witnesses("proposal.witness.new", wanted, now));
    lines.addAll(witnesses("proposal.witness.gone", now, wanted));
    return lines;
  }

  /// The keys of witnesses in these settings that are not in the others: a witness is its keys, and
  /// other keys under the name of one are another witness.
  private List<String> witnesses(String message, Settings settings, Settings others) {
    var known = keys(others).collect(Collectors.toSet());
    return keys(settings)
        .filter(key -> !known.contains(key))
        .map(key -> frame.say(message, key.name(), Bytes.ofUtf8(key.vkey()).sha256().hex()))
        .toList();
  }

  private static Stream<NoteVerifier> keys(Settings settings) {
    return Stream.of(settings.witness(), settings.ownWitness())
        .flatMap(policy -> policy.keys().stream());
  }

  /// All of it: each rule and everything else, and what is decided otherwise than now, whatever the
  /// rules say of themselves.
  private List<String> rules(Policy policy) {
    var words = new PolicyWords(frame);
    return Stream.of(
            policy.rules().stream().map(words::rule).toList(),
            words.people(policy),
            words.over(before.policy(), policy),
            words.changes(looking.apply(policy).table()))
        .flatMap(List::stream)
        .toList();
  }

  /// What it means for the quorum, if that deserves a warning.
  List<String> warnings() {
    return new QuorumWords(frame, people().toList().size(), change.quorum()).warnings();
  }

  /// What stands out in the policy, where that is what changes.
  List<FindingLine> findings() {
    return change.change() instanceof KeyringChange.Edit.ReplacePolicy(var policy)
        ? new PolicyWords(frame).findings(looking.apply(policy).findings())
        : List.of();
  }

  private Stream<SubjectId> people() {
    var keys =
        switch (change.change()) {
          case KeyringChange.Edit.AddKey(var key) ->
              Stream.concat(before.keys().stream(), Stream.of(key));
          case KeyringChange.Edit.RemoveKey(var id) ->
              before.keys().stream().filter(key -> !key.key().keyId().equals(id));
          case KeyringChange.Edit.ReplaceSettings _,
              KeyringChange.Edit.ReplacePolicy _,
              KeyringChange.Edit.ObjectToAuthority _ ->
              before.keys().stream();
        };
    return keys.map(ApproverKey::approver).distinct();
  }
}
