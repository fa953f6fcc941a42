package org.openlockbox.core.log;

import java.util.Optional;
import java.util.regex.Pattern;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJsonWriter;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.PrivateSigner;
import org.openlockbox.core.signing.Signature;
import org.openlockbox.core.signing.SignatureCheck;
import org.openlockbox.core.signing.VerifyingKey;
import org.openlockbox.core.tenant.TenantId;

/// A gateway's mark on an entry: who, in which run of its program (`boot`), and a counter that is
/// contiguous for each tenant, gateway and boot. The opening and the closing of a session are
/// signed as well.
public record GatewayStamp(GatewayId id, String boot, long seq, Optional<Bytes> sig) {
  public static final String PAYLOAD_TYPE = "application/vnd.lockbox.gateway.v1+json";

  private static final Pattern BOOT = Pattern.compile("[0-9a-f]{16}");

  public GatewayStamp {
    if (!BOOT.matcher(boot).matches()) {
      throw new MalformedJson("a boot is 16 lower-case hexadecimal digits: " + boot);
    }
    if (seq < 0) {
      throw new MalformedJson("a gateway's counter is 0 or more: " + seq);
    }
  }

  /// The stamp of an entry that is not signed.
  public static GatewayStamp of(GatewayId id, String boot, long seq) {
    return new GatewayStamp(id, boot, seq, Optional.empty());
  }

  public GatewayRun run() {
    return new GatewayRun(id, boot);
  }

  public static GatewayStamp parse(Fields fields) {
    var stamp =
        new GatewayStamp(
            fields.value("id", GatewayId::new),
            fields.text("boot"),
            fields.number("seq"),
            fields.optionalBytes("sig"));
    fields.done();
    return stamp;
  }

  public Json.Object toJson() {
    return json(sig);
  }

  /// The canonical spelling of [#toJson].
  String canonical() {
    var stamp =
        new CanonicalJsonWriter().word("boot", boot).word("id", id.value()).number("seq", seq);
    sig.ifPresent(bytes -> stamp.word("sig", bytes.base64()));
    return stamp.done();
  }

  private Json.Object json(Optional<Bytes> signature) {
    var json = Json.object().put("id", id.value()).put("boot", boot).put("seq", seq);
    signature.ifPresent(bytes -> json.put("sig", bytes));
    return json.build();
  }

  /// The same stamp with the gateway's signature over it, the tenant and the body.
  public GatewayStamp signed(TenantId tenant, EntryBody body, PrivateSigner signer) {
    var signature = signer.sign(statement(tenant, body).pae());
    return new GatewayStamp(id, boot, seq, Optional.of(signature.sig()));
  }

  /// Whether the signature is there and is this key's. Each entry has another one, so none is
  /// remembered.
  public boolean isSignedBy(VerifyingKey key, TenantId tenant, EntryBody body) {
    return sig.map(bytes -> new Signature.OverPae(key.keyId(), key.scheme(), bytes))
        .filter(
            signature ->
                SignatureCheck.fault(key, statement(tenant, body).pae(), signature).isEmpty())
        .isPresent();
  }

  private Envelope statement(TenantId tenant, EntryBody body) {
    return Envelope.unsigned(
        PAYLOAD_TYPE,
        Json.object()
            .put("body", body.toJson())
            .put("gw", json(Optional.empty()))
            .put("tenant", tenant.value())
            .put("type", body.type().word())
            .build());
  }
}
