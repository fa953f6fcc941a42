package org.openlockbox.server.notify.mail;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.keyring.AuthorityChange;
import org.openlockbox.core.keyring.GatewayRevocation;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.notify.Notices;
import org.openlockbox.server.notify.message.MailMessage;
import org.openlockbox.server.notify.message.MailMessage.MailField;
import org.openlockbox.server.notify.message.MailText;
import org.openlockbox.server.notify.message.Notice;
import org.openlockbox.server.notify.message.NoticeKind;

/// Tells a tenant what the provider's gateway authority put into its log, in the transaction that
/// writes the entry: every contact of a change of the authority, to which the tenant can object,
/// and those who hear of keys of a gateway's key that was revoked.
public final class GatewayNotices {
  private final Notices notices;
  private final URI publicUrl;

  /// `publicUrl` is where people reach the server's pages.
  public GatewayNotices(Notices notices, URI publicUrl) {
    this.notices = notices;
    this.publicUrl = publicUrl;
  }

  public void tell(TenantId tenant, KeyringEvent event) {
    if (event instanceof KeyringEvent.AuthorityChanged(var envelope)) {
      var notice = changed(tenant, envelope);
      notices.tellAll(tenant, notice);
      notices.toPrograms(tenant, notice);
    } else if (event instanceof KeyringEvent.GatewayRevoked(var envelope)) {
      notices.tell(tenant, revoked(tenant, envelope));
    }
  }

  private String name(TenantId tenant) {
    return notices.names().tenant(tenant);
  }

  private Notice changed(TenantId tenant, Envelope envelope) {
    var change = AuthorityChange.parse(envelope);
    MailText letter =
        words ->
            new MailMessage(
                "gateways",
                envelope.payload().sha256().hex(),
                "[Lockbox] " + words.say("authority.subject", name(tenant)),
                List.of(
                    new MailField.PlainField(
                        words.say("fact.newKey"), change.authority().keyId().toString()),
                    new MailField.MomentField(
                        words.say("fact.takesEffect"), change.takesEffect(), "")),
                List.of(
                    words.say("authority.lead"),
                    words.say("authority.object"),
                    "lockbox gateway object --tenant " + tenant),
                Optional.of(publicUrl.resolve("/keys")));
    var data =
        Json.object()
            .put("tenant", tenant.value())
            .put("key", change.authority().keyId().hex())
            .put("takesEffect", change.takesEffect())
            .build();
    var deadline = Optional.of(change.takesEffect());
    return new Notice(NoticeKind.GATEWAY_AUTHORITY, Optional.empty(), letter, data, true, deadline);
  }

  private Notice revoked(TenantId tenant, Envelope envelope) {
    var revocation = GatewayRevocation.parse(envelope);
    MailText letter =
        words ->
            new MailMessage(
                "gateways",
                envelope.payload().sha256().hex(),
                "[Lockbox] " + words.say("gateway.subject", name(tenant)),
                List.of(
                    new MailField.PlainField(
                        words.say("fact.gateway"), revocation.gateway().value()),
                    new MailField.PlainField(words.say("fact.key"), revocation.key().toString()),
                    new MailField.QuotedField(words.say("fact.given"), revocation.reason())),
                List.of(words.say("gateway.closing")),
                Optional.of(publicUrl.resolve("/audit")));
    var data =
        Json.object()
            .put("tenant", tenant.value())
            .put("gateway", revocation.gateway().value())
            .put("key", revocation.key().hex())
            .build();
    return new Notice(
        NoticeKind.GATEWAY_REVOKED, Optional.empty(), letter, data, false, Optional.empty());
  }
}
