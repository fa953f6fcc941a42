package org.openlockbox.core.statement;

import java.util.List;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.JsonObjectBuilder;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.operation.Protocol;
import org.openlockbox.core.signing.KeyId;
import org.openlockbox.tlog.tree.Hash;

/// With what the gateway knows who connects: what the engineer signed of it says nothing that would
/// let anybody else in. A connect statement has exactly one, that of the resource's protocol.
public sealed interface Credential {
  /// The protocol whose logins bring it.
  Protocol protocol();

  /// Writes it as a member of a connect statement.
  void put(JsonObjectBuilder statement);

  /// The one that a connect statement has.
  static Credential parse(Fields statement) {
    var there = List.of("scram", "token", "key").stream().filter(statement::has).toList();
    if (there.size() != 1) {
      throw new MalformedJson("exactly one of 'scram', 'token' and 'key' is there: " + there);
    }
    return switch (there.getFirst()) {
      case "scram" -> Scram.parse(statement.object("scram"));
      case "token" -> new Token(statement.hash("token"));
      default -> new OwnKey(statement.value("key", KeyId::parse));
    };
  }

  /// The verifier of RFC 5802 section 3 for SCRAM-SHA-256, of a password that never leaves the
  /// engineer's machine.
  record Scram(int iterations, Bytes salt, Bytes storedKey, Bytes serverKey) implements Credential {
    private static final int FEWEST = 4096;
    private static final int MOST = 1_000_000;

    public Scram {
      if (iterations < FEWEST || iterations > MOST) {
        throw new MalformedJson("scram: 4096 to 1000000 iterations");
      }
      if (salt.size() < 16 || salt.size() > 64) {
        throw new MalformedJson("scram: a salt has 16 to 64 bytes");
      }
      if (storedKey.size() != 32 || serverKey.size() != 32) {
        throw new MalformedJson("scram: a key has 32 bytes");
      }
    }

    private static Scram parse(Fields fields) {
      var scram =
          new Scram(
              fields.count("iterations"),
              fields.bytes("salt"),
              fields.bytes("storedKey"),
              fields.bytes("serverKey"));
      fields.done();
      return scram;
    }

    @Override
    public Protocol protocol() {
      return Protocol.POSTGRESQL;
    }

    @Override
    public void put(JsonObjectBuilder statement) {
      statement.put(
          "scram",
          Json.object()
              .put("iterations", iterations)
              .put("salt", salt)
              .put("storedKey", storedKey)
              .put("serverKey", serverKey)
              .build());
    }
  }

  /// The SHA-256 of 32 random bytes; the bytes themselves never pass the control plane.
  record Token(Hash sha256) implements Credential {
    @Override
    public Protocol protocol() {
      return Protocol.HTTP;
    }

    @Override
    public void put(JsonObjectBuilder statement) {
      statement.put("token", sha256);
    }
  }

  /// The engineer's own key, the one that the request names: the gateway asks for a signature by
  /// it.
  record OwnKey(KeyId key) implements Credential {
    @Override
    public Protocol protocol() {
      return Protocol.SSH;
    }

    @Override
    public void put(JsonObjectBuilder statement) {
      statement.put("key", key.hex());
    }
  }
}
