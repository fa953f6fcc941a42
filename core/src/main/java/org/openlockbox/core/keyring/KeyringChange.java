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
import org.openlockbox.tlog.tree.Hash;

/// What a quorum of approvers signs to change their keyring by one key, or their settings or their
/// policy as a whole, or to object to another gateway authority; the quorum may change with it.
/// `prev` is the SHA-256 of the keyring entry before this one, so no change can be left out, moved
/// or played again.
public record KeyringChange(TenantId tenant, LogOrigin origin, Hash prev, int quorum, Edit change) {
  public static final String PAYLOAD_TYPE = "application/vnd.lockbox.keyring.v1+json";

  private static final String WHAT = "keyring payload";
  private static final List<String> CHANGES =
      List.of("add", "remove", "settings", "policy", "objectTo");

  /// One key more, one key less, other settings, another policy, or an objection to the
  /// `gateway-authority` entry with this SHA-256.
  public sealed interface Edit {
    record AddKey(ApproverKey key) implements Edit {}

    record RemoveKey(KeyId key) implements Edit {}

    record ReplaceSettings(Settings settings) implements Edit {}

    record ReplacePolicy(Policy policy) implements Edit {}

    record ObjectToAuthority(Hash to) implements Edit {}

    /// Whether nobody gets any access by it, whatever else it says.
    default boolean takesAccessAway() {
      return switch (this) {
        case RemoveKey _, ObjectToAuthority _ -> true;
        case ReplaceSettings(var settings) -> settings.access() == ProviderAccess.OFF;
        case AddKey _, ReplacePolicy _ -> false;
      };
    }
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

  private static Edit change(Fields fields) {
    var which = CHANGES.stream().filter(fields::has).toList();
    if (which.size() != 1) {
      throw new MalformedJson(WHAT + ": one of " + CHANGES);
    }
    return switch (which.getFirst()) {
      case "add" -> new Edit.AddKey(ApproverKey.parse(fields.object("add")));
      case "remove" -> new Edit.RemoveKey(fields.value("remove", KeyId::parse));
      case "settings" -> new Edit.ReplaceSettings(Settings.parse(fields.object("settings")));
      case "policy" -> new Edit.ReplacePolicy(Policy.parse(fields.object("policy")));
      default -> new Edit.ObjectToAuthority(fields.hash("objectTo"));
    };
  }

  /// The key that signs as well, because it is new.
  List<ApproverKey> added() {
    return change instanceof Edit.AddKey(var added) ? List.of(added) : List.of();
  }

  /// The keys after this change of these.
  List<ApproverKey> after(List<ApproverKey> keys) {
    return switch (change) {
      case Edit.AddKey(var added) -> Stream.concat(keys.stream(), Stream.of(added)).toList();
      case Edit.RemoveKey(var keyId) ->
          keys.stream().filter(key -> !key.key().keyId().equals(keyId)).toList();
      case Edit.ReplaceSettings _, Edit.ReplacePolicy _, Edit.ObjectToAuthority _ -> keys;
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
      case Edit.AddKey(var key) -> json.put("add", key.toJson());
      case Edit.RemoveKey(var keyId) -> json.put("remove", keyId.hex());
      case Edit.ReplaceSettings(var settings) -> json.put("settings", settings.toJson());
      case Edit.ReplacePolicy(var policy) -> json.put("policy", policy.toJson());
      case Edit.ObjectToAuthority(var to) -> json.put("objectTo", to);
    }
    return json.build();
  }
}
