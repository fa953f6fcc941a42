package org.openlockbox.core.bundle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.keyring.Genesis;
import org.openlockbox.core.keyring.LogKeysChange;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.log.Lines;
import org.openlockbox.core.log.LogEntry;
import org.openlockbox.core.log.LoggedEntry;
import org.openlockbox.core.log.Unproven;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.core.statement.OpenedText;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.tlog.Checkpoint;
import org.openlockbox.tlog.LogVerifier;
import org.openlockbox.tlog.SignedNote;
import org.openlockbox.tlog.tree.Hash;
import org.openlockbox.tlog.tree.InclusionProof;
import org.openlockbox.tlog.tree.JointProof;

/// All the evidence about one request in one zip file (docs/spec/bundle.md): the keyring's entries,
/// the request's, its sessions', one proof of them all, the checkpoint it leads to, and the texts
/// that are disclosed. The same parts always make the same bytes. Holding one proves nothing;
/// [BundleCheck] does.
public record Bundle(
    RequestId request,
    List<Bytes> entries,
    List<Hash> proof,
    String checkpoint,
    Map<Commitment, OpenedText> texts) {
  /// How many entries one file holds, so that a damaged file tells where the damage is.
  static final int ENTRIES_A_FILE = 256;

  static final String MANIFEST = "MANIFEST.json";
  static final String README = "README.txt";
  static final String CHECKPOINT = "checkpoint.txt";
  static final String LOG_KEYS = "log.vkeys";
  static final String PROOF = "proof.txt";
  static final String TEXTS = "texts.jsonl";

  /// How the bytes of such an entry end, so that no other has to be read for it.
  private static final Bytes LOG_KEYS_ENTRY = Bytes.ofUtf8("\"type\":\"log-keys\",\"v\":1}");

  /// Programs that check a bundle without ours; always the same bytes.
  static final Map<String, Bytes> HELPERS =
      Map.of("verify.html", resource("verify.html"), "verify.sh", resource("verify.sh"));

  /// What a bundle has besides its evidence.
  static final List<String> NO_EVIDENCE = List.of(README, "verify.html", "verify.sh");

  public Bundle {
    entries = List.copyOf(entries);
    proof = List.copyOf(proof);
    texts = Map.copyOf(texts);
  }

  /// A bundle of entries that each have a proof of their own to this checkpoint, in log order.
  public static Bundle of(
      RequestId request,
      List<LoggedEntry> logged,
      String checkpoint,
      Map<Commitment, OpenedText> texts) {
    long size = Checkpoint.parse(SignedNote.parse(checkpoint).text()).size();
    var proofs =
        logged.stream()
            .map(
                entry ->
                    new InclusionProof(LogEntry.parse(entry.entry()).seq(), size, entry.proof()))
            .toList();
    return new Bundle(
        request,
        logged.stream().map(LoggedEntry::entry).toList(),
        JointProof.of(size, proofs).hashes(),
        checkpoint,
        texts);
  }

  /// Reads a bundle whose evidence is in every byte as [#bytes] writes it; throws [MalformedJson]
  /// for any other. Nothing in it is proven by that.
  public static Bundle parse(Bytes zip) {
    try {
      return BundleReader.read(zip).bundle();
    } catch (Unproven e) {
      throw new MalformedJson(e.where() + ": " + e.why(), e);
    }
  }

  /// The same evidence with only these of its texts.
  public Bundle disclosing(Disclosure disclosure) {
    var kept = new HashMap<Commitment, OpenedText>();
    for (var entry : entries) {
      disclosure
          .of(LogEntry.parse(entry).body())
          .forEach(commitment -> kept.computeIfAbsent(commitment, key -> texts.get(commitment)));
    }
    return new Bundle(request, entries, proof, checkpoint, kept);
  }

  /// The zip file. `entries` must begin with a well-formed genesis; throws [MalformedJson]
  /// otherwise.
  public Bytes bytes() {
    return StoredZip.write(files());
  }

  SortedMap<String, Bytes> files() {
    return files(Map.of());
  }

  /// The same, with these files of another release instead of ours.
  SortedMap<String, Bytes> files(Map<String, Bytes> others) {
    var genesisEntry = entries.getFirst();
    var genesis = genesis(genesisEntry);
    var files = new TreeMap<String, Bytes>();
    for (int from = 0; from < entries.size(); from += ENTRIES_A_FILE) {
      int to = Math.min(entries.size(), from + ENTRIES_A_FILE);
      files.put(entriesPath(from / ENTRIES_A_FILE), Lines.of(entries.subList(from, to)));
    }
    files.put(PROOF, Lines.of(proof.stream().map(hash -> Bytes.ofUtf8(hash.hex())).toList()));
    files.put(TEXTS, Lines.of(sorted(texts)));
    files.putAll(HELPERS);
    files.put(README, Bytes.ofUtf8(readme(genesis.tenant())));
    files.putAll(others);
    files.put(CHECKPOINT, Bytes.ofUtf8(checkpoint));
    files.put(LOG_KEYS, Bytes.ofUtf8(String.join("\n", logKeys(genesis).vkeys()) + "\n"));
    files.put(MANIFEST, manifest(genesis, genesisEntry.sha256(), files));
    return files;
  }

  static Bytes resource(String name) {
    try (var in = Objects.requireNonNull(Bundle.class.getResourceAsStream(name), name)) {
      return Bytes.of(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The name of the file with this number of those that hold the entries.
  static String entriesPath(int number) {
    var digits = Integer.toString(number);
    return "entries/" + "0".repeat(Math.max(0, 6 - digits.length())) + digits + ".jsonl";
  }

  private static List<Bytes> sorted(Map<Commitment, OpenedText> texts) {
    return texts.entrySet().stream()
        .sorted(Map.Entry.comparingByKey(Comparator.comparing(Commitment::hex)))
        .map(text -> text.getValue().bytes())
        .toList();
  }

  private static Genesis genesis(Bytes entry) {
    if (LogEntry.parse(entry).body() instanceof KeyringEvent.Founded founded) {
      return Genesis.parse(founded.envelope().payloadJson());
    }
    throw new MalformedJson("a bundle begins with the genesis entry");
  }

  /// The keys of the checkpoint, which covers every entry: those that the last entry of its kind
  /// names, as it claims.
  private LogVerifier logKeys(Genesis genesis) {
    var keys = genesis.logKeys();
    for (var bytes : entries) {
      if (endsIn(bytes, LOG_KEYS_ENTRY)
          && LogEntry.parse(bytes).body() instanceof KeyringEvent.LogKeysChanged(var envelope)) {
        keys = LogKeysChange.parse(envelope).logKeys();
      }
    }
    return keys;
  }

  private static boolean endsIn(Bytes bytes, Bytes end) {
    return bytes.size() > end.size()
        && bytes.slice(bytes.size() - end.size(), bytes.size()).equals(end);
  }

  private Bytes manifest(Genesis genesis, Hash pin, SortedMap<String, Bytes> files) {
    var hashes = Json.object();
    files.forEach((name, file) -> hashes.put(name, file.sha256()));
    return Bytes.of(
        CanonicalJson.bytes(
            Json.object()
                .put("v", 1)
                .put("tenant", genesis.tenant().value())
                .put("origin", genesis.origin().value())
                .put("request", request.value())
                .put("pin", pin)
                .put("files", hashes.build())
                .build()));
  }

  private String readme(TenantId tenant) {
    return """
        Evidence about access request %s to data of %s.

        It proves, to anyone who has the pin of %s's log and this file alone, who asked, who of
        the tenant signed, what they allowed, which sessions were opened, which statements were
        recorded in them and how they ended.

        It does not prove that nobody reached the data by a way around the gateway, or that a
        session which never closed is shown whole. And a bundle shows what it shows: other sessions
        of this request, a later end of it, or later changes of the keyring could be in the log and
        not in here. Whoever reads the whole log of %s sees all of them.

        Check it offline:   lockbox verify FILE --pin PIN
        The pin is the SHA-256 of the first line of entries/000000.jsonl, without its newline.
        Compare it with the one you kept. MANIFEST.json lists the SHA-256 of each file.

        Without our program:   bash verify.sh PIN      in the unpacked file; openssl, jq, coreutils, ssh-keygen
                               verify.html             opened in a browser, offline
        Both check less than lockbox verify, and say what. Whoever gave you this file could have
        changed them: take them from a release. The formats are described for anyone who would
        rather write a verifier (docs/spec of OpenLockbox).
        """
        .formatted(request, tenant, tenant, tenant);
  }
}
