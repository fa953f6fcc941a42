package org.openlockbox.core.keyring;

import java.util.List;
import java.util.stream.Stream;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.policy.Policy;
import org.openlockbox.core.signing.KeyId;
import org.openlockbox.core.tenant.LogOrigin;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.tlog.Hash;

/// What a quorum of approvers signs to change their keyring by one key, or their settings or their
/// policy as a whole, or to object to another gateway authority; the quorum may change with it.
/// `prev` is the SHA-256 of the keyring entry before this one, so no change can be left out, moved
/// or played again.
public record KeyringChange(
    TenantId tenant, LogOrigin origin, Hash prev, int quorum, Change change) {
  public static final String PAYLOAD_TYPE = "application/vnd.lockbox.keyring.v1+json";

  private static final String WHAT = "keyring payload";
  private static final List<String> CHANGES =
      List.of("add", "remove", "settings", "policy", "objectTo");

  /// One key more, one key less, other settings, another policy, or an objection to the
  /// `gateway-authority` entry with this SHA-256.
  public sealed interface Change {
    record Add(ApproverKey key) implements Change {}

    record Remove(KeyId key) implements Change {}

    record Set(Settings settings) implements Change {}

    record Rule(Policy policy) implements Change {}

    record Objection(Hash to) implements Change {}
  }

  public static KeyringChange parse(Json payload) {
    var fields = Fields.of(payload, WHAT).version(1);
    var change =
        new KeyringChange(
            fields.value("tenant", TenantId::new),
            fields.value("origin", LogOrigin::new),
            fields.hash("prev"),
            fields.count("quorum"),
            change(fields));
    fields.done();
    return change;
  }

  private static Change change(Fields fields) {
    var which = CHANGES.stream().filter(fields::has).toList();
    if (which.size() != 1) {
      throw new MalformedJson(WHAT + ": one of " + CHANGES);
    }
    return switch (which.getFirst()) {
      case "add" -> new Change.Add(ApproverKey.parse(fields.object("add")));
      case "remove" -> new Change.Remove(fields.value("remove", KeyId::parse));
      case "settings" -> new Change.Set(Settings.parse(fields.object("settings")));
      case "policy" -> new Change.Rule(Policy.parse(fields.object("policy")));
      default -> new Change.Objection(fields.hash("objectTo"));
    };
  }

  /// The key that signs as well, because it is new.
  List<ApproverKey> added() {
    return change instanceof Change.Add(var added) ? List.of(added) : List.of();
  }

  /// The keys after this change of these.
  List<ApproverKey> after(List<ApproverKey> keys) {
    return switch (change) {
      case Change.Add(var added) -> Stream.concat(keys.stream(), Stream.of(added)).toList();
      case Change.Remove(var keyId) ->
          keys.stream().filter(key -> !key.key().keyId().equals(keyId)).toList();
      case Change.Set _, Change.Rule _, Change.Objection _ -> keys;
    };
  }

  public Json.Object toJson() {
    var json =
        Json.object()
            .put("v", 1)
            .put("tenant", tenant.value())
            .put("origin", origin.value())
            .put("prev", prev)
            .put("quorum", quorum);
    switch (change) {
      case Change.Add(var key) -> json.put("add", key.toJson());
      case Change.Remove(var keyId) -> json.put("remove", keyId.hex());
      case Change.Set(var settings) -> json.put("settings", settings.toJson());
      case Change.Rule(var policy) -> json.put("policy", policy.toJson());
      case Change.Objection(var to) -> json.put("objectTo", to);
    }
    return json.build();
  }
}
