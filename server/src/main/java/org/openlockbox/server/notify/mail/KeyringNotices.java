package org.openlockbox.server.notify.mail;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.keyring.ApproverKey;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.notify.MailNames;
import org.openlockbox.server.notify.message.MailMessage;
import org.openlockbox.server.notify.message.MailMessage.MailField;
import org.openlockbox.server.notify.message.MailText;
import org.openlockbox.server.notify.message.MailWords;
import org.openlockbox.server.notify.message.Notice;
import org.openlockbox.server.notify.message.NoticeKind;

/// Tells a tenant that its keyring, its settings or its policy was changed, in the transaction that
/// changes them.
public final class KeyringNotices {
  private KeyringNotices() {}

  /// `names` are what mails call the tenant and its approvers, `before` the keyring that is
  /// changed; `publicUrl` is where people reach the server's pages.
  public static Notice of(MailNames names, Keyring before, KeyringChange change, URI publicUrl) {
    var tenant = change.tenant();
    MailText letter =
        words -> {
          var what = fact(words, names, before, change);
          return new MailMessage(
              "keyring",
              change.prev().hex(),
              "[Lockbox] %s: %s".formatted(what.label(), names.tenant(tenant)),
              List.of(
                  what,
                  new MailField.PlainField(
                      words.say("fact.quorum"), Integer.toString(change.quorum()))),
              List.of(words.say("keyring.closing"), "lockbox tenant show " + tenant),
              Optional.of(publicUrl.resolve(page(change.change()))));
        };
    var data =
        Json.object()
            .put("tenant", tenant.value())
            .put("prev", change.prev())
            .put("quorum", change.quorum())
            .build();
    return new Notice(
        NoticeKind.KEYRING_CHANGED, Optional.empty(), letter, data, true, Optional.empty());
  }

  private static String page(KeyringChange.Edit change) {
    return switch (change) {
      case KeyringChange.Edit.ReplacePolicy _ -> "/policy";
      case KeyringChange.Edit.AddKey _,
          KeyringChange.Edit.RemoveKey _,
          KeyringChange.Edit.ReplaceSettings _,
          KeyringChange.Edit.ObjectToAuthority _ ->
          "/keys";
    };
  }

  private static MailField fact(
      MailWords words, MailNames names, Keyring before, KeyringChange change) {
    return switch (change.change()) {
      case KeyringChange.Edit.AddKey(var key) ->
          new MailField.QuotedField(
              words.say("keyring.added"), described(names, change.tenant(), key));
      case KeyringChange.Edit.RemoveKey(var id) ->
          new MailField.QuotedField(
              words.say("keyring.removed"),
              before
                  .key(id)
                  .map(key -> described(names, change.tenant(), key))
                  .orElseGet(id::toString));
      case KeyringChange.Edit.ReplaceSettings _ ->
          new MailField.PlainField(
              words.say("keyring.settings"), words.say("keyring.see.settings"));
      case KeyringChange.Edit.ReplacePolicy _ ->
          new MailField.PlainField(words.say("keyring.policy"), words.say("keyring.see.policy"));
      case KeyringChange.Edit.ObjectToAuthority _ ->
          new MailField.PlainField(words.say("keyring.objected"), words.say("keyring.stays"));
    };
  }

  private static String described(MailNames names, TenantId tenant, ApproverKey key) {
    return "%s, %s (%s, %s)"
        .formatted(
            names.colleague(tenant, key.approver()),
            key.name(),
            key.key().scheme().word(),
            key.key().keyId());
  }
}
