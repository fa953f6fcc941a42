package org.openlockbox.core.evidence;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.keyring.Genesis;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.tlog.Hash;

/// All the evidence about one request in one zip file (docs/spec/bundle.md): the keyring's entries,
/// the request's, its sessions', a proof for each, the checkpoint they lead to, and the texts that
/// are disclosed. The same parts always make the same bytes. Holding one proves nothing;
/// [BundleCheck] does.
public record Bundle(
    RequestId request,
    List<LoggedEntry> entries,
    String checkpoint,
    Map<Commitment, OpenedText> texts) {
  private static final String MANIFEST = "MANIFEST.json";
  private static final String README = "README.txt";
  private static final String CHECKPOINT = "checkpoint.txt";
  private static final String LOG_KEYS = "log.vkeys";
  private static final Pattern ENTRY = Pattern.compile("entries/[0-9]{10}\\.json");
  private static final Pattern PROOF = Pattern.compile("proofs/[0-9]{10}\\.proof");
  private static final Pattern TEXT = Pattern.compile("texts/[0-9a-f]{64}\\.json");
  private static final int LARGEST_MANIFEST = 256 << 20;

  public Bundle {
    entries = List.copyOf(entries);
    texts = Map.copyOf(texts);
  }

  /// The zip file. `entries` must begin with a well-formed genesis and be well-formed themselves;
  /// throws [MalformedJson] otherwise.
  public Bytes bytes() {
    return StoredZip.write(files());
  }

  SortedMap<String, Bytes> files() {
    var evidence = new TreeMap<String, Bytes>();
    for (var logged : entries) {
      long seq = LogEntry.parse(logged.entry()).seq();
      evidence.put(entryPath(seq), logged.entry());
      evidence.put(path("proofs", seq, "proof"), ProofFile.write(seq, logged.proof()));
    }
    texts.forEach((commitment, text) -> evidence.put(textPath(commitment), text.bytes()));
    return framed(evidence);
  }

  /// These entries, proofs and texts with the files that describe them.
  private SortedMap<String, Bytes> framed(SortedMap<String, Bytes> evidence) {
    var genesisEntry = entries.getFirst().entry();
    var genesis = genesis(genesisEntry);
    var files = new TreeMap<>(evidence);
    files.put(README, Bytes.ofUtf8(readme(genesis.tenant())));
    files.put(CHECKPOINT, Bytes.ofUtf8(checkpoint));
    files.put(LOG_KEYS, Bytes.ofUtf8(String.join("\n", genesis.logKeys().vkeys()) + "\n"));
    files.put(MANIFEST, manifest(genesis, genesisEntry.sha256(), files));
    return files;
  }

  /// What the files of this bundle, which was read from them, would be if they were written anew.
  SortedMap<String, Bytes> rewritten(SortedMap<String, Bytes> read) {
    var evidence = new TreeMap<String, Bytes>();
    read.forEach(
        (name, file) -> {
          if (ENTRY.matcher(name).matches() || TEXT.matcher(name).matches()) {
            evidence.put(name, file);
          } else if (PROOF.matcher(name).matches() && read.containsKey(entryOf(name))) {
            evidence.put(name, file);
          }
        });
    return framed(evidence);
  }

  private static String entryOf(String proof) {
    return "entries/%s.json"
        .formatted(proof.substring("proofs/".length(), "proofs/".length() + 10));
  }

  /// The name of the file that holds the entry at this index.
  static String entryPath(long seq) {
    return path("entries", seq, "json");
  }

  static String textPath(Commitment commitment) {
    return "texts/%s.json".formatted(commitment.hex());
  }

  private static Genesis genesis(Bytes entry) {
    if (LogEntry.parse(entry).body() instanceof KeyringEvent.Founded founded) {
      return Genesis.parse(founded.envelope().payloadJson());
    }
    throw new MalformedJson("a bundle begins with the genesis entry");
  }

  private static String path(String folder, long seq, String ending) {
    var digits = Long.toString(seq);
    return folder + "/" + "0".repeat(Math.max(0, 10 - digits.length())) + digits + "." + ending;
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
        The pin is the SHA-256 of entries/0000000000.json. Compare it with the one you kept.
        MANIFEST.json lists the SHA-256 of each file. A proof, put between a line
        "c2sp.org/tlog-proof@v1" and an empty line followed by checkpoint.txt, is a C2SP tlog-proof.
        """
        .formatted(request, tenant, tenant, tenant);
  }

  /// Reads the parts back; throws [Unproven] naming the file that is not as it should be.
  static Bundle read(SortedMap<String, Bytes> files) {
    var request = requireManifest(files);
    var entries = new ArrayList<LoggedEntry>();
    var texts = new HashMap<Commitment, OpenedText>();
    for (var file : files.entrySet()) {
      if (ENTRY.matcher(file.getKey()).matches()) {
        var number = file.getKey().substring("entries/".length(), "entries/".length() + 10);
        var proof = "proofs/" + number + ".proof";
        var hashes = ProofFile.read(proof, Long.parseLong(number), required(files, proof));
        entries.add(new LoggedEntry(file.getValue(), hashes));
      } else if (TEXT.matcher(file.getKey()).matches()) {
        var text = text(file.getKey(), file.getValue());
        texts.put(text.commitment(), text);
      }
    }
    if (entries.isEmpty()) {
      throw new Unproven("bundle", "no entries");
    }
    return new Bundle(request, entries, checkpoint(files), texts);
  }

  private static OpenedText text(String path, Bytes file) {
    try {
      var text = OpenedText.parse(file);
      if (!path.equals(textPath(text.commitment())) || !text.bytes().equals(file)) {
        throw new Unproven(path, "the text does not open its commitment");
      }
      return text;
    } catch (MalformedJson e) {
      throw new Unproven(path, String.valueOf(e.getMessage()));
    }
  }

  private static String checkpoint(SortedMap<String, Bytes> files) {
    try {
      return required(files, CHECKPOINT).utf8();
    } catch (MalformedJson e) {
      throw new Unproven(CHECKPOINT, String.valueOf(e.getMessage()));
    }
  }

  private static Bytes required(SortedMap<String, Bytes> files, String name) {
    var file = files.get(name);
    if (file == null) {
      throw new Unproven(name, "missing");
    }
    return file;
  }

  /// Checks each file against the manifest, so that a changed one is named.
  private static RequestId requireManifest(SortedMap<String, Bytes> files) {
    try {
      var json = Json.read(required(files, MANIFEST).toArray(), LARGEST_MANIFEST);
      var fields = Fields.of(json, "manifest").version(1);
      if (!(fields.json("files") instanceof Json.Object listed)) {
        throw new Unproven(MANIFEST, "'files' is an object");
      }
      for (var name : listed.members().keySet()) {
        required(files, name);
      }
      for (var file : files.entrySet()) {
        var hash = listed.members().get(file.getKey());
        if (!file.getKey().equals(MANIFEST)
            && !Objects.equals(hash, Json.text(file.getValue().sha256().hex()))) {
          throw new Unproven(file.getKey(), "not the file that the manifest lists");
        }
      }
      return fields.value("request", RequestId::new);
    } catch (MalformedJson e) {
      throw new Unproven(MANIFEST, String.valueOf(e.getMessage()));
    }
  }
}
