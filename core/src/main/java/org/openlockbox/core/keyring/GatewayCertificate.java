package org.openlockbox.core.keyring;

import java.time.Duration;
import java.util.List;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.access.Window;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.VerifyingKey;
import org.openlockbox.core.tenant.LogHost;

/// What the gateway authority signs about one gateway: its key, at which log host and for which
/// resources it may open sessions, and from when to when. A gateway shows it in each `session-open`
/// (docs/spec/log-entry.md, "Gateways").
public record GatewayCertificate(
    GatewayId gateway,
    VerifyingKey key,
    LogHost logHost,
    List<ResourceId> resources,
    Window validity) {
  public static final String PAYLOAD_TYPE = "application/vnd.lockbox.gateway-certificate.v1+json";

  /// The longest that a certificate can be valid: a year, and time to renew it.
  public static final Duration LONGEST = Duration.ofDays(400);

  private static final String WHAT = "gateway certificate";
  private static final int MOST_RESOURCES = 100;

  public GatewayCertificate {
    resources = List.copyOf(resources);
    GatewayTrust.requireDirect(key, WHAT);
    var sorted = resources.stream().map(ResourceId::value).sorted().distinct().toList();
    if (resources.isEmpty()
        || resources.size() > MOST_RESOURCES
        || !sorted.equals(resources.stream().map(ResourceId::value).toList())) {
      throw new MalformedJson(WHAT + ": 'resources' are 1 to 100, sorted, none twice");
    }
    if (validity.length().compareTo(LONGEST) > 0) {
      throw new MalformedJson(WHAT + ": valid for at most 400 days");
    }
  }

  /// Reads the certificate in this envelope; who signed it is not looked at. Throws [MalformedJson]
  /// if there is none.
  public static GatewayCertificate parse(Envelope envelope) {
    envelope.require(PAYLOAD_TYPE, "a gateway certificate");
    var fields = Fields.of(envelope.payloadJson(), WHAT).version(1);
    var certificate =
        fields.whole(
            () ->
                new GatewayCertificate(
                    fields.value("gateway", GatewayId::new),
                    VerifyingKey.parse(fields.object("key")),
                    fields.value("logHost", LogHost::new),
                    fields.values("resources", ResourceId::new),
                    new Window(fields.instant("notBefore"), fields.instant("notAfter"))));
    fields.done();
    return certificate;
  }

  public Json.Object toJson() {
    return Json.object()
        .put("v", 1)
        .put("gateway", gateway.value())
        .put("key", key.toJson())
        .put("logHost", logHost.value())
        .putTexts("resources", resources.stream().map(ResourceId::value).toList())
        .put("notBefore", validity.notBefore())
        .put("notAfter", validity.notAfter())
        .build();
  }

  /// The certificate to sign: `unsigned().signedBy(authority)`.
  public Envelope unsigned() {
    return Envelope.unsigned(PAYLOAD_TYPE, toJson());
  }
}
