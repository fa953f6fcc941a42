package org.openlockbox.server;

import java.time.InstantSource;
import org.openlockbox.server.log.head.SignedHeads;
import org.openlockbox.server.log.head.SignedHeadsFile;
import org.openlockbox.server.log.memory.SharedHeads;
import org.openlockbox.server.log.memory.SharedMemory;
import org.openlockbox.server.log.memory.SigningMemory;
import org.openlockbox.server.tenant.GatewayStatementCopy;
import org.openlockbox.server.tenant.GatewayStatementFile;
import org.openlockbox.server.tenant.SharedStatements;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What a server remembers of what was signed, open at its place.
sealed interface OpenMemory extends AutoCloseable {
  /// Throws [IllegalStateException], in words for the operator, if it cannot be read, if another
  /// server has it for itself, or if it lies in the very PostgreSQL of the control plane.
  static OpenMemory at(SigningMemory place, JdbcClient controlPlane, InstantSource clock) {
    return switch (place) {
      case SigningMemory.Directory own -> new OwnDirectory(own, SignedHeadsFile.open(own.path()));
      case SigningMemory.SharedPlace shared -> shared(shared, controlPlane, clock);
    };
  }

  private static OpenMemory shared(
      SigningMemory.SharedPlace place, JdbcClient controlPlane, InstantSource clock) {
    try {
      return prepared(SharedMemories.open(place, clock), controlPlane);
    } catch (SignedHeads.HeadsNotWritable e) {
      throw new IllegalStateException(
          "%s. There the servers remember what they signed; none starts without it"
              .formatted(e.getMessage()),
          e);
    }
  }

  private static OpenMemory prepared(SharedMemory memory, JdbcClient controlPlane) {
    try {
      memory.prepare(controlPlane);
      return new SharedStore(memory, SharedHeads.of(memory));
    } catch (RuntimeException unusable) {
      memory.close();
      throw unusable;
    }
  }

  SignedHeads heads();

  /// What the gateway authority signed: begun before anything is signed; missing afterwards, it was
  /// lost, and this throws [IllegalStateException].
  GatewayStatementCopy statements();

  /// The same also where it was lost: it begins again.
  GatewayStatementCopy begunStatements();

  @Override
  void close();

  /// In a directory that no other server has.
  record OwnDirectory(SigningMemory.Directory place, SignedHeadsFile heads) implements OpenMemory {
    @Override
    public GatewayStatementCopy statements() {
      return heads.origins().isEmpty()
          ? begunStatements()
          : GatewayStatementFile.open(place.path());
    }

    @Override
    public GatewayStatementCopy begunStatements() {
      return GatewayStatementFile.begin(place.path());
    }

    @Override
    public void close() {
      heads.close();
    }
  }

  /// In one that all servers share.
  record SharedStore(SharedMemory memory, SharedHeads heads) implements OpenMemory {
    @Override
    public GatewayStatementCopy statements() {
      return heads.origins().isEmpty() ? begunStatements() : SharedStatements.open(memory);
    }

    @Override
    public GatewayStatementCopy begunStatements() {
      return SharedStatements.begin(memory);
    }

    @Override
    public void close() {
      memory.close();
    }
  }
}
