package org.openlockbox.server.notify.mail;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.notify.message.MailMessage;
import org.openlockbox.server.notify.message.MailMessage.MailField;
import org.openlockbox.server.notify.message.Notice;
import org.openlockbox.server.notify.message.NoticeKind;

/// Tells a tenant that its keyring, its settings or its policy was changed, in the transaction that
/// changes them.
public final class KeyringNotices {
  private KeyringNotices() {}

  /// `publicUrl` is where people reach the server's pages.
  public static Notice of(TenantId tenant, KeyringChange change, URI publicUrl) {
    var what = fact(tenant, change.change());
    var letter =
        new MailMessage(
            "keyring",
            change.prev().hex(),
            "[Lockbox] %s: %s".formatted(what.label(), tenant),
            List.of(what, new MailField.PlainField("Quorum", Integer.toString(change.quorum()))),
            List.of(
                "A quorum of your approvers signed this. Who may decide for you now:",
                "lockbox tenant show " + tenant),
            Optional.of(publicUrl.resolve(page(change.change()))));
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

  private static MailField fact(TenantId tenant, KeyringChange.Edit change) {
    return switch (change) {
      case KeyringChange.Edit.AddKey(var key) ->
          new MailField.QuotedField(
              "Approver key added",
              "%s, %s (%s, %s)"
                  .formatted(
                      key.approver(), key.name(), key.key().scheme().word(), key.key().keyId()));
      case KeyringChange.Edit.RemoveKey(var key) ->
          new MailField.PlainField("Approver key removed", key.toString());
      case KeyringChange.Edit.ReplaceSettings _ ->
          new MailField.PlainField("Settings changed", "lockbox settings show " + tenant);
      case KeyringChange.Edit.ReplacePolicy _ ->
          new MailField.PlainField("Policy changed", "lockbox policy get " + tenant);
      case KeyringChange.Edit.ObjectToAuthority _ ->
          new MailField.PlainField("Objected to another gateway authority", "the old one stays");
    };
  }
}
