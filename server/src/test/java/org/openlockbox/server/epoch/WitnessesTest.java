package org.openlockbox.server.epoch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openlockbox.server.StandardOutput;
import org.openlockbox.tlog.Checkpoint;
import org.openlockbox.tlog.SignedNote;
import org.openlockbox.tlog.SigningKeys;
import org.openlockbox.tlog.tile.TileTree;
import org.openlockbox.tlog.tree.Hash;

/// What a witness that answers badly can do to those who ask it: nothing but be left out.
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WitnessesTest {
  private static final String ORIGIN = "log.example/epochs";

  private final CountDownLatch over = new CountDownLatch(1);
  private final SigningKeys keys = SigningKeys.generate(new SecureRandom());
  private final Checkpoint checkpoint = new Checkpoint(ORIGIN, 1, Hash.sha256(new byte[1]));
  private final SignedNote note = keys.logSigner(ORIGIN).sign(checkpoint.format());
  private HttpServer http;

  @BeforeEach
  void start() throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    http.createContext("/stalled/", this::stall);
    http.createContext("/endless/", WitnessesTest::talkOn);
    http.createContext("/good/", this::cosign);
    http.createContext("/overtaken/", WitnessesTest::knowMore);
    http.start();
  }

  @AfterEach
  void stop() {
    over.countDown();
    http.stop(0);
  }

  private void stall(HttpExchange call) throws IOException {
    call.sendResponseHeaders(200, 100);
    call.getResponseBody().write(new byte[10]);
    call.getResponseBody().flush();
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void talkOn(HttpExchange call) throws IOException {
    call.sendResponseHeaders(200, 0);
    var more = new byte[64 << 10];
    for (int sent = 0; sent < 4 << 20; sent += more.length) {
      call.getResponseBody().write(more);
    }
    call.close();
  }

  private static void knowMore(HttpExchange call) throws IOException {
    var body = "12\n".getBytes(UTF_8);
    call.sendResponseHeaders(409, body.length);
    call.getResponseBody().write(body);
    call.close();
  }

  private void cosign(HttpExchange call) throws IOException {
    var line = keys.cosigners("good.example").getFirst().cosignature(note.text(), 1000);
    var body = (line.line() + "\n").getBytes(UTF_8);
    call.sendResponseHeaders(200, body.length);
    call.getResponseBody().write(body);
    call.close();
  }

  private Witnesses.WitnessEndpoint witness(String path) {
    var url = URI.create("http://127.0.0.1:%d/%s/".formatted(http.getAddress().getPort(), path));
    var cosigner = keys.cosigners("good.example").getFirst();
    return new Witnesses.WitnessEndpoint(url, List.of(cosigner.verifier()));
  }

  @Test
  void oneThatStallsInItsAnswerOrNeverEndsItIsLeftOut() {
    try (var witnesses =
        new Witnesses(List.of(witness("stalled"), witness("endless"), witness("good")))) {
      long begun = System.nanoTime();
      var cosigned = witnesses.cosign(note, checkpoint, WitnessesTest::tree, () -> 1);
      assertThat(cosigned.witnesses()).isEqualTo(1);
      assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun)).isLessThan(20);
    }
  }

  private static TileTree tree() {
    return new TileTree((level, n) -> new byte[Hash.LENGTH], 1);
  }

  /// With two servers over one database the other may have gone on meanwhile.
  @Test
  void oneThatHasCosignedWhatCameLaterSaysNothingOfARollback() {
    try (var witnesses = new Witnesses(List.of(witness("overtaken"), witness("good")))) {
      String said =
          StandardOutput.of(
              () -> {
                var cosigned = witnesses.cosign(note, checkpoint, WitnessesTest::tree, () -> 12);
                assertThat(cosigned.witnesses()).isEqualTo(1);
              });
      assertThat(said).doesNotContain("rolled back");
    }
  }

  @Test
  void oneThatHasCosignedMoreThanThereIsDoes() {
    try (var witnesses = new Witnesses(List.of(witness("overtaken"), witness("good")))) {
      String said =
          StandardOutput.of(
              () -> {
                var cosigned = witnesses.cosign(note, checkpoint, WitnessesTest::tree, () -> 11);
                assertThat(cosigned.witnesses()).isEqualTo(1);
              });
      assertThat(said).contains("12 entries of another history", "there are 11 here");
    }
  }
}
