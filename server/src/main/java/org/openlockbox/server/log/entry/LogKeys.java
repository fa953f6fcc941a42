package org.openlockbox.server.log.entry;

import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.interfaces.EdECPrivateKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.openlockbox.core.keyring.LogKeysChange;
import org.openlockbox.core.keyring.LogKeysHandover;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.tlog.Checkpoint;
import org.openlockbox.tlog.LogSigner;
import org.openlockbox.tlog.LogVerifier;
import org.openlockbox.tlog.MessageSigner;
import org.openlockbox.tlog.NoteSignature;
import org.openlockbox.tlog.NoteSigner;
import org.openlockbox.tlog.NoteVerifier;
import org.openlockbox.tlog.SignedNote;
import org.openlockbox.tlog.SigningKeys;

/// The pairs of keys, Ed25519 and ML-DSA-44, that sign the checkpoints of every log of this server,
/// each under the log's own name: one pair, and while log keys are replaced the next one as well
/// ([LogKeyFiles]). Which pair signs a log is what that log says ([CheckpointPairs]). The private
/// halves never leave this object.
///
/// Ed25519 signs with Bouncy Castle's lightweight API, 15 times as fast as the JDK; ML-DSA-44 with
/// the JDK.
public final class LogKeys {
  /// How long files are not read again after a pair was looked for in vain.
  private static final long PAUSE = 1_000_000_000L;

  private final LogKeyFiles files;
  private volatile List<LogKeyPair> pairs;
  private List<String> state;
  private long readAt = System.nanoTime();

  /// One pair, of which there is one object as long as its file stays.
  public static final class LogKeyPair {
    private final SigningKeys keys;
    private final MessageSigner ed25519;

    private LogKeyPair(SigningKeys keys) {
      this.keys = keys;
      this.ed25519 = keys.ed25519Signer(LogKeys::fast);
    }

    public LogSigner signer(String origin) {
      return keys.logSigner(origin, ed25519);
    }

    LogVerifier verifier(String origin) {
      return keys.logVerifier(origin);
    }

    private boolean is(SigningKeys other) {
      return verifier("x").equals(other.logVerifier("x"));
    }
  }

  private LogKeys(LogKeyFiles files) {
    this.files = files;
    this.state = files.state();
    this.pairs = read(List.of());
  }

  /// Reads the file that `lockbox key new --log` makes, and the next pair beside it if there is
  /// one; refuses one that others may read.
  public static LogKeys read(Path file) {
    return new LogKeys(new LogKeyFiles(file));
  }

  LogKeyFiles files() {
    return files;
  }

  private List<LogKeyPair> read(List<LogKeyPair> before) {
    var found = new ArrayList<LogKeyPair>();
    for (var keys : files.read()) {
      found.add(
          before.stream()
              .filter(pair -> pair.is(keys))
              .findFirst()
              .orElseGet(() -> new LogKeyPair(keys)));
    }
    return List.copyOf(found);
  }

  /// Looks for files that came, went or changed since they were read.
  public synchronized void readAgain() {
    var now = files.state();
    if (!now.equals(state)) {
      pairs = read(pairs);
      state = now;
    }
    readAt = System.nanoTime();
  }

  private synchronized void readAgainAfterPause() {
    if (System.nanoTime() - readAt > PAUSE) {
      readAgain();
    }
  }

  private LogKeyPair newest() {
    return pairs.getLast();
  }

  /// The pair of this log, whose files are looked for if it is not known.
  public Optional<LogKeyPair> pair(LogVerifier wanted) {
    var known = known(wanted);
    if (known.isEmpty()) {
      readAgainAfterPause();
      return known(wanted);
    }
    return known;
  }

  private Optional<LogKeyPair> known(LogVerifier wanted) {
    return pairs.stream().filter(pair -> pair.verifier(wanted.origin()).equals(wanted)).findFirst();
  }

  /// Whether this server can sign as this log.
  public boolean has(LogVerifier log) {
    return pair(log).isPresent();
  }

  /// Signs as the log with this origin, with the newest pair.
  public LogSigner signer(String origin) {
    return newest().signer(origin);
  }

  /// What a log with this origin that is founded now is verified with; its vkeys stand in the
  /// genesis entry.
  public LogVerifier verifier(String origin) {
    return newest().verifier(origin);
  }

  /// Every pair under this name, the oldest first.
  public List<LogVerifier> verifiers(String origin) {
    return pairs.stream().map(pair -> pair.verifier(origin)).toList();
  }

  /// The pair that logs are to be handed over to, once the operator said so.
  public Optional<LogVerifier> next(String origin) {
    return files.isRotating() ? Optional.of(verifier(origin)) : Optional.empty();
  }

  /// A note that every pair signed, the oldest first: whoever knows one of them can check it.
  public SignedNote signedByAll(String origin, String text) {
    return new SignedNote(text, pairs.stream().flatMap(pair -> lines(pair, origin, text)).toList());
  }

  /// The note of a checkpoint, with the lines of all other pairs as well.
  public SignedNote withOthers(String origin, SignedNote note) {
    var all = note;
    for (var pair : pairs) {
      if (Checkpoint.open(note, pair.verifier(origin)).isEmpty()) {
        for (var line : lines(pair, origin, note.text()).toList()) {
          all = all.with(line);
        }
      }
    }
    return all;
  }

  private static Stream<NoteSignature> lines(LogKeyPair pair, String origin, String text) {
    return pair.signer(origin).signers().stream().map(signer -> signer.signature(text));
  }

  /// The Ed25519 keys of every pair under this name.
  public List<NoteVerifier> ed25519Verifiers(String name) {
    return verifiers(name).stream().map(pair -> pair.keys().getFirst()).toList();
  }

  /// Signs with the Ed25519 key of the oldest pair, which every server has.
  public NoteSigner ed25519Signer(String name) {
    return pairs.getFirst().signer(name).signers().getFirst();
  }

  /// The envelope of a rotation, signed by the pair that signs the log now and by the newest one.
  /// Throws [IllegalStateException] if the former is not here.
  public Envelope rotation(LogKeysChange change, LogVerifier now) {
    var old =
        pair(now)
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "the keys that sign %s now are not on this server"
                            .formatted(now.origin())));
    return LogKeysHandover.signed(change, old.keys, newest().keys);
  }

  /// The public half is computed once, from the private half and nothing else: signed with another
  /// one, two signatures would give the private half away.
  private static MessageSigner fast(PrivateKey ed25519) {
    byte[] seed = ((EdECPrivateKey) ed25519).getBytes().orElseThrow();
    byte[] point = new byte[Ed25519.PUBLIC_KEY_SIZE];
    Ed25519.generatePublicKey(seed, 0, point, 0);
    return message -> {
      byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
      Ed25519.sign(seed, 0, point, 0, message, 0, message.length, signature, 0);
      return signature;
    };
  }

  @Override
  public String toString() {
    return "LogKeys[" + pairs.size() + " in " + files + "]";
  }
}
