package org.openlockbox.postgres.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.params.provider.Arguments;
import org.openlockbox.core.access.Level;
import org.openlockbox.gateway.testing.FakeControlPlane;

/// The gateway, and the same database without one, to say the same to both.
final class BothSides implements AutoCloseable {
  private final Target.Gateway gateway = new Target.Gateway();
  private final Target.PlainRelay relay = Target.PlainRelay.open();

  BothSides() throws IOException {}

  /// What is said on a connection, and what came back, in short.
  @FunctionalInterface
  interface Conversation {
    String on(Talk talk) throws IOException;

    /// All of this at once, and whether the session is still alive then.
    static Conversation of(List<byte[]> said) {
      return talk -> talk.answer(said.toArray(byte[][]::new));
    }
  }

  /// What to say, under a name, for a test that takes both.
  static Arguments said(String what, byte[]... messages) {
    return Arguments.of(what, List.of(messages));
  }

  /// What the gateway answers, which must be what the database answers.
  String answer(Conversation conversation) throws SQLException, IOException {
    String answer = ofGateway(conversation);
    assertThat(answer).isEqualTo(on(relay, conversation));
    return answer;
  }

  String answer(List<byte[]> said) throws SQLException, IOException {
    return answer(Conversation.of(said));
  }

  String ofGateway(Conversation conversation) throws SQLException, IOException {
    return on(gateway, conversation);
  }

  String ofGateway(List<byte[]> said) throws SQLException, IOException {
    return ofGateway(Conversation.of(said));
  }

  private static String on(Target target, Conversation conversation)
      throws SQLException, IOException {
    try (Connection connection = target.connect(Level.READ)) {
      return conversation.on(new Talk(connection));
    }
  }

  /// A session at the gateway.
  Connection connect(Level level) throws SQLException {
    return gateway.connect(level);
  }

  /// What the gateway has put on record.
  FakeControlPlane record() {
    return gateway.fixture().controlPlane;
  }

  @Override
  public void close() throws IOException {
    gateway.close();
    relay.close();
  }
}
