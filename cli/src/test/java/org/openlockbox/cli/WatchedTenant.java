package org.openlockbox.cli;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.epoch.EpochProof;
import org.openlockbox.core.epoch.EpochStatement;
import org.openlockbox.core.epoch.HeadLeaf;
import org.openlockbox.core.tenant.EpochLog;
import org.openlockbox.core.testing.MemoryLog;
import org.openlockbox.core.testing.SettableClock;
import org.openlockbox.core.testing.TenantFixture;
import org.openlockbox.tlog.Checkpoint;
import org.openlockbox.tlog.LogProof;
import org.openlockbox.tlog.LogSigner;
import org.openlockbox.tlog.NoteSigner;
import org.openlockbox.tlog.tile.EntryBundle;
import org.openlockbox.tlog.tile.TilePath;
import org.openlockbox.tlog.tree.VectorTree;

/// A tenant's log and an epoch log of eight slots, served as a test wants them, true or not, to
/// `lockbox watch`.
final class WatchedTenant {
  private static final Bytes SECRET = Bytes.of(new byte[32]);

  final SettableClock clock = new SettableClock();
  final TenantFixture acme = new TenantFixture("acme", 1, clock);
  private final StubServer server;
  private EpochLog named = acme.log().origin().epochs();
  private MemoryLog epochs = new MemoryLog(acme.log().origin(), acme.epochSigner(), clock);

  WatchedTenant(StubServer server) {
    this.server = server;
  }

  /// Serves this log of acme as it is now; if it is the true one, in the next epoch too.
  void serve(TenantFixture tenant) {
    serveLog(tenant);
    if (tenant == acme) {
      serveEpoch(0, epoch());
    }
  }

  /// Serves the log alone.
  void serveLog(TenantFixture tenant) {
    serveLog(tenant, tenant.log().size());
  }

  /// The beginning of the log, as if there were no more.
  void serveLog(TenantFixture tenant, long size) {
    var checkpoint =
        new Checkpoint(tenant.log().origin().value(), size, tenant.log().tree(size).root());
    String note = tenant.logSigner().sign(checkpoint.format()).format();
    for (long n = 0; n * 256 < size; n++) {
      int width = TilePath.width(TilePath.ENTRIES, n, size);
      List<byte[]> entries = new ArrayList<>();
      for (long seq = n * 256; seq < n * 256 + width; seq++) {
        entries.add(tenant.log().entry(seq).toArray());
      }
      String path = new TilePath(TilePath.ENTRIES, n, width).format();
      server.onBytes("GET /log/acme/" + path, () -> EntryBundle.encode(entries));
    }
    server.onBytes("GET /log/acme/checkpoint", () -> note.getBytes(StandardCharsets.UTF_8));
  }

  /// Answers this to whoever asks for an epoch that so many witnesses cosigned; last, so that what
  /// it is checked with is there.
  void serveEpoch(int witnesses, EpochProof proof) {
    var tile = new ByteArrayOutputStream();
    for (long n = 0; n < epochs.size(); n++) {
      tile.writeBytes(epochs.tree(epochs.size()).leaf(n).bytes());
      byte[] bytes = tile.toByteArray();
      server.onBytes("GET /epochs/tile/0/000.p/" + (n + 1), () -> bytes);
    }
    server.onBytes(path(witnesses), () -> CanonicalJson.bytes(proof.toJson()));
  }

  void serveNoEpoch(int witnesses) {
    server.off(path(witnesses));
  }

  private static String path(int witnesses) {
    return "GET /v1/tenants/acme/epoch?witnesses=" + witnesses;
  }

  /// Forgets all epochs and begins another epoch log.
  void forkEpochs() {
    epochs = new MemoryLog(acme.log().origin(), acme.epochSigner(), clock);
  }

  /// The epoch log goes on as the generation that this names; its first entry says this.
  void goOn(int generation, String opening) {
    forkEpochs();
    named = named.at(generation);
    epochs.appendRaw(Bytes.ofUtf8(opening));
  }

  /// The head that is true now.
  HeadLeaf head() {
    return head(acme.log().size());
  }

  /// The head of the log's beginning.
  HeadLeaf head(long size) {
    long number = epochs.size();
    return new HeadLeaf(
        number,
        TenantFixture.SLOT,
        HeadLeaf.salt(SECRET, number),
        acme.log().origin(),
        size,
        acme.log().tree(size).root());
  }

  /// The next epoch, true and not witnessed.
  EpochProof epoch() {
    return epoch(head());
  }

  EpochProof epoch(HeadLeaf head) {
    return epoch(
        head, UnaryOperator.identity(), acme.epochSigner(named), List.of(), clock.instant());
  }

  /// The next epoch, cosigned by this witness at this time.
  EpochProof epoch(List<NoteSigner> by, Instant at) {
    return epoch(head(), UnaryOperator.identity(), acme.epochSigner(named), by, at);
  }

  /// The next epoch with this head and a statement bent by this, signed so.
  EpochProof epoch(
      HeadLeaf head,
      UnaryOperator<EpochStatement> bend,
      LogSigner signer,
      List<NoteSigner> by,
      Instant at) {
    long number = epochs.size();
    var vector = VectorTree.over(Collections.nCopies(8, head.hash()));
    var statement = bend.apply(new EpochStatement(number, 8, vector.root()));
    epochs.appendRaw(Bytes.of(statement.format().getBytes(StandardCharsets.US_ASCII)));
    var tree = epochs.tree(number + 1);
    var text = new Checkpoint(named.origin(), number + 1, tree.root()).format();
    var note = signer.sign(text);
    for (var cosigner : by) {
      note = note.with(cosigner.cosignature(text, at.getEpochSecond()));
    }
    return new EpochProof(
        head,
        vector.inclusion((int) head.slot()).hashes(),
        statement,
        LogProof.of(tree.inclusion(number), note));
  }

  /// The epoch of an earlier proof, proven under the newest checkpoint.
  EpochProof again(EpochProof old) {
    var tree = epochs.tree(epochs.size());
    var text =
        new Checkpoint(acme.log().origin().epochs().origin(), epochs.size(), tree.root()).format();
    return new EpochProof(
        old.head(),
        old.hashes(),
        old.statement(),
        LogProof.of(tree.inclusion(old.head().epoch()), acme.epochSigner().sign(text)));
  }

  Shell.Result watch(Path home, String... more) {
    List<String> words = new ArrayList<>(List.of("watch", "acme", "--pin", acme.pin().hex()));
    words.addAll(List.of(more));
    return new Shell(home, clock).at(server).run(words.toArray(String[]::new));
  }
}
