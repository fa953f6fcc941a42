package org.openlockbox.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.cli.witness.WitnessFiles;
import org.openlockbox.cli.witness.WitnessServer;
import org.openlockbox.tlog.Checkpoint;
import org.openlockbox.tlog.NoteCheck;
import org.openlockbox.tlog.NoteSigner;
import org.openlockbox.tlog.SignedNote;
import org.openlockbox.tlog.SigningKeys;
import org.openlockbox.tlog.tree.Hash;
import org.openlockbox.tlog.tree.MerkleTree;
import org.openlockbox.tlog.witness.AddCheckpoint;
import org.openlockbox.tlog.witness.Witness;

class WitnessCommandTest {
  private static final Instant NOW = Instant.parse("2026-11-24T09:00:00Z");
  private static final String ORIGIN = "log.example/epochs";

  @TempDir private Path directory;

  private final HttpClient http = HttpClient.newHttpClient();

  private HttpResponse<String> call(int port, String method, String path, String body)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(port, path)))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void aWitnessCosignsOverHttpAndTellsItsSize() throws Exception {
    var log = SigningKeys.generate(new SecureRandom()).logSigner(ORIGIN);
    var cosigners = SigningKeys.generate(new SecureRandom()).cosigners("witness.example");
    var root = MerkleTree.leafHash(new byte[] {1});
    var note = log.sign(new Checkpoint(ORIGIN, 1, root).format());
    var body = new AddCheckpoint(0, List.of(), note).format();
    try (var files = WitnessFiles.open(directory);
        var server =
            WitnessServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new Witness(cosigners, List.of(log.verifier()), files, () -> NOW),
                failure -> {})) {
      var cosigned = call(server.port(), "POST", "/add-checkpoint", body);
      assertThat(cosigned.statusCode()).isEqualTo(200);
      var lines = SignedNote.parse(note.text() + "\n" + cosigned.body());
      assertThat(lines.check(cosigners.stream().map(NoteSigner::verifier).toList()))
          .isInstanceOf(NoteCheck.Valid.class);
      var again = call(server.port(), "POST", "/add-checkpoint", body);
      assertThat(again.statusCode()).isEqualTo(409);
      assertThat(again.body()).isEqualTo("1\n");
      assertThat(again.headers().firstValue("Content-Type")).hasValue("text/x.tlog.size");
      assertThat(call(server.port(), "POST", "/add-checkpoint", "old").statusCode()).isEqualTo(400);
      assertThat(statusAfterAll(server.port(), 1 << 24)).isEqualTo("HTTP/1.1 400 Bad Request");
      var path = "/" + Hash.sha256(ORIGIN.getBytes(StandardCharsets.UTF_8)).hex() + "/checkpoint";
      assertThat(SignedNote.parse(call(server.port(), "GET", path, "").body()).signatures())
          .hasSize(4);
      assertThat(call(server.port(), "GET", "/", "").statusCode()).isEqualTo(404);
    }
  }

  /// What a client hears that listens only after it has sent everything.
  private static String statusAfterAll(int port, int length) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      var head =
          "POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nContent-Length: " + length + "\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().write(new byte[length]);
      var answer = new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII);
      return new BufferedReader(answer).readLine();
    }
  }

  @Test
  void nobodyCosignsOneEpochLogUnderTwoNames() throws IOException {
    var keys = SigningKeys.generate(new SecureRandom());
    var both =
        Files.write(
            directory.resolve("both.vkeys"),
            List.of(ORIGIN, ORIGIN + "/2").stream()
                .flatMap(name -> keys.logSigner(name).verifier().vkeys().stream())
                .toList());
    var result =
        new Shell(directory, () -> NOW)
            .run(
                "witness",
                "--name",
                "w",
                "--dir",
                directory.resolve("w").toString(),
                "--log",
                both.toString());
    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).contains("one epoch log under two names");
  }

  @Test
  void twoPairsOfOneLogStandOneBelowTheOther() throws IOException {
    var old = SigningKeys.generate(new SecureRandom()).logVerifier(ORIGIN).vkeys();
    var next = SigningKeys.generate(new SecureRandom()).logVerifier(ORIGIN).vkeys();
    var mixed =
        Files.write(
            directory.resolve("mixed.vkeys"),
            List.of(old.getFirst(), next.getFirst(), old.getLast(), next.getLast()));
    var dir = directory.resolve("w").toString();
    var result =
        new Shell(directory, () -> NOW)
            .run("witness", "--name", "w", "--dir", dir, "--log", mixed.toString());
    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).contains("not in pairs", "the oldest first");
  }

  @Test
  void whatIsNoListOfKeysOrAddressIsAUsageError() throws IOException {
    var keys = Files.writeString(directory.resolve("log.vkeys"), "no vkey\n");
    var shell = new Shell(directory, () -> NOW);
    var dir = directory.resolve("w").toString();
    String[] words = {"witness", "--name", "w", "--dir", dir, "--log", keys.toString()};
    assertThat(shell.run(words).exit()).isEqualTo(2);
    assertThat(shell.run("witness", "--name", "w", "--dir", dir).exit()).isEqualTo(2);
  }
}
