package org.openlockbox.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.openlockbox.server.epoch.Witnesses;
import org.openlockbox.tlog.Checkpoint;
import org.openlockbox.tlog.LogVerifier;
import org.openlockbox.tlog.NoteSigner;
import org.openlockbox.tlog.NoteVerifier;
import org.openlockbox.tlog.SignedNote;
import org.openlockbox.tlog.SigningKeys;
import org.openlockbox.tlog.witness.Witness;
import org.openlockbox.tlog.witness.WitnessAnswer;
import org.openlockbox.tlog.witness.WitnessStore;

/// A witness on a port of its own, which learns its log's keys after it was started.
public final class TestWitness implements AutoCloseable {
  private final List<NoteSigner> cosigners;
  private final WitnessStore store = new Memory();
  private final HttpServer http;
  private volatile List<LogVerifier> logs = List.of();
  public volatile boolean away;

  public TestWitness(String name) {
    cosigners = SigningKeys.generate(new SecureRandom()).cosigners(name);
    try {
      http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    http.createContext(
        "/add-checkpoint",
        call -> {
          var body = new String(call.getRequestBody().readAllBytes(), UTF_8);
          var witness = new Witness(cosigners, logs, store, () -> Instant.ofEpochSecond(1000));
          WitnessAnswer answer =
              away ? new WitnessAnswer.NotCosigned(500, "away") : witness.add(body);
          var bytes = answer.body().getBytes(UTF_8);
          call.sendResponseHeaders(answer.status(), bytes.length);
          call.getResponseBody().write(bytes);
          call.close();
        });
    http.createContext(
        "/",
        call -> {
          var hash = call.getRequestURI().getPath().split("/", -1)[1];
          var witness = new Witness(cosigners, logs, store, () -> Instant.ofEpochSecond(1000));
          var last = witness.last(hash).map(SignedNote::format).orElse("");
          var bytes = last.getBytes(UTF_8);
          call.sendResponseHeaders(last.isEmpty() ? 404 : 200, bytes.length);
          call.getResponseBody().write(bytes);
          call.close();
        });
    http.start();
  }

  /// Remembers as long as the witness runs.
  private static final class Memory implements WitnessStore {
    private final Map<String, SignedNote> notes = new HashMap<>();

    @Override
    public synchronized Optional<SignedNote> last(String origin) {
      return Optional.ofNullable(notes.get(origin));
    }

    @Override
    public synchronized boolean replace(
        String origin, Optional<SignedNote> expected, SignedNote next) {
      if (!last(origin).equals(expected)) {
        return false;
      }
      notes.put(origin, next);
      return true;
    }
  }

  /// Every pair of keys of a log, the oldest first.
  public void knowsAll(List<LogVerifier> pairs) {
    logs = List.copyOf(pairs);
  }

  public void knows(LogVerifier log) {
    logs = List.of(log);
  }

  /// What it cosigned last of this log.
  public Checkpoint cosigned(String origin) {
    return Checkpoint.parse(store.last(origin).orElseThrow().text());
  }

  public List<NoteVerifier> keys() {
    return cosigners.stream().map(NoteSigner::verifier).toList();
  }

  public Witnesses.WitnessEndpoint address() {
    var url = URI.create("http://127.0.0.1:%d/".formatted(http.getAddress().getPort()));
    return new Witnesses.WitnessEndpoint(url, keys());
  }

  @Override
  public void close() {
    http.stop(0);
  }
}
