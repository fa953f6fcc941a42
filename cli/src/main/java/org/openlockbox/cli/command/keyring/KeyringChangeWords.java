package org.openlockbox.cli.command.keyring;

import org.openlockbox.cli.terminal.FieldList;
import org.openlockbox.cli.terminal.Terminal;
import org.openlockbox.core.canonical.TextRules;
import org.openlockbox.core.keyring.ApproverKey;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.policy.Policy;
import org.openlockbox.policy.PolicyText;

/// All that a change of a keyring does, told from the bytes that are to be signed. What is not told
/// here could be signed unseen.
final class KeyringChangeWords {
  private final Terminal terminal;

  KeyringChangeWords(Terminal terminal) {
    this.terminal = terminal;
  }

  /// What changes, and from what.
  void say(Keyring keyring, KeyringChange change) {
    switch (change.change()) {
      case KeyringChange.Edit.AddKey(var key) -> key("adds the key", key);
      case KeyringChange.Edit.RemoveKey(var id) ->
          keyring
              .key(id)
              .ifPresentOrElse(
                  key -> key("removes the key", key), () -> terminal.say("removes the key " + id));
      case KeyringChange.Edit.ReplaceSettings(var settings) -> {
        terminal.say("settings now:");
        SettingsWords.of(keyring.settings()).sayTo(terminal);
        terminal.say(terminal.bold("settings after this change:"));
        SettingsWords.of(settings).sayTo(terminal);
      }
      case KeyringChange.Edit.ReplacePolicy(var policy) -> {
        terminal.say(terminal.bold("policy after this change, instead of all that is in force:"));
        policy(policy);
      }
      case KeyringChange.Edit.ObjectToAuthority(var to) ->
          terminal.say(
              "objects to the gateway authority of entry %s: the old one stays"
                  .formatted(to.hex()));
    }
    terminal.say(
        change.quorum() == keyring.quorum()
            ? "quorum: %d, as before".formatted(change.quorum())
            : "quorum: %d instead of %d".formatted(change.quorum(), keyring.quorum()));
  }

  private void key(String what, ApproverKey key) {
    terminal.say(terminal.bold(what));
    new FieldList()
        .add("name", TextRules.quoted(key.name()))
        .add("of", key.approver().value())
        .add("scheme", key.key().scheme().word())
        .add("keyId", key.key().keyId().hex())
        .sayTo(terminal);
  }

  private void policy(Policy policy) {
    PolicyText.yaml(policy).lines().forEach(line -> terminal.say("  " + Terminal.clean(line)));
  }
}
