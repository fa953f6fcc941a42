package org.openlockbox.server.epoch;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.openlockbox.server.http.HttpCaller;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.problem.RepeatedFailures;
import org.openlockbox.server.tls.Trust;
import org.openlockbox.tlog.Checkpoint;
import org.openlockbox.tlog.LogVerifier;
import org.openlockbox.tlog.MalformedNote;
import org.openlockbox.tlog.NoteSignature;
import org.openlockbox.tlog.NoteVerifier;
import org.openlockbox.tlog.SignedNote;
import org.openlockbox.tlog.tile.TileTree;
import org.openlockbox.tlog.tree.CompactRange;
import org.openlockbox.tlog.tree.Hash;
import org.openlockbox.tlog.witness.AddCheckpoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The witnesses that this server asks to cosign its epoch log (C2SP tlog-witness), all at once.
/// Each call has a limit in time, the whole of the answer included, and in bytes. One that is away,
/// slow or wrong is left out of this epoch.
public final class Witnesses implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Witnesses.class);
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /// A checkpoint or cosignature lines of a few keys have a tenth of it.
  private static final int LONGEST_ANSWER = 256 << 10;

  private static final int OK = 200;
  private static final int STALE = 409;

  private final RepeatedFailures lasting = new RepeatedFailures(LOG);
  private final List<WitnessEndpoint> witnesses;
  private final Map<URI, Long> cosigned = new ConcurrentHashMap<>();
  private final HttpCaller http;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /// Where a witness takes checkpoints, and the keys it answers with.
  public record WitnessEndpoint(URI url, List<NoteVerifier> keys) {
    public WitnessEndpoint {
      keys = List.copyOf(keys);
    }
  }

  /// Lines that were verified, and of how many witnesses they are.
  record VerifiedCosignatures(List<NoteSignature> lines, int witnesses) {
    VerifiedCosignatures {
      lines = List.copyOf(lines);
    }
  }

  public Witnesses(List<WitnessEndpoint> witnesses) {
    this.witnesses = List.copyOf(witnesses);
    this.http = HttpCaller.toNamed(Trust.of(Optional.empty()), PATIENCE, LONGEST_ANSWER);
  }

  /// Before this server builds its first epoch: none of the witnesses that answer has cosigned more
  /// of the log than there is, or something else. One that does not answer cannot object.
  void requireNotAhead(List<LogVerifier> log, CompactRange now, LongFunction<Hash> rootAt) {
    for (var witness : witnesses) {
      var cosigned = last(witness, log);
      if (cosigned.filter(last -> last.size() > now.size()).isPresent()
          || cosigned.filter(last -> !rootAt.apply(last.size()).equals(last.root())).isPresent()) {
        var ahead =
            ahead(witness, cosigned.orElseThrow().size(), log.getFirst().origin(), now.size());
        var why = String.valueOf(ahead.getMessage());
        if (lasting.isNews(log.getFirst().origin(), why)) {
          LOG.error(
              "NO EPOCH IS SIGNED: {}. Restore a newer backup; if there is none: lockbox recover, of"
                  + " the tenants' logs that are behind and then of the epoch log",
              why);
        }
        throw ahead;
      }
    }
  }

  private static Problem ahead(WitnessEndpoint witness, long theirs, String origin, long ours) {
    return Problem.rolledBack(
        "%s has cosigned %d entries of another history of %s; there are %d here: the database was rolled back"
            .formatted(witness.url(), theirs, origin, ours));
  }

  /// The largest checkpoint of this log that one of the witnesses which answer has cosigned.
  ///
  /// @param log every pair of keys that it may have been signed with
  Optional<Checkpoint> last(List<LogVerifier> log) {
    return witnesses.stream()
        .flatMap(witness -> last(witness, log).stream())
        .max(Comparator.comparingLong(Checkpoint::size));
  }

  private Optional<Checkpoint> last(WitnessEndpoint witness, List<LogVerifier> log) {
    var path =
        Hash.sha256(log.getFirst().origin().getBytes(StandardCharsets.UTF_8)).hex() + "/checkpoint";
    try {
      var answer = answer(new HttpGet(witness.url().resolve(path)));
      return answer.status() == OK
          ? opened(SignedNote.parse(answer.body()), log)
          : Optional.empty();
    } catch (IOException | MalformedNote e) {
      LOG.warn("witness {} does not say what it cosigned last: {}", witness.url(), e.toString());
      return Optional.empty();
    }
  }

  private static Optional<Checkpoint> opened(SignedNote note, List<LogVerifier> log) {
    return log.stream().flatMap(pair -> Checkpoint.open(note, pair).stream()).findFirst();
  }

  /// What is asked for, and of how large a log, once a witness knows more of it.
  private record CosignRequest(SignedNote note, Checkpoint checkpoint, LongSupplier committed) {}

  /// @param trees makes the log's tree, a new one for each thread
  /// @param committed how large the log is by now: another server may have gone on with it, and had
  ///   more of it cosigned
  VerifiedCosignatures cosign(
      SignedNote note, Checkpoint checkpoint, Supplier<TileTree> trees, LongSupplier committed) {
    var question = new CosignRequest(note, checkpoint, committed);
    var asked =
        witnesses.stream()
            .map(witness -> threads.submit(() -> ask(witness, question, trees.get())))
            .toList();
    var lines = new ArrayList<NoteSignature>();
    int count = 0;
    for (int i = 0; i < asked.size(); i++) {
      var subject = "witness %s of %s".formatted(witnesses.get(i).url(), checkpoint.origin());
      try {
        var given = asked.get(i).get();
        lines.addAll(given);
        count += given.isEmpty() ? 0 : 1;
        lasting.over(subject, "cosigns again");
      } catch (ExecutionException e) {
        lasting.warn(subject, "does not cosign: " + why(e));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    return new VerifiedCosignatures(lines, count);
  }

  private static String why(ExecutionException failed) {
    return switch (failed.getCause()) {
      case IOException said -> String.valueOf(said.getMessage());
      case Problem said -> String.valueOf(said.getMessage());
      case null, default -> String.valueOf(failed.getCause());
    };
  }

  /// The witness's lines; none if it has cosigned a later state of the log already.
  private List<NoteSignature> ask(WitnessEndpoint witness, CosignRequest question, TileTree tree)
      throws IOException {
    var answer = send(witness, cosigned.getOrDefault(witness.url(), 0L), question.note(), tree);
    if (answer.status() == STALE && !isOvertaken(witness, question, size(answer))) {
      answer = send(witness, size(answer), question.note(), tree);
    }
    if (answer.status() == STALE && isOvertaken(witness, question, size(answer))) {
      return List.of();
    }
    if (answer.status() != OK) {
      throw new IOException("status " + answer.status() + ": " + answer.body().strip());
    }
    var lines = verified(witness, question.note().text(), answer.body());
    cosigned.put(witness.url(), question.checkpoint().size());
    return lines;
  }

  /// Whether it has cosigned more than it is asked for. Throws if that is more than there is, which
  /// is read after its answer: what it cosigned had been committed before.
  private static boolean isOvertaken(WitnessEndpoint witness, CosignRequest question, long theirs) {
    if (theirs <= question.checkpoint().size()) {
      return false;
    }
    long ours = question.committed().getAsLong();
    if (theirs > ours) {
      throw ahead(witness, theirs, question.checkpoint().origin(), ours);
    }
    return true;
  }

  private static long size(HttpCaller.Response stale) {
    return Long.parseLong(stale.body().strip());
  }

  private HttpCaller.Response send(
      WitnessEndpoint witness, long old, SignedNote note, TileTree tree) throws IOException {
    var proof = tree.consistency(Math.min(old, tree.size())).hashes();
    var call = new HttpPost(witness.url().resolve("add-checkpoint"));
    call.setEntity(
        new StringEntity(
            new AddCheckpoint(old, proof, note).format(),
            ContentType.TEXT_PLAIN.withCharset(StandardCharsets.UTF_8)));
    return answer(call);
  }

  private HttpCaller.Response answer(HttpUriRequestBase call) throws IOException {
    try {
      return http.send(call);
    } catch (ConnectException e) {
      throw new IOException("it cannot be reached", e);
    }
  }

  /// The lines of this witness's keys that are true; nothing else of its answer is kept.
  private static List<NoteSignature> verified(WitnessEndpoint witness, String text, String body)
      throws IOException {
    try {
      var lines =
          SignedNote.parse(text + "\n" + body).signatures().stream()
              .filter(line -> witness.keys().stream().anyMatch(key -> key.verifies(text, line)))
              .distinct()
              .toList();
      if (lines.isEmpty()) {
        throw new IOException("it answered with no line of a key that is configured for it");
      }
      return lines;
    } catch (MalformedNote e) {
      throw new IOException("it answered with something else than signature lines", e);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    http.close();
  }
}
