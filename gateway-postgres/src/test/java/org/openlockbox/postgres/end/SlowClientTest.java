package org.openlockbox.postgres.end;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.gateway.testing.Await;
import org.openlockbox.gateway.testing.end.ByteRecorder;
import org.openlockbox.postgres.GatewayFixture;
import org.openlockbox.postgres.Wire;

/// A gateway that is cut off or was suspended, and clients that have not fetched everything.
class SlowClientTest {
  private static final int SMALL = 4_096;
  private static final int SLOW = 16;
  private static final long QUEUE = 192 * 1_024;
  private static final long BEGUN = 8_192;

  private final GatewayFixture fixture = new GatewayFixture();
  private final ByteRecorder recorder = new ByteRecorder().start();

  @AfterEach
  void close() {
    fixture.controlPlane.leaseDown(false);
    recorder.close();
    fixture.close();
  }

  private ByteRecorder.Track streaming(Connection connection) throws IOException {
    var track = OwnSockets.stream(connection, SLOW);
    recorder.add(track);
    GatewayFixture.await(() -> track.received() > BEGUN);
    return track;
  }

  private Connection small() throws Exception {
    return OwnSockets.connect(fixture.url(), fixture.approved(Level.READ).user(), SMALL);
  }

  @Test
  void aGatewayThatIsCutOffDeliversNothingMoreToASlowClient() throws Exception {
    Connection slow = small();
    try (Connection idle = fixture.connect(fixture.approved(Level.READ))) {
      ByteRecorder.Track track = streaming(slow);
      fixture.controlPlane.leaseDown(true);
      pause(1_000);
      recorder.mark(List.of(track));
      track.hurry();
      GatewayFixture.await(track::isGone);
      assertThat(recorder.since(List.of(track))).containsExactly(0L);
      GatewayFixture.await(() -> fixture.controlPlane.reasons().contains("lease-lapsed"));
      fixture.controlPlane.leaseDown(false);
      assertThat(GatewayFixture.answer(idle, "select 1")).isEqualTo("1");
    }
    assertThat(slow).isNotNull();
  }

  @Test
  void theKernelHoldsLessThanTheBoundForASlowClient() throws Exception {
    Connection slow = small();
    int port = Wire.socket(slow).getLocalPort();
    streaming(slow);
    long most = 0;
    for (int i = 0; i < 30; i++) {
      most = Math.max(most, queue(port));
      pause(10);
    }
    assertThat(most).isBetween(1L, QUEUE);
  }

  /// What the gateway's kernel holds for the client at this port.
  private static long queue(int port) throws IOException {
    String remote = ":" + HexFormat.of().withUpperCase().toHexDigits((short) port);
    return Stream.concat(
            Files.readAllLines(Path.of("/proc/net/tcp")).stream(),
            Files.readAllLines(Path.of("/proc/net/tcp6")).stream())
        .map(line -> line.strip().split(" +", -1))
        .filter(columns -> columns[2].endsWith(remote))
        .mapToLong(columns -> HexFormat.fromHexDigitsToLong(columns[4].substring(0, 8)))
        .max()
        .orElse(0);
  }

  @Test
  void aMachineThatWasSuspendedReleasesNothingBeforeItsLeaseIsRenewed() throws Exception {
    try (Connection connection = fixture.connect(fixture.approved(Level.READ));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      assertThat(GatewayFixture.answer(connection, "select 1")).isEqualTo("1");
      pause(300); // systems acknowledge what they receive with a delay
      fixture.controlPlane.leaseDown(true);
      fixture.suspend(Duration.ofSeconds(8));
      var held = threads.submit(() -> GatewayFixture.answer(connection, "select 2"));
      assertThatThrownBy(() -> held.get(400, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      fixture.controlPlane.leaseDown(false);
      assertThat(held.get(20, TimeUnit.SECONDS)).isEqualTo("2");
    }
  }

  private static void pause(long millis) {
    Await.atLeast(Duration.ofMillis(millis));
  }
}
