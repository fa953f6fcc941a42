package org.openlockbox.postgres.relay;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/// A client that sends as much as it can has its turn as everybody has.
class ClientTurnTest {
  private static final byte[] SQL = "select 1\0".getBytes(US_ASCII);
  private static final int FLOOD = 1_000;

  @Test
  void oneTurnTakesABoundedNumberOfMessagesHoweverManyHaveCome() throws PeerGone, IOException {
    var flood = ByteBuffer.allocate(FLOOD * (5 + SQL.length));
    for (int i = 0; i < FLOOD; i++) {
      flood.put((byte) 'Q').putInt(4 + SQL.length).put(SQL);
    }
    assertThat(FuzzedSession.start().recordedInOneTurn(flood.array()))
        .isBetween(1L, (long) ClientPump.MOST_AT_ONCE);
  }
}
