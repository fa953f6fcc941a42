package org.openlockbox.core.keyring;

import java.util.ArrayList;
import java.util.Optional;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.KeyId;
import org.openlockbox.core.signing.Scheme;
import org.openlockbox.core.signing.Signature;
import org.openlockbox.core.tenant.LogOrigin;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.tlog.CosignatureVerifier;
import org.openlockbox.tlog.Ed25519Verifier;
import org.openlockbox.tlog.LogVerifier;
import org.openlockbox.tlog.MlDsaVerifier;
import org.openlockbox.tlog.NoteVerifier;
import org.openlockbox.tlog.tree.Hash;

/// What the two keys of a log sign to hand over to the next two (docs/spec/log.md, section 5).
/// `prev` is the SHA-256 of the keyring entry before it, so it can be neither moved nor played
/// again, here or in another log.
public record LogKeysChange(TenantId tenant, LogOrigin origin, Hash prev, LogVerifier logKeys) {
  public static final String PAYLOAD_TYPE = "application/vnd.lockbox.log-keys.v1+json";

  private static final String WHAT = "log-keys payload";

  public LogKeysChange {
    if (!logKeys.isDual() || !logKeys.origin().equals(origin.value())) {
      throw new MalformedJson(
          WHAT + ": a log has an Ed25519 and an ML-DSA-44 key, named like its origin");
    }
  }

  public static LogKeysChange parse(Envelope envelope) {
    envelope.require(PAYLOAD_TYPE, "a log-keys envelope");
    return parse(envelope.payloadJson());
  }

  private static LogKeysChange parse(Json payload) {
    var fields = Fields.of(payload, WHAT).version(1);
    var change =
        new LogKeysChange(
            fields.value("tenant", TenantId::new),
            fields.value("origin", LogOrigin::new),
            fields.hash("prev"),
            Genesis.logKeys(fields.texts("logKeys"), WHAT));
    fields.done();
    return change;
  }

  public Json.Object toJson() {
    return Json.object()
        .put("v", 1)
        .put("tenant", tenant.value())
        .put("origin", origin.value())
        .put("prev", prev)
        .putTexts("logKeys", logKeys.vkeys())
        .build();
  }

  /// What is wrong with the signatures of an envelope that hands over from this pair to the one of
  /// this change; empty if they are exactly the four.
  Optional<String> unsigned(LogVerifier old, Envelope envelope) {
    var signers = new ArrayList<>(old.keys());
    signers.addAll(logKeys.keys());
    if (envelope.signatures().size() != signers.size()) {
      return Optional.of("not signed by exactly the two old log keys and the two new ones");
    }
    for (int i = 0; i < signers.size(); i++) {
      if (!holds(signers.get(i), envelope.pae(), envelope.signatures().get(i))) {
        return Optional.of(
            "not signed by the %s log keys, Ed25519 and ML-DSA-44"
                .formatted(i < old.keys().size() ? "old" : "new"));
      }
    }
    return Optional.empty();
  }

  private static boolean holds(NoteVerifier key, Bytes pae, Signature signature) {
    return id(key).equals(signature.keyId())
        && scheme(key) == signature.scheme()
        && switch (key) {
          case Ed25519Verifier(var _, var point) ->
              point.verifies(pae.toArray(), signature.sig().toArray());
          case MlDsaVerifier(var _, var mlDsa) ->
              mlDsa.verifies(pae.toArray(), signature.sig().toArray());
          case CosignatureVerifier _ -> false;
        };
  }

  private static KeyId id(NoteVerifier key) {
    return Genesis.keyId(key);
  }

  static Scheme scheme(NoteVerifier key) {
    return key instanceof MlDsaVerifier ? Scheme.ML_DSA_44 : Scheme.ED25519;
  }
}
