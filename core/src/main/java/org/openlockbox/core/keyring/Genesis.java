package org.openlockbox.core.keyring;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.signing.KeyId;
import org.openlockbox.core.signing.VerifyingKey;
import org.openlockbox.core.tenant.LogOrigin;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.tlog.CosignatureVerifier;
import org.openlockbox.tlog.Ed25519Verifier;
import org.openlockbox.tlog.LogVerifier;
import org.openlockbox.tlog.MalformedNote;
import org.openlockbox.tlog.MlDsaVerifier;
import org.openlockbox.tlog.NoteVerifier;
import org.openlockbox.tlog.tree.Hash;

/// What the founding approvers of a tenant sign: their keys, how many of them have to agree, the
/// two keys of their log, its slot in every epoch, and the key of the provider's gateway authority.
/// The payload of entry 0 of the tenant's log.
public record Genesis(
    TenantId tenant,
    String name,
    LogOrigin origin,
    LogVerifier logKeys,
    long slot,
    int quorum,
    List<ApproverKey> keys,
    VerifyingKey gatewayAuthority) {
  public static final String PAYLOAD_TYPE = "application/vnd.lockbox.genesis.v1+json";

  private static final String WHAT = "genesis payload";
  private static final int LONGEST_NAME = 100;

  public Genesis {
    keys = List.copyOf(keys);
    require(!name.isBlank() && name.length() <= LONGEST_NAME, "name is 1 to 100 characters");
    require(origin.tenant().equals(tenant), "origin is another tenant's");
    require(logKeys.isDual(), "a log has an Ed25519 and an ML-DSA-44 key");
    require(logKeys.origin().equals(origin.value()), "the log keys are named like the origin");
    require(slot >= 0, "a slot is not negative");
    GatewayTrust.requireDirect(gatewayAuthority, "'gatewayAuthority'");
  }

  public static Genesis parse(Json payload) {
    var fields = Fields.of(payload, WHAT).version(1);
    var genesis =
        new Genesis(
            fields.value("tenant", TenantId::new),
            fields.text("name"),
            fields.value("origin", LogOrigin::new),
            logKeys(fields.texts("logKeys"), WHAT),
            fields.number("slot"),
            fields.count("quorum"),
            fields.objects("keys").stream().map(ApproverKey::parse).toList(),
            VerifyingKey.parse(fields.object("gatewayAuthority")));
    fields.done();
    return genesis;
  }

  public Json.Object toJson() {
    return Json.object()
        .put("v", 1)
        .put("tenant", tenant.value())
        .put("name", name)
        .put("origin", origin.value())
        .putTexts("logKeys", logKeys.vkeys())
        .put("slot", slot)
        .put("quorum", quorum)
        .put("keys", keys.stream().map(ApproverKey::toJson).toList())
        .put("gatewayAuthority", gatewayAuthority.toJson())
        .build();
  }

  /// The provider's keys: of the log and of the gateway authority. None of them may approve
  /// anything.
  Set<KeyId> machines() {
    return Stream.concat(
            logKeys.keys().stream().map(Genesis::keyId), Stream.of(gatewayAuthority.keyId()))
        .collect(Collectors.toSet());
  }

  /// What a key of a log or a witness is called where keys are compared: SHA-256 of its SPKI.
  static KeyId keyId(NoteVerifier key) {
    return new KeyId(Hash.sha256(spki(key)));
  }

  private static byte[] spki(NoteVerifier key) {
    return switch (key) {
      case Ed25519Verifier(var _, var point) -> point.spki();
      case CosignatureVerifier(var _, var point) -> point.spki();
      case MlDsaVerifier(var _, var mlDsa) -> mlDsa.spki();
    };
  }

  static LogVerifier logKeys(List<String> vkeys, String what) {
    try {
      return LogVerifier.parse(vkeys);
    } catch (MalformedNote e) {
      throw new MalformedJson(what + ": 'logKeys' are the vkeys of a log", e);
    }
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new MalformedJson(WHAT + ": " + rule);
    }
  }
}
